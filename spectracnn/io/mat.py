"""MATLAB ``.mat`` of versions 4 to 7; version 7.3 is HDF5 and read there."""

from __future__ import annotations

import warnings
import zlib
from typing import TYPE_CHECKING, Any

from spectracnn.errors import FileFormatError
from spectracnn.io.cohort_arrays import read_arrays
from spectracnn.io.guarded import read_guarded
from spectracnn.io.mat5 import read_mat5
from spectracnn.io.named_arrays import walk

if TYPE_CHECKING:
    from spectracnn.io.result import Orientation, ReadResult
    from spectracnn.io.source import Source

_MARK = b"MATLAB 5.0 MAT-file"
_ERRORS = (
    OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, RuntimeError,
    NotImplementedError, OverflowError, MemoryError, RecursionError, ArithmeticError, zlib.error,
    NameError,
)  # fmt: skip


def recognise(source: Source) -> bool:
    """Whether the header says MATLAB 5, or the name says ``.mat`` of version 4."""
    head = source.head
    return head.startswith(_MARK) or (
        source.file_name.endswith(".mat") and len(head) >= 20 and head[2:4] == b"\0\0"
    )


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read the variables and struct fields of known names."""
    if source.path is None or source.compressed:
        raise FileFormatError(source.label, "a .mat file inside gzip", ".mat, unpacked")
    if not source.head.startswith(_MARK):
        return read_guarded(read_version_4, source, orientation)
    return read_arrays(source, walk(_version_5(source)), orientation)


def read_version_4(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read a file of version 4 in this process, by SciPy's compiled reader."""
    return read_arrays(source, walk(_version_4(source)), orientation)


def _version_5(source: Source) -> dict[str, Any]:
    try:
        with source.open() as stream:
            return read_mat5(stream, source.budget // 4)
    except _ERRORS as error:
        raise _damaged(source, error) from error


def _version_4(source: Source) -> dict[str, Any]:
    from scipy.io import loadmat
    from scipy.io.matlab import MatReadError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            record: dict[str, Any] = loadmat(str(source.path), appendmat=False)
    except (*_ERRORS, MatReadError) as error:
        raise _damaged(source, error) from error
    return {key: value for key, value in record.items() if not key.startswith("__")}


def _damaged(source: Source, error: BaseException) -> FileFormatError:
    reason = str(error)[:80]  # a MemoryError has none
    found = "a truncated or damaged .mat file" + (f" ({reason})" if reason else "")
    return FileFormatError(source.label, found, "a whole file")
