"""Named arrays of any container (NPZ, HDF5, MAT, pickle, JSON) to spectra, by their names."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.fields import ShapeFields
from spectracnn.io.named_array import NamedArray
from spectracnn.io.orientation import guess_orientation
from spectracnn.io.result import EITHER_WAY, Orientation, ReadResult

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.io.source import Source

KEYS = (
    "evals",
    "eigenvalues",
    "eigenvalue",
    "eigvals",
    "ev",
    "evs",
    "lambda",
    "lambdas",
    "spectrum",
    "spectra",
    "d",
)
"""Names of arrays of eigenvalues, in lower case, the surest first."""

ARRAY_LIMIT = 1 << 30
_EXPECTED = "an array called evals, eigenvalues, ev, lambda, Lambda, D, spectrum or spectra"


def is_eigenvalue_key(name: str) -> bool:
    """Whether an array of this name holds eigenvalues."""
    return name.lower() in KEYS


def walk(record: Any, key: str = "") -> list[NamedArray]:
    """List the arrays in nested dictionaries and sequences."""
    if isinstance(record, np.ndarray):
        return [NamedArray.of_array(key, record)]
    if isinstance(record, str | int | float | complex | np.generic) and key:
        return [NamedArray.of_array(key, np.array(record))]
    if hasattr(record, "diagonal") and hasattr(record, "tocoo"):  # a sparse matrix
        return (
            [NamedArray.of_array(key, record.diagonal())] if record.nnz <= min(record.shape) else []
        )
    found = []
    if isinstance(record, dict):
        for name, value in record.items():
            found += walk(value, f"{key}/{name}" if key else str(name))
    elif isinstance(record, list | tuple):
        if record and all(isinstance(item, str) for item in record):
            return [NamedArray.of_texts(key, record)]
        array = _as_array(record)
        if array is not None:
            return [NamedArray.of_array(key, array)]
        for place, value in enumerate(record):
            found += walk(value, f"{key}/{place}" if key else str(place))
    return found


def claimed(source: Source, entries: list[NamedArray]) -> list[NamedArray]:
    """Return the entries with loads that refuse more memory than the file deserves."""
    return [replace(entry, load=partial(_claimed_load, source, entry)) for entry in entries]


def _claimed_load(source: Source, entry: NamedArray) -> NDArray[Any]:
    # As the file has them, as float64, and once more if the shapes lie in columns.
    numbers = 16 * math.prod(entry.shape) if entry.kind == "number" else 0
    source.claim(entry.nbytes + numbers, f"{entry.nbytes >> 20} MB of values")
    return entry.load()


def _as_array(record: list[Any] | tuple[Any, ...]) -> NDArray[Any] | None:
    if not record or not isinstance(record[0], str | int | float | np.generic):
        return None
    try:
        array = np.array(record)
    except (ValueError, TypeError, OverflowError):
        return None
    return array if array.dtype.kind in "iufUS" else None


def read_entries(
    source: Source,
    entries: list[NamedArray],
    orientation: Orientation | None,
    any_name: bool = False,
) -> ReadResult:
    """Read the spectra among named arrays.

    Parameters
    ----------
    source : Source
        For names and errors.
    entries : list of NamedArray
        All arrays of the container.
    orientation : {'rows', 'columns'} or None
        Of two-dimensional arrays; None to find out.
    any_name : bool
        Whether every array of one or two axes is a spectrum if none has a known name.

    Raises
    ------
    FileFormatError
        If no array holds eigenvalues.
    """
    usable = usable_entries(entries)
    notes: list[str] = []
    chosen = chosen_entries(usable, notes)
    if not chosen:
        axes = (1, 2) if any_name else (1,)
        vectors = [e for e in usable if e.squeezed != (1,) and len(e.squeezed) in axes]
        if any_name or len(vectors) == 1:
            chosen = vectors
            if not any_name:
                notes.append(f"The only array, {vectors[0].key!r}, was taken as eigenvalues.")
    if not chosen:
        names = ", ".join(entry.key for entry in entries[:8]) or "none"
        more = ", ..." if len(entries) > 8 else ""
        raise FileFormatError(source.label, f"the arrays {names}{more}"[:300], _EXPECTED)
    return _read_all(source, chosen, entries, orientation, notes)


def usable_entries(entries: list[NamedArray]) -> list[NamedArray]:
    """Return the arrays of numbers with one or two axes."""
    return [
        entry
        for entry in entries
        if entry.kind == "number"
        and entry.shape
        and len(entry.squeezed) in (1, 2)
        and 0 not in entry.shape
    ]


def chosen_entries(usable: list[NamedArray], notes: list[str]) -> list[NamedArray]:
    """Pick the array with the surest name of each group."""
    groups: dict[str, list[NamedArray]] = {}
    for entry in usable:
        # A square 'D' may be a matrix of distances: only its diagonal form is a spectrum.
        if entry.name in KEYS and (entry.name != "d" or _is_vector_or_diagonal(entry)):
            groups.setdefault(entry.group, []).append(entry)
    chosen = []
    for members in groups.values():
        members.sort(key=lambda entry: KEYS.index(entry.name))
        chosen.append(members[0])
        for other in members[1:]:
            notes.append(f"{other.key!r} was not read: {members[0].key!r} stands beside it.")
    return chosen


def _is_vector_or_diagonal(entry: NamedArray) -> bool:
    shape = entry.squeezed
    if len(shape) == 1:
        return True
    return shape[0] == shape[1] and entry.nbytes <= ARRAY_LIMIT and _is_diagonal(entry.load())


def _is_diagonal(matrix: NDArray[Any]) -> bool:
    square = matrix.reshape([size for size in matrix.shape if size != 1])
    if square.ndim != 2 or square.shape[0] != square.shape[1]:
        return False
    return bool(np.count_nonzero(square) == np.count_nonzero(square.diagonal()))


def _read_all(
    source: Source,
    chosen: list[NamedArray],
    entries: list[NamedArray],
    orientation: Orientation | None,
    notes: list[str],
) -> ReadResult:
    spectra: list[Spectrum] = []
    assumed: Orientation | None = None
    ambiguous = False
    for entry in chosen:
        table = _load(source, entry, notes)
        fields = ShapeFields(source, entry, entries, many=len(chosen) > 1)
        if table.ndim == 2:
            length = fields.count(table.shape)
            lies: Orientation
            if orientation is not None:
                lies, unsure = orientation, False
            elif length is not None:
                lies, unsure = ("rows" if length == table.shape[0] else "columns"), False
            else:
                lies, unsure = guess_orientation(table, fallback="rows")
            table = table if lies == "rows" else table.T
            assumed, ambiguous = lies, ambiguous or unsure
            if unsure or lies == "columns":
                other = f" {EITHER_WAY}" if unsure else ""
                what = repr(entry.key) if entry.key else "the table"
                notes.append(f"Each shape was taken to be one of the {lies} of {what}.{other}")
        spectra += fields.spectra(table, notes)
    if not spectra:
        raise FileFormatError(source.label, "no finite number", "at least one finite eigenvalue")
    return ReadResult(tuple(spectra), tuple(notes), assumed, ambiguous)


def _load(source: Source, entry: NamedArray, notes: list[str]) -> NDArray[np.float64]:
    """Load an array as float64, one or two axes; a diagonal matrix as its diagonal."""
    if entry.nbytes > ARRAY_LIMIT:
        raise FileFormatError(
            source.label, f"{entry.nbytes >> 20} MB", "at most 1024 MB of eigenvalues", entry.key
        )
    array = entry.load()
    array = array.reshape(entry.squeezed)
    if _is_diagonal(array) and array.shape[0] > 1:
        notes.append(f"{entry.key!r} is a diagonal matrix: its diagonal was read.")
        array = array.diagonal()
    if array.dtype.kind == "c":
        if np.any(array.imag):
            raise FileFormatError(source.label, "complex numbers", "real eigenvalues", entry.key)
        array = array.real
    values = np.ascontiguousarray(array, dtype=np.float64)
    if values.base is None:
        values.flags.writeable = False  # then each spectrum is a view of its row, and not a copy
    return values
