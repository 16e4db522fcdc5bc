"""HDF5: any file with datasets of known names, MATLAB v7.3, and this program's own files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.cohort_arrays import read_arrays
from spectracnn.io.entries import Entry
from spectracnn.io.keras_files import keras_content
from spectracnn.io.own_hdf5 import read_spectra_file, read_trace_file

if TYPE_CHECKING:
    import h5py
    from numpy.typing import NDArray

    from spectracnn.io.result import Orientation, ReadResult
    from spectracnn.io.source import Source

_MAGIC = b"\x89HDF\r\n\x1a\n"
_MOST_OBJECTS = 20_000
ERRORS = (
    OSError, RuntimeError, KeyError, ValueError, TypeError, AttributeError, IndexError,
    NotImplementedError, OverflowError, MemoryError, RecursionError,
)  # fmt: skip


def recognise(source: Source) -> bool:
    """Whether HDF5's mark stands at the start, or behind a user block as MATLAB writes it."""
    return any(source.head[at : at + 8] == _MAGIC for at in (0, 512, 1024, 2048, 4096))


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read the datasets of eigenvalues and what stands beside them."""
    import h5py

    if source.path is None or source.compressed:
        raise FileFormatError(
            source.label, "an HDF5 file inside gzip", "HDF5", hint="Unpack it first."
        )
    try:
        with h5py.File(source.path, "r") as file:
            _refuse_keras(source, file)
            form = _text_attribute(file, "format")
            if form == "spectracnn-spectra":
                return read_spectra_file(source, file)
            if form in ("spectracnn-trace", "spectracnn-attribution"):
                return read_trace_file(source, file)
            matlab = source.head.startswith(b"MATLAB") or any(
                "MATLAB_class" in item.attrs for item in list(file.values())[:20]
            )
            return read_arrays(source, _entries(file, matlab), orientation)
    except ERRORS as error:
        raise FileFormatError(
            source.label, f"a truncated or damaged HDF5 file ({str(error)[:80]})", "a whole file"
        ) from error


def _text_attribute(file: h5py.File, name: str) -> str:
    value = file.attrs.get(name, "")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _refuse_keras(source: Source, file: h5py.File) -> None:
    content = keras_content(file)
    if content:
        found = "a Keras model" if content == "model" else "weights of a Keras model"
        hint = "Open it as a model." if content == "model" else ""
        raise FileFormatError(source.label, found, "a file of eigenvalues", hint=hint)


def _entries(file: h5py.File, matlab: bool) -> list[Entry]:
    """List all datasets and the single-valued attributes of the groups."""
    import h5py

    entries: list[Entry] = []

    def visit(name: str, item: Any) -> bool | None:
        if name.startswith("#"):  # MATLAB's own references
            return None
        if isinstance(item, h5py.Dataset):
            entries.append(_dataset_entry(name, item, matlab))
        else:
            entries.extend(_attribute_entries(name, item))
        return True if len(entries) > _MOST_OBJECTS else None

    entries.extend(_attribute_entries("", file))
    file.visititems(visit)
    return entries


def _attribute_entries(group: str, item: Any) -> list[Entry]:
    found = []
    for name, value in item.attrs.items():
        array = np.asarray(value)
        if array.size == 1 and array.dtype.kind in "iufUSO" and not name.startswith("MATLAB"):
            text = array.astype(str) if array.dtype.kind == "O" else array
            found.append(Entry.of_array(f"{group}/{name}" if group else name, text))
    return found


def _dataset_entry(name: str, dataset: h5py.Dataset, matlab: bool) -> Entry:
    import h5py

    shape = dataset.shape if dataset.shape is not None else (0,)
    shape = shape[::-1] if matlab else shape
    dtype = dataset.dtype
    if matlab and dataset.attrs.get("MATLAB_class") == b"char":
        return Entry(name, (), "text", dataset.nbytes, partial(_load_char, dataset))
    if h5py.check_string_dtype(dtype) is not None:
        return Entry(name, shape, "text", 64 * int(dataset.size or 0), partial(_load_text, dataset))
    kind = "number" if dtype.kind in "iuf" else "other"
    if dtype.kind == "c":
        kind = "number"
    return Entry(name, shape, kind, dataset.nbytes, partial(_load_number, dataset, matlab))


def _load_number(dataset: h5py.Dataset, matlab: bool) -> NDArray[Any]:
    array = np.asarray(dataset[()])
    return array.T if matlab else array


def _load_text(dataset: h5py.Dataset) -> NDArray[Any]:
    return np.asarray(dataset.asstr(errors="replace")[()]).astype(str)


def _load_char(dataset: h5py.Dataset) -> NDArray[Any]:
    codes = np.asarray(dataset[()]).T.ravel()
    return np.array("".join(chr(int(code)) for code in codes))
