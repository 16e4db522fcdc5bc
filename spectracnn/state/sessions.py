"""Workspace files: what is open, in one JSON file that names the files it was read from."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from spectracnn.core.atomic import atomic_path
from spectracnn.core.regular import read_regular
from spectracnn.state.saving import (
    SavedEntry,
    SavedModel,
    SavedStateError,
    SavedWorkspace,
    from_json,
    to_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection
    from spectracnn.state.tools import ToolChoices

SUFFIX = ".spectracnn"
"""Of workspace files."""

_MOST_BYTES = 256 << 20


def saved_workspace(
    document: Document, selection: Selection, choices: ToolChoices
) -> SavedWorkspace:
    """Return what is saved of what is open: not spectra, but where they were read.

    Spectra without a file, such as pasted ones, are left out.
    """
    entries = []
    for entry in document.entries:
        spectrum = entry.original or entry.spectrum
        if spectrum.source is not None:
            path = str(Path(spectrum.source).absolute())
            entries.append(SavedEntry(entry.id, path, spectrum.name, spectrum.key, entry.edits))
    kept = {entry.id: entry.id for entry in entries}
    model = document.model
    saved = SavedWorkspace(
        tuple(entries),
        None if model is None else _saved_model(model),
        tuple(_saved_model(other.model) for other in document.others),
        replace(selection, hovered=None),
        choices,
        MappingProxyType(dict(document.labels)),
    )
    return with_ids(saved, kept)


def _saved_model(model: ModelDescription) -> SavedModel:
    return SavedModel(str(Path(model.path).absolute()), model.sha256)


def with_ids(saved: SavedWorkspace, ids: Mapping[int, int]) -> SavedWorkspace:
    """Return a saved workspace whose entries have other numbers; those without one are left out.

    Parameters
    ----------
    saved : SavedWorkspace
        As it was saved.
    ids : mapping of int to int
        The new number of each entry.
    """
    selection, choices = saved.selection, saved.choices
    current = None if selection.current is None else ids.get(selection.current)
    overlaid = frozenset(ids[item] for item in selection.overlaid if item in ids)
    compare = replace(
        choices.compare,
        first=_with_id(choices.compare.first, ids),
        second=_with_id(choices.compare.second, ids),
    )
    what_if, shape = choices.what_if, choices.shape
    choices = replace(
        choices,
        compare=compare,
        what_if=replace(what_if, other=_other(what_if.other, ids)),
        shape=replace(shape, beside=_other(shape.beside, ids)),
    )
    return replace(
        saved,
        entries=tuple(replace(e, id=ids[e.id]) for e in saved.entries if e.id in ids),
        selection=replace(selection, current=current, overlaid=overlaid),
        choices=choices,
        labels=MappingProxyType({ids[k]: v for k, v in saved.labels.items() if k in ids}),
    )


def within_layers(selection: Selection, layers: int) -> Selection:
    """Return a selection without what is about layers that a model of so many has not."""
    pinned = selection.pinned
    return replace(
        selection,
        hovered=None,
        pinned=pinned if pinned is not None and pinned.layer < layers else None,
        layers=MappingProxyType({k: v for k, v in selection.layers.items() if k < layers}),
        muted=frozenset(one for one in selection.muted if one[0] < layers),
        weight_edits=tuple(one for one in selection.weight_edits if one.layer < layers),
    )


def _other(item: int | None, ids: Mapping[int, int]) -> int | None:
    return None if item is None else ids.get(item)


def _with_id(side: str | None, ids: Mapping[int, int]) -> str | None:
    """Return a side of a comparison; None where its one entry is gone."""
    found = re.fullmatch(r"entry (\d{1,18})", side or "")
    if found is None:
        return side
    new = ids.get(int(found[1]))
    return None if new is None else f"entry {new}"


def write_workspace(saved: SavedWorkspace, path: Path) -> None:
    """Write a workspace file; files in its folder are named relative to it, so that both can move.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    folder = path.absolute().parent
    entries = tuple(replace(e, path=_relative(e.path, folder)) for e in saved.entries)
    models = [
        None if model is None else replace(model, path=_relative(model.path, folder))
        for model in (saved.model, *saved.others)
    ]
    others = tuple(model for model in models[1:] if model is not None)
    record = to_json(replace(saved, entries=entries, model=models[0], others=others))
    text = json.dumps(record, ensure_ascii=False, indent=1)
    with atomic_path(path) as temporary:
        temporary.write_text(f"{text}\n", encoding="utf-8")


def read_workspace(path: Path) -> SavedWorkspace:
    """Read a workspace file.

    Raises
    ------
    SavedStateError
        If it cannot be read, or holds something else; the sentence names the file and the place.
    """
    try:
        record = json.loads(read_regular(path, _MOST_BYTES).decode("utf-8"))
    except OSError as error:
        reason = error.strerror or error
        raise SavedStateError(f"{path.name}: cannot be read ({reason}).") from error
    except (ValueError, RecursionError) as error:
        raise SavedStateError(f"{path.name}: is no workspace: not valid JSON.") from error
    try:
        saved = from_json(record, SavedWorkspace)
    except SavedStateError as error:
        raise SavedStateError(f"{path.name}: {error.message}", error.hint) from error
    assert isinstance(saved, SavedWorkspace)
    folder = path.absolute().parent
    entries = tuple(replace(e, path=str(folder / e.path)) for e in saved.entries)
    model = saved.model
    return replace(
        saved,
        entries=entries,
        model=None if model is None else replace(model, path=str(folder / model.path)),
        others=tuple(replace(one, path=str(folder / one.path)) for one in saved.others),
    )


def _relative(path: str, folder: Path) -> str:
    try:
        return str(PurePosixPath(Path(path).absolute().relative_to(folder)))
    except ValueError:
        return path
