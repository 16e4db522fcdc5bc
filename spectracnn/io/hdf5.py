"""HDF5: any file with datasets of known names, MATLAB v7.3, and this program's own files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from spectracnn.errors import FileFormatError
from spectracnn.io.cohort_arrays import read_arrays
from spectracnn.io.hdf5_reader import Hdf5Contents, open_hdf5
from spectracnn.io.named_array import NamedArray
from spectracnn.io.own_hdf5 import read_spectra_file, read_trace_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.io.hdf5_requests import Listed
    from spectracnn.io.result import Orientation, ReadResult
    from spectracnn.io.source import Source

MAGIC = b"\x89HDF\r\n\x1a\n"
_ERRORS = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError, RecursionError,
)  # fmt: skip


def recognise(source: Source) -> bool:
    """Whether HDF5's mark stands at the start, or behind a user block as MATLAB writes it."""
    return any(source.head[at : at + 8] == MAGIC for at in (0, 512, 1024, 2048, 4096))


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read the datasets of eigenvalues and what stands beside them."""
    if source.path is None or source.compressed:
        raise FileFormatError(
            source.label, "an HDF5 file inside gzip", "HDF5", hint="Unpack it first."
        )
    matlab = source.head.startswith(b"MATLAB")
    try:
        with open_hdf5(source.path, source.size, matlab) as contents:
            opened = contents.opened
            _refuse_keras(source, opened.keras)
            if opened.form == "spectracnn-spectra":
                return read_spectra_file(source, contents)
            if opened.form:
                return read_trace_file(source, contents)
            entries = [_entry(contents, listed) for listed in opened.entries]
            return read_arrays(source, entries, orientation)
    except _ERRORS as error:
        raise FileFormatError(
            source.label, f"a damaged HDF5 file ({str(error)[:80]})", "a whole file"
        ) from error


def _refuse_keras(source: Source, content: str) -> None:
    if content:
        found = "a Keras model" if content == "model" else "weights of a Keras model"
        hint = "Open it as a model." if content == "model" else ""
        raise FileFormatError(source.label, found, "a file of eigenvalues", hint=hint)


def _entry(contents: Hdf5Contents, listed: Listed) -> NamedArray:
    load = partial(_load, contents, listed)
    return NamedArray(listed.key, listed.shape, listed.kind, listed.nbytes, load)


def _load(contents: Hdf5Contents, listed: Listed) -> NDArray[Any]:
    array = contents.load(listed.key)
    turned = contents.opened.matlab and listed.kind == "number" and array.ndim > 1
    return array.T if turned else array
