"""Rows of the arrays of an ``.npz``: mapped where stored plainly, else unpacked in order."""

from __future__ import annotations

import warnings
import zipfile
from functools import partial
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import FileFormatError
from spectracnn.io.named_array import NamedArray, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

_LOCAL_HEADER = 30


def read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return an array's shape, whether it is in Fortran's order, and its type."""
    version = np.lib.format.read_magic(stream)
    read = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of headers that Python 2 wrote
        return read(stream)


def memory_rows(array: NDArray[Any], start: int, stop: int) -> NDArray[Any]:
    """Return a copy of some rows of an array that is mapped from its file."""
    return np.array(array[start:stop])


class Archive:
    """An archive of arrays that is read by rows.

    Parameters
    ----------
    path : Path
        The ``.npz``.

    Attributes
    ----------
    whole : bool
        Whether all arrays are plain numbers or text in C's order.
    mapped : bool
        Whether all arrays of several axes are stored plainly.
    entries : list of NamedArray
        The arrays.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip = zipfile.ZipFile(path)
        self._row_readers: dict[str, Callable[[int, int], NDArray[Any]]] = {}
        self.entries: list[NamedArray] = []
        self.whole = self.mapped = True
        for info in self._zip.infolist():
            if info.filename.endswith(".npy"):
                self._open(info)

    def _open(self, info: zipfile.ZipInfo) -> None:
        key = info.filename.removesuffix(".npy")
        with self._zip.open(info) as stream:
            shape, fortran, dtype = read_header(stream)
            offset = stream.tell()
        if dtype.hasobject or (fortran and len(shape) > 1):
            self.whole = False
            return
        size = int(np.prod(shape, dtype=object)) * dtype.itemsize
        if info.compress_type == zipfile.ZIP_STORED and shape and size:
            start = self._data_start(info) + offset
            array: NDArray[Any] = np.memmap(self._path, dtype, "r", start, shape)
            self._row_readers[key] = partial(memory_rows, array)
        elif shape:
            self.mapped &= len(shape) < 2
            self._row_readers[key] = _Unpacked(self._zip, info, offset, shape, dtype).rows

        def load() -> NDArray[Any]:
            with self._zip.open(info) as stream:
                found: NDArray[Any] = np.lib.format.read_array(stream, allow_pickle=False)
                return found

        self.entries.append(NamedArray(key, shape, kind_of(dtype), size, load))

    def _data_start(self, info: zipfile.ZipInfo) -> int:
        with self._path.open("rb") as stream:
            stream.seek(info.header_offset)
            head = stream.read(_LOCAL_HEADER)
        name, extra = (int.from_bytes(head[at : at + 2], "little") for at in (26, 28))
        return info.header_offset + _LOCAL_HEADER + name + extra

    def rows(self, key: str) -> Callable[[int, int], NDArray[Any]]:
        """Return what takes rows of an array."""
        return self._row_readers[key]

    def close(self) -> None:
        """Close the file."""
        self._row_readers.clear()
        self._zip.close()


class _Unpacked:
    """Rows of a compressed array; going back unpacks it from its beginning again."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        info: zipfile.ZipInfo,
        offset: int,
        shape: tuple[int, ...],
        dtype: np.dtype[Any],
    ) -> None:
        self._archive, self._info, self._offset = archive, info, offset
        self._shape, self._dtype = shape, dtype
        self._row = int(np.prod(shape[1:], dtype=object)) * dtype.itemsize
        self._stream: IO[bytes] | None = None
        self._at = 0

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """Return some rows."""
        if self._stream is None or start < self._at:
            if self._stream is not None:
                self._stream.close()
            self._stream = self._archive.open(self._info)
            self._stream.read(self._offset)
            self._at = 0
        while self._at < start:
            step = min(start - self._at, max(1, (1 << 20) // max(self._row, 1)))
            self._stream.read(step * self._row)
            self._at += step
        data = self._stream.read((stop - start) * self._row)
        self._at = stop
        if len(data) < (stop - start) * self._row:
            raise FileFormatError(
                str(self._archive.filename), "a truncated array", "a whole .npz file"
            )
        return np.frombuffer(data, self._dtype).reshape(stop - start, *self._shape[1:])
