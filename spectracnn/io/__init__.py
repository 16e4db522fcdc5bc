"""Files to spectra and back: one reader module a format, recognised by content first."""

from spectracnn.io.keras_files import is_model
from spectracnn.io.registry import (
    find_files,
    is_supported_suffix,
    read,
    read_file,
    read_text,
)
from spectracnn.io.result import Orientation, ReadResult
from spectracnn.io.slices import open_slices
from spectracnn.io.source import TEXT_LIMIT
from spectracnn.io.write import write_csv, write_ev, write_hdf5

__all__ = [
    "TEXT_LIMIT",
    "Orientation",
    "ReadResult",
    "find_files",
    "is_model",
    "is_supported_suffix",
    "open_slices",
    "read",
    "read_file",
    "read_text",
    "write_csv",
    "write_ev",
    "write_hdf5",
]
