"""Reads arrays of an open HDF5 file: numbers, texts, and into memory that two processes share."""

from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import h5py
    from numpy.typing import NDArray


def offset(dataset: h5py.Dataset) -> int | None:
    """Return where the values lie in the file, if they lie there as NumPy has them."""
    import h5py

    contiguous = dataset.id.get_create_plist().get_layout() == h5py.h5d.CONTIGUOUS
    if not contiguous or dataset.id.get_type() != h5py.h5t.py_create(dataset.dtype):
        return None
    offset = dataset.id.get_offset()
    return None if offset is None else int(offset)


def read_shared(dataset: h5py.Dataset, shared: tuple[int, int], rows: Any = ()) -> bool:
    """Read values into the parent's memory; return whether the system has such a way."""
    parent, number = shared
    try:
        handle = os.open(f"/proc/{parent}/fd/{number}", os.O_RDWR)
    except OSError:
        return False  # a system without such files, or one that hides them
    try:
        size = os.fstat(handle).st_size
        count = size // max(dataset.nbytes // max(dataset.shape[0], 1), 1)
        shape = dataset.shape if rows == () else (count, *dataset.shape[1:])
        memory = np.frombuffer(mmap.mmap(handle, size), dataset.dtype).reshape(shape)
        dataset.read_direct(memory, None if rows == () else rows)
    finally:
        os.close(handle)
    return True


def load_number(dataset: h5py.Dataset, rows: Any = ()) -> NDArray[Any]:
    """Return numbers, all or of some rows."""
    return np.asarray(dataset[rows])


def load_text(dataset: h5py.Dataset, rows: Any = ()) -> NDArray[Any]:
    """Return texts; bytes that are no text are replaced."""
    # Objects, because an array of letters gives each text the room of the longest.
    return np.asarray(dataset.asstr(errors="replace")[rows])


def load_own_text(dataset: h5py.Dataset, rows: Any = ()) -> NDArray[Any]:
    """Return text as objects: file names in it may hold bytes that are no text."""
    found = dataset[rows]
    items = np.empty(np.shape(found), object)
    items[...] = [
        item.decode("utf-8", "surrogateescape") if isinstance(item, bytes) else str(item)
        for item in found
    ]
    return items


def load_char(dataset: h5py.Dataset, rows: Any = ()) -> NDArray[Any]:
    """Return a text of MATLAB's, which is stored as numbers."""
    codes = np.asarray(dataset[()]).T.ravel()
    return np.array("".join(chr(int(code)) for code in codes))
