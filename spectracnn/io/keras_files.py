"""Tells models of Keras from files of spectra by their content, without opening them."""

from __future__ import annotations

import os
import zipfile
from typing import TYPE_CHECKING

from spectracnn.core.regular import open_regular
from spectracnn.errors import FileFormatError

if TYPE_CHECKING:
    from pathlib import Path


_HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_ZIP_MAGIC = b"PK\x03\x04"
_ARCHIVE_ENTRIES = {"config.json", "model.weights.h5"}
_ERRORS = (OSError, RuntimeError, KeyError, ValueError, NotImplementedError, zipfile.BadZipFile)


def is_model(path: Path) -> bool:
    """Tell whether a file should be opened as a model; weights alone are, and refused there.

    Parameters
    ----------
    path : Path
        Any file. Called ``.keras``, it is meant as a model whatever it holds; all others are
        judged by their content. One that is missing or damaged is none.
    """
    if path.suffix.lower() == ".keras":
        return True
    try:
        with open_regular(path) as stream:
            magic = stream.read(8)
            size = os.fstat(stream.fileno()).st_size
        if magic.startswith(_ZIP_MAGIC):
            with zipfile.ZipFile(path) as archive:
                return set(archive.namelist()) >= _ARCHIVE_ENTRIES
        if magic != _HDF5_MAGIC:
            return False
    except _ERRORS:
        return False
    # Later than the child's own import of this module.
    from spectracnn.io.hdf5_reader import open_hdf5

    try:
        with open_hdf5(path, size) as contents:
            return bool(contents.opened.keras)
    except FileFormatError:
        return False
