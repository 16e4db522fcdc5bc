"""JSON: brainlife's ``spectrum.json`` (surface name to eigenvalues), and plain lists."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.spectrum import Normalisation, Spectrum
from spectracnn.errors import FileFormatError
from spectracnn.io.cohort_arrays import read_arrays
from spectracnn.io.costs import claim_json
from spectracnn.io.named_array import NamedArray
from spectracnn.io.named_arrays import is_eigenvalue_key
from spectracnn.io.result import Orientation, ReadResult, require_some

if TYPE_CHECKING:
    from spectracnn.io.source import Source

JSON_LIMIT = 1 << 28
_EXPECTED = "an object of surface names, each with its list of eigenvalues"


def recognise(source: Source) -> bool:
    """Whether the content starts as a JSON object, or is named as JSON."""
    head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if source.file_name.endswith(".json"):
        return head[:1] in (b"{", b"[")
    return head[:1] == b"{" and head[1:].lstrip()[:1] in (b'"', b"}")


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read one spectrum per named list."""
    data = source.bytes()
    if len(data) > JSON_LIMIT:
        raise FileFormatError(source.label, f"{len(data) >> 20} MB of JSON", "at most 256 MB")
    claim_json(source)
    try:
        record = json.loads(source.text())
    except RecursionError as error:
        raise FileFormatError(source.label, "JSON nested too deep", _EXPECTED) from error
    except ValueError as error:
        raise FileFormatError(
            source.label, f"damaged JSON ({str(error)[:80]})", _EXPECTED
        ) from error
    if isinstance(record, list):
        record = {"eigenvalues": record}
    if not isinstance(record, dict):
        raise FileFormatError(source.label, f"a single {type(record).__name__}", _EXPECTED)
    if "model_config" in record or record.get("schema") == "spectracnn-card":
        raise FileFormatError(source.label, "a description of a model", _EXPECTED)
    if any(is_eigenvalue_key(key) for key in record):
        return read_arrays(source, _entries(record), orientation)
    return _surfaces(source, record)


def _entries(record: dict[str, Any]) -> list[NamedArray]:
    entries = []
    for key, value in record.items():
        array = _array(value)
        if array is not None:
            entries.append(NamedArray.of_array(key, array))
        elif isinstance(value, str):
            entries.append(NamedArray.of_array(key, np.array(value)))
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            entries.append(NamedArray.of_texts(key, value))
    return entries


def _surfaces(source: Source, record: dict[str, Any]) -> ReadResult:
    # Only brainlife's own file name tells that the mesh was scaled to unit area.
    own = source.file_name == "spectrum.json"
    state = Normalisation.NORMALISED if own else Normalisation.UNKNOWN
    spectra: list[Spectrum] = []
    notes: list[str] = []
    for name, value in record.items():
        array = _array(value)
        if array is None or array.ndim != 1:
            notes.append(f"{name!r} was skipped: it is no list of numbers.")
        elif not np.isfinite(array).any():
            notes.append(f"{name!r} was skipped: it holds no finite number.")
        else:
            spectra.append(Spectrum(name, array, source=source.path, key=name, normalisation=state))
    require_some(source.label, spectra, notes[:3], "list of eigenvalues")
    return ReadResult(tuple(spectra), tuple(notes))


def _array(value: Any) -> np.ndarray | None:
    """Return a list of numbers, or of lists of numbers, as an array; null is NaN."""
    if isinstance(value, bool) or not isinstance(value, int | float | list):
        return None
    flat: list[Any] = value if isinstance(value, list) else [value]
    rows: list[Any] = flat if flat and all(isinstance(row, list) for row in flat) else [flat]
    if any(
        isinstance(item, bool) or not isinstance(item, int | float | None)
        for row in rows
        for item in row
    ):
        return None
    try:
        array = np.array(value, dtype=np.float64)
    except (ValueError, OverflowError, TypeError):
        return None
    return array if array.ndim <= 2 else None
