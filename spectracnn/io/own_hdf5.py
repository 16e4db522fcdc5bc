"""The layouts of this program's own HDF5 files, read: spectra and traces."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.block import SpectraBlock
from spectracnn.core.columns import Repeated
from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.errors import FileFormatError
from spectracnn.io.result import ReadResult, require_some

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.io.hdf5_requests import Opened
    from spectracnn.io.source import Source

SPECTRA_FORMAT = "spectracnn-spectra"
SPECTRA_VERSION = 1


class HoldsArrays(Protocol):
    """A file, or some rows of all its arrays."""

    @property
    def opened(self) -> Opened:
        """What it holds."""

    def __contains__(self, key: str) -> bool: ...

    def load(self, key: str) -> NDArray[Any]:
        """Return an array."""


def read_spectra_file(source: Source, file: HoldsArrays, start: int = 0) -> ReadResult:
    """Read what ``write_hdf5`` wrote, bit for bit; ``start`` is the first row that is there."""
    spectra = read_spectra_rows(source, file, start)
    require_some(source.label, spectra, [])
    return ReadResult(tuple(spectra))


def read_spectra_rows(
    source: Source, file: HoldsArrays, start: int = 0
) -> SpectraBlock | list[Spectrum]:
    """Read the same as a block; as a list where rows differ in length or have notes."""
    version = file.opened.version
    if version != SPECTRA_VERSION:
        raise FileFormatError(source.label, f"version {version}", f"version {SPECTRA_VERSION}")
    table = _table(file.load("eigenvalues"))
    source.claim_spectra(len(table))
    counts = file.load("count").tolist()
    texts = {
        key: _texts(file.load(key)) for key in ("name", "kind", "normalisation", "key", "source")
    }
    for key in ("subject", "structure"):  # files of older versions have neither
        texts[key] = _texts(file.load(key)) if key in file else [""] * len(table)
    metadata = _parsed(file.load("metadata"), text_mapping)
    notes = _parsed(file.load("notes"), text_tuple)
    areas, volumes = (np.asarray(file.load(key), np.float64) for key in ("area", "volume"))
    kinds = {text: Kind(text) for text in set(texts["kind"])}
    normalisations = {text: Normalisation(text) for text in set(texts["normalisation"])}
    metadata = [with_origin(*pair) for pair in zip(metadata, texts["source"], strict=True)]
    columns: dict[str, Any] = {
        "name": texts["name"],
        "kind": [kinds[text] for text in texts["kind"]],
        "area": areas,
        "volume": volumes,
        "source": Repeated(source.path, len(table)),
        "key": [key or f"eigenvalues[{start + at}]" for at, key in enumerate(texts["key"])],
        "normalisation": [normalisations[text] for text in texts["normalisation"]],
        "subject": texts["subject"],
        "structure": texts["structure"],
    }
    return _spectra(table, counts, columns, metadata, notes)


def _spectra(
    table: NDArray[np.float64],
    counts: list[int],
    columns: dict[str, Any],
    metadata: list[dict[str, str]],
    notes: list[tuple[str, ...]],
) -> SpectraBlock | list[Spectrum]:
    """Make the spectra of rows, many times as fast where nothing must be found out of each."""
    plain = table.size and not any(notes) and set(counts) == {table.shape[1]}
    if plain and np.isfinite(table).any(axis=1).all():
        about = frozenset[str]().union(*metadata)
        return SpectraBlock(frozen_array(table, np.float64), columns, metadata, about)
    return [
        Spectrum(
            eigenvalues=table[at, : counts[at]],
            metadata=metadata[at],
            notes=notes[at],
            **{
                **{name: column[at] for name, column in columns.items()},
                **{name: _size(float(columns[name][at])) for name in ("area", "volume")},
            },
        )
        for at in range(len(table))
    ]


def read_trace_file(source: Source, file: HoldsArrays, start: int = 0) -> ReadResult:
    """Read the spectra of a file of traces or attributions; all else is left alone."""
    table = _table(file.load("spectra/eigenvalues"))
    source.claim_spectra(len(table))
    counts = file.load("spectra/count") if "spectra/count" in file else _lengths(table)
    names, origins = _texts(file.load("spectra/name")), _texts(file.load("spectra/source"))
    subjects, structures = (
        _texts(file.load(key)) if key in file else [""] * len(table)
        for key in ("spectra/subject", "spectra/structure")
    )
    spectra = [
        Spectrum(
            name=names[at],
            eigenvalues=table[at, : counts[at]],
            source=source.path,
            key=f"spectra/eigenvalues[{start + at}]",
            metadata=with_origin({}, origins[at]),
            subject=subjects[at],
            structure=structures[at],
        )
        for at in range(len(table))
    ]
    require_some(source.label, spectra, [])
    traced = any(entry.key.startswith("layers/") for entry in file.opened.entries)
    kind = "a trace" if traced else "a file of attributions"
    return ReadResult(tuple(spectra), (f"This is {kind}: only its spectra were read.",))


def with_origin(metadata: dict[str, str], origin: str) -> dict[str, str]:
    """Keep where the values first came from, beside the file that holds them now."""
    return {"original_source": origin, **metadata} if origin else metadata


def _lengths(table: NDArray[np.float64]) -> list[int]:
    """Return where the NaN padding of each row begins."""
    finite = ~np.isnan(table)
    return [int(row.nonzero()[0][-1]) + 1 if row.any() else 0 for row in finite]


def _table(array: NDArray[Any]) -> NDArray[np.float64]:
    """Return all rows, read-only: then each spectrum is a view of its row, and not a copy."""
    table: NDArray[np.float64] = np.asarray(array, np.float64)
    if table.ndim != 2:
        raise ValueError(f"eigenvalues of {table.ndim} axes")
    table.flags.writeable = False
    return table


def _parsed(array: NDArray[Any], parse: Callable[[str], Any]) -> list[Any]:
    """Parse each text; most are the same, and those only once."""
    texts = _texts(array)
    parsed = {text: parse(text) for text in set(texts)}
    return [parsed[text] for text in texts]


def _texts(array: NDArray[Any]) -> list[str]:
    return [str(item) for item in array.tolist()]


def text_mapping(text: str) -> dict[str, str]:
    """Return metadata from JSON.

    Raises
    ------
    ValueError
        If it is anything but names with texts.
    """
    record = json.loads(text or "{}")
    if not isinstance(record, dict) or not all(isinstance(v, str) for v in record.values()):
        raise ValueError("metadata that is no text")
    return record


def text_tuple(text: str) -> tuple[str, ...]:
    """Return notes from JSON.

    Raises
    ------
    ValueError
        If it is anything but a list of texts.
    """
    record = json.loads(text or "[]")
    if not isinstance(record, list) or not all(isinstance(note, str) for note in record):
        raise ValueError("notes that are no text")
    return tuple(record)


def _size(value: float) -> float | None:
    return None if math.isnan(value) else value


def origin(spectrum: Spectrum) -> str:
    """Return the path to write as a spectrum's origin; empty when it is unknown."""
    if "original_source" in spectrum.metadata:
        return ""  # already kept with the metadata, and older
    return str(Path(spectrum.source)) if spectrum.source is not None else ""
