"""Some rows of the arrays of a large HDF5 file, by way of a child process of its own.

A damaged part of a large file may be met hours after the file was opened, so each request has the
limits of a whole file. Values that stand in the file as they are in memory are read straight from
it: that needs no libhdf5 and no second process.
"""

from __future__ import annotations

import math
import os
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.regular import open_regular
from spectracnn.errors import FileFormatError
from spectracnn.io.hdf5_child import make_reader
from spectracnn.io.hdf5_reader import SHARED_FROM, open_in, request_of, shared_memory
from spectracnn.io.hdf5_requests import Close, LoadRows
from spectracnn.jobs.errors import ChildEndedError, ChildOverdueError, UnexpectedError
from spectracnn.jobs.limits import Limits
from spectracnn.jobs.worker import Worker

if TYPE_CHECKING:
    import mmap
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.io.hdf5_requests import Listed

_CLOCK_SECONDS = 120.0
_spare: list[Worker] = []
_lock = threading.Lock()


class Hdf5Rows:
    """A file that is open for reading rows until it is closed.

    Parameters
    ----------
    path : Path
        An ordinary file.
    size : int
        Its bytes.

    Attributes
    ----------
    opened : Opened
        What it holds.

    Raises
    ------
    FileFormatError
        If it is damaged, leads out of itself, or makes libhdf5 hang or crash; as of
        :meth:`rows` the only expected error.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path, self._size = str(path), size
        self._worker = _borrowed()
        self.opened, self._limits, self._budget = open_in(self._worker, self._path, size)
        self._pid = self._worker.pid
        self._listed = {entry.key: entry for entry in self.opened.entries}

    def __contains__(self, key: str) -> bool:
        return key in self._listed

    def count(self, key: str) -> int:
        """Return how many rows an array has."""
        return self._entry(key).shape[0]

    def rows(self, key: str, start: int, stop: int) -> NDArray[Any]:
        """Return some rows of an array; text as objects."""
        entry = self._entry(key)
        if entry.array is not None:
            return entry.array[start:stop]
        shape = (min(stop, entry.shape[0]) - start, *entry.shape[1:])
        nbytes = entry.nbytes * shape[0] // max(entry.shape[0], 1)
        if 2 * nbytes > self._budget:
            raise FileFormatError(
                self._path,
                f"{nbytes >> 20} MB of values in {shape[0]} rows",
                f"at most {self._budget >> 21} MB for a file of its size",
                key[:80],
            )
        if entry.offset is not None:
            return self._plain(entry, entry.offset, start, shape)
        if entry.kind == "number" and nbytes >= SHARED_FROM:
            shared = self._shared(entry, start, shape, nbytes)
            if shared is not None:
                return shared
        array: NDArray[Any] = self._request(LoadRows(key, self._limits, start, start + shape[0]))
        return array

    def close(self) -> None:
        """Close the file; the process stays for the next one."""
        if self._worker.pid is not None and not self.opened.whole:
            try:
                self._worker.request(Close())
            except (ChildEndedError, ChildOverdueError, UnexpectedError):
                self._worker.end()
        with _lock:
            _spare.append(self._worker)

    def _request(self, request: LoadRows) -> Any:
        """Ask the child; of a file that ended it, the rows that follow may be whole."""
        if self._worker.pid != self._pid:
            open_in(self._worker, self._path, self._size)
            self._pid = self._worker.pid
        return request_of(self._worker, self._path, request)

    def _entry(self, key: str) -> Listed:
        entry = self._listed.get(key)
        if entry is None:
            raise FileFormatError(self._path, "no such array", "one called so", key)
        return entry

    def _plain(
        self, entry: Listed, offset: int, start: int, shape: tuple[int, ...]
    ) -> NDArray[Any]:
        stored, kind = entry.stored
        dtype = np.dtype(kind)
        wanted = math.prod(shape)
        with open_regular(self._path) as stream:
            stream.seek(offset + start * math.prod(stored[1:]) * dtype.itemsize)
            flat = np.fromfile(stream, dtype, wanted)
        if flat.size != wanted:
            raise FileFormatError(
                self._path, f"{flat.size} values", f"{wanted}", f"{entry.key[:80]}, row {start}"
            )
        array: NDArray[Any] = flat.reshape(shape)
        return array

    def _shared(
        self, entry: Listed, start: int, shape: tuple[int, ...], nbytes: int
    ) -> NDArray[Any] | None:
        """Let the child read into memory of ours; None where the system has no such way."""

        def fill(memory: mmap.mmap, number: int) -> NDArray[Any] | None:
            shared = os.getpid(), number
            request = LoadRows(entry.key, self._limits, start, start + shape[0], shared)
            if not self._request(request):
                return None
            array = np.frombuffer(memory, np.dtype(entry.stored[1])).reshape(shape)
            array.flags.writeable = False
            return array

        return shared_memory(nbytes, fill)


def _borrowed() -> Worker:
    """Return a child that has no file open: one that was used before, or a new one."""
    with _lock:
        if _spare:
            return _spare.pop()
    return Worker(make_reader, limits=Limits(seconds=_CLOCK_SECONDS), name="SpectraCNN HDF5 rows")
