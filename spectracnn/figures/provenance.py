"""Where exported numbers and pictures come from, so that they can be made again."""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from spectracnn import __version__
from spectracnn.core.attribution_methods import METHODS
from spectracnn.core.card_file import file_sha256
from spectracnn.core.versions import installed
from spectracnn.state.document import current_entry

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.attribution import Attribution
    from spectracnn.state.document import Document, Entry
    from spectracnn.state.selection import Selection

_PACKAGES = ("numpy", "matplotlib", "h5py", "keras", "tensorflow", "tensorflow-cpu")


def provenance(document: Document, selection: Selection) -> dict[str, Any]:
    """Return the origin of what is shown, as plain JSON values.

    Parameters
    ----------
    document : Document
        What is open.
    selection : Selection
        Which spectra are shown, and how.

    Returns
    -------
    dict
        ``software``, ``versions``, ``spectra`` (name, file, key, SHA-256 of the file as it is
        now; ``edits`` where it was edited since), ``current``, ``shown_as``, ``muted`` where
        filters are (layer and channel), ``weights_edited`` where weights are and, where a model is
        open, ``model`` (name, file, SHA-256) and ``preprocessing``. The time is not among it: the
        writers of numbers add it.
    """
    shown = [
        entry
        for entry in document.entries
        if entry.id in selection.overlaid or entry.id == selection.current
    ]
    current = current_entry(document, selection)
    record: dict[str, Any] = {
        "software": f"SpectraCNN {__version__}",
        "versions": versions(),
        "spectra": [_source(entry) for entry in shown],
        "current": current.spectrum.name if current else None,
        "shown_as": selection.spectrum_mode.value,
    }
    model = document.model
    if model is not None:
        file = model.path.replace("\\", "/").rsplit("/", 1)[-1]
        record["model"] = {"name": model.name, "file": file, "sha256": model.sha256}
        record["preprocessing"] = model.card.preprocessing.to_json()
        if document.attribution is not None:
            record["attribution"] = _attribution(document.attribution, model.classes)
        if selection.muted:
            record["muted"] = [
                f"{model.layers[layer].name} {channel}"
                for layer, channel in sorted(selection.muted)
            ]
        if selection.weight_edits:
            record["weights_edited"] = [
                f"{model.layers[edit.layer].name} {edit.weight}: {edit.caption}".rstrip(": ")
                for edit in selection.weight_edits
            ]
    return record


def _attribution(attribution: Attribution, classes: tuple[str, ...]) -> dict[str, Any]:
    layer, read = attribution.layer, METHODS[attribution.method].options
    return {
        "method": attribution.method.value,
        "options": {name: getattr(attribution.options, name) for name in read},
        "class": classes[attribution.target],
        "completeness_error": attribution.completeness_error,
        **({} if layer is None else {"layer": layer}),
    }


def now() -> str:
    """Return the time, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of what computed and wrote the numbers, without importing any of it."""
    own = {"spectracnn": __version__, "python": platform.python_version()}
    return {**own, **installed(_PACKAGES)}


def _source(entry: Entry) -> dict[str, Any]:
    spectrum = entry.spectrum
    path = spectrum.source
    edits = {"edits": [edit.sentence for edit in entry.edits]} if entry.is_edited else {}
    return {
        **edits,
        "name": spectrum.name,
        "file": path.name if path is not None else None,
        "key": spectrum.key,
        "sha256": _sha256(path) if path is not None else None,
    }


def _sha256(path: Path) -> str | None:
    """Return the file's SHA-256, computed once as long as it stays the same; None if it is gone."""
    try:
        state = path.stat()
        return _sha256_of(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return None


@lru_cache(maxsize=1024)
def _sha256_of(path: Path, _changed: int, _size: int) -> str:
    return file_sha256(path)
