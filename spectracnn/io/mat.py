"""MATLAB ``.mat`` of versions 4 to 7; version 7.3 is HDF5 and read there."""

from __future__ import annotations

import warnings
import zlib
from typing import TYPE_CHECKING

from spectracnn.errors import FileFormatError
from spectracnn.io.entries import walk

if TYPE_CHECKING:
    from spectracnn.io.result import Orientation, ReadResult
    from spectracnn.io.source import Source

_ERRORS = (
    OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, RuntimeError,
    NotImplementedError, OverflowError, MemoryError, RecursionError, ArithmeticError, zlib.error,
)  # fmt: skip


def recognise(source: Source) -> bool:
    """Whether the header says MATLAB 5, or the name says ``.mat`` of version 4."""
    head = source.head
    return head.startswith(b"MATLAB 5.0 MAT-file") or (
        source.file_name.endswith(".mat") and len(head) >= 20 and head[2:4] == b"\0\0"
    )


def read(source: Source, orientation: Orientation | None = None) -> ReadResult:
    """Read the variables and struct fields of known names."""
    from scipy.io import loadmat

    from spectracnn.io.entries import read_entries

    if source.path is None or source.compressed:
        raise FileFormatError(source.label, "a .mat file inside gzip", ".mat, unpacked")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a variable name that stands twice
            record = loadmat(str(source.path), simplify_cells=True, appendmat=False)
    except _ERRORS as error:
        raise FileFormatError(
            source.label, f"a truncated or damaged .mat file ({str(error)[:80]})", "a whole file"
        ) from error
    visible = {key: value for key, value in record.items() if not key.startswith("__")}
    return read_entries(source, walk(visible), orientation)
