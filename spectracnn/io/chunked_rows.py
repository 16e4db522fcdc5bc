"""Rows appended to an HDF5 dataset in whole chunks, past HDF5's own copying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import h5py
    from numpy.typing import NDArray

CHUNK_BYTES = 1 << 20


def chunk_rows(row_shape: tuple[int, ...], dtype: Any) -> int:
    """Return how many rows make a chunk of about 1 MB: a power of two, at most 4096."""
    row_bytes = max(1, int(np.prod(row_shape)) * np.dtype(dtype).itemsize)
    rows = int(np.clip(CHUNK_BYTES // row_bytes, 1, 4096))
    return 1 << (rows.bit_length() - 1)


class ChunkedRows:
    """Appends arrays to a dataset.

    Writing a part of a chunk makes HDF5 keep, evict and re-read it: three times as slow where
    batch and chunk do not fit. So rows wait here until a chunk is whole, and whole chunks go to
    the file directly. At most one chunk is held.

    Parameters
    ----------
    dataset : h5py.Dataset
        Resizable along its first axis, without filters, chunks whole along the other axes.
    """

    def __init__(self, dataset: h5py.Dataset) -> None:
        self._dataset = dataset
        self._rows = dataset.chunks[0]
        self._waiting = np.empty((self._rows, *dataset.shape[1:]), dataset.dtype)
        self._n_waiting = 0
        self._written = 0
        self._room = 0

    def append(self, values: NDArray[Any]) -> None:
        """Append rows, shape (n, ...)."""
        values = np.ascontiguousarray(values, self._waiting.dtype)
        if values.shape[1:] != self._waiting.shape[1:]:
            raise ValueError(f"rows of shape {values.shape[1:]}, not {self._waiting.shape[1:]}")
        start = 0
        if self._n_waiting:
            start = min(self._rows - self._n_waiting, len(values))
            self._wait(values[:start])
        whole = (self._n_waiting == self._rows) + (len(values) - start) // self._rows
        self._make_room(self._written + whole * self._rows)
        if self._n_waiting == self._rows:
            self._n_waiting = 0
            self._write(self._waiting)
        while len(values) - start >= self._rows:
            self._write(values[start : start + self._rows])
            start += self._rows
        self._wait(values[start:])

    def finish(self) -> None:
        """Write the rows that still wait."""
        self._dataset.resize(self._written + self._n_waiting, axis=0)
        if self._n_waiting:
            self._dataset[self._written :] = self._waiting[: self._n_waiting]

    def _make_room(self, count: int) -> None:
        """Let the dataset have so many rows, and as many again: each change of it costs a call."""
        if count > self._room:
            self._room = 2 * count
            self._dataset.resize(self._room, axis=0)

    def _wait(self, values: NDArray[Any]) -> None:
        self._waiting[self._n_waiting : self._n_waiting + len(values)] = values
        self._n_waiting += len(values)

    def _write(self, block: NDArray[Any]) -> None:
        from h5py._objects import phil

        if block.size:
            offset = (self._written, *(0 for _ in block.shape[1:]))
            # The one call of h5py's that does not take its lock, without which a file that is
            # read in another thread breaks it.
            with phil:
                self._dataset.id.write_direct_chunk(offset, block)
        self._written += self._rows
