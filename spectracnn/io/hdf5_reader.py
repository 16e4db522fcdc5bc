"""The parent's side of reading HDF5: one warm child process, asked file by file."""

from __future__ import annotations

import math
import mmap
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.regular import open_regular
from spectracnn.errors import FileFormatError
from spectracnn.io.hdf5_child import make_reader
from spectracnn.io.hdf5_requests import Close, Hdf5Limits, Listed, Load, Open, Opened
from spectracnn.jobs.errors import (
    ChildEndedError,
    ChildOutOfMemoryError,
    ChildOverdueError,
    UnexpectedError,
)
from spectracnn.jobs.limits import Limits as JobLimits
from spectracnn.jobs.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

MEMORY = 200 << 20
"""Bytes that reading any file may take, however small it is."""

SECONDS = 3
"""Seconds of the processor for a file, beside those for its size."""

_BYTES_A_SECOND = 20 << 20
SHARED_FROM = 1 << 18
"""Bytes of an array that goes through memory which both processes see."""

_CLOCK_SECONDS = 60.0
"""The clock's limit goes on while others compute, so it is wider than the processor's."""

_WHOLE = "a whole file"
_lock = threading.RLock()
_worker = Worker(
    make_reader, limits=JobLimits(seconds=_CLOCK_SECONDS), name="SpectraCNN HDF5 reader"
)


class Hdf5Contents:
    """A file that is open in the child.

    Attributes
    ----------
    opened : Opened
        What it holds.
    """

    def __init__(self, path: Path, size: int, matlab: bool) -> None:
        self._path = str(path)
        found = open_in(_worker, self._path, size, matlab)
        self.opened, self._limits, self._budget = found
        self._listed: dict[str, Listed] = {entry.key: entry for entry in self.opened.entries}

    def __contains__(self, key: str) -> bool:
        return key in self._listed

    def load(self, key: str) -> NDArray[Any]:
        """Return an array.

        Raises
        ------
        FileFormatError
            If it is missing, or cannot be read.
        """
        entry = self._listed.get(key)
        if entry is None:
            raise FileFormatError(self._path, "no such array", "one called so", key)
        if entry.array is not None:
            return entry.array
        if 2 * entry.nbytes > self._budget:
            raise FileFormatError(
                self._path,
                f"{entry.nbytes >> 20} MB of values",
                f"at most {self._budget >> 21} MB for a file of its size",
                key[:80],
            )
        if entry.offset is not None and entry.nbytes >= SHARED_FROM:
            return self._read_plain(entry, entry.offset)
        if entry.kind == "number" and entry.nbytes >= SHARED_FROM:
            shared = self._load_shared(entry)
            if shared is not None:
                return shared
        array: NDArray[Any] = self._request(Load(key, self._limits))
        return array

    def _read_plain(self, entry: Listed, offset: int) -> NDArray[Any]:
        """Read values that stand in a row, as fast as a file can be read, without libhdf5."""
        shape, dtype = entry.stored
        with open_regular(self._path) as stream:
            stream.seek(offset)
            flat = np.fromfile(stream, np.dtype(dtype), math.prod(shape))
        if flat.size != math.prod(shape):
            raise FileFormatError(
                self._path, f"{flat.size} values", f"{math.prod(shape)}", entry.key[:80]
            )
        array: NDArray[Any] = flat.reshape(shape)
        return array

    def _load_shared(self, entry: Listed) -> NDArray[Any] | None:
        """Let the child read into memory of ours; None where the system has no such way."""

        def fill(memory: mmap.mmap, number: int) -> NDArray[Any] | None:
            if not self._request(Load(entry.key, self._limits, (os.getpid(), number))):
                return None
            shape, dtype = entry.stored
            array = np.frombuffer(memory, np.dtype(dtype)).reshape(shape)
            array.flags.writeable = False
            return array

        return shared_memory(entry.nbytes, fill)

    def _request(self, request: Any) -> Any:
        return request_of(_worker, self._path, request)


def open_in(
    worker: Worker, path: str, size: int, matlab: bool = False
) -> tuple[Opened, Hdf5Limits, int]:
    """Open a file in a child.

    Returns
    -------
    opened : Opened
        What it holds.
    limits : Hdf5Limits
        Of each request about it.
    budget : int
        Bytes that its values may take.
    """
    limits = Hdf5Limits(9 * size + MEMORY // 2, SECONDS + size // _BYTES_A_SECOND)
    opened: Opened = request_of(worker, path, Open(path, limits, matlab))
    return opened, limits, 10 * size + MEMORY


def shared_memory(
    nbytes: int, fill: Callable[[mmap.mmap, int], NDArray[Any] | None]
) -> NDArray[Any] | None:
    """Make memory that a child can write to; None where the system has no such way.

    Parameters
    ----------
    nbytes : int
        How much.
    fill : callable
        Has the child write to it, by its number in this process, and returns the array.
    """
    create = getattr(os, "memfd_create", None)
    if create is None:
        return None
    handle = create("spectracnn", os.MFD_CLOEXEC)
    try:
        os.ftruncate(handle, nbytes)
        return fill(mmap.mmap(handle, nbytes), handle)
    except (OSError, ValueError):
        return None
    finally:
        os.close(handle)


def request_of(worker: Worker, path: str, request: Any) -> Any:
    """Return a child's answer about a file, and its end as a refusal of the file."""
    try:
        return worker.request(request)
    except ChildOverdueError as error:
        raise FileFormatError(path, "an HDF5 file on which reading hangs", _WHOLE) from error
    except ChildEndedError as error:
        hangs = "SIGXCPU" in error.how
        found = "on which reading hangs" if hangs else f"that stops its reader ({error.how})"
        raise FileFormatError(path, f"an HDF5 file {found}", _WHOLE) from error
    except ChildOutOfMemoryError as error:
        raise FileFormatError(
            path,
            "an HDF5 file that unpacks to more than memory allows for its size",
            "values that fit",
        ) from error
    except UnexpectedError as error:
        raise FileFormatError(
            path, f"a damaged HDF5 file ({error.kind}: {error.text[:80]})", _WHOLE
        ) from error


@contextmanager
def open_hdf5(path: Path, size: int, matlab: bool = False) -> Iterator[Hdf5Contents]:
    """Open a file in the child for as long as the block runs.

    Parameters
    ----------
    path : Path
        An ordinary file.
    size : int
        Its bytes; memory and time follow it.
    matlab : bool
        Whether MATLAB is known to have written it.

    Raises
    ------
    FileFormatError
        If it is damaged, leads out of itself, takes too long or too much memory, or makes
        libhdf5 crash; the only expected error.
    """
    with _lock:
        contents = Hdf5Contents(path, size, matlab)
        try:
            yield contents
        finally:
            if not contents.opened.whole and _worker.pid is not None:
                _close()


def _close() -> None:
    try:
        _worker.request(Close())
    except (ChildEndedError, ChildOverdueError, UnexpectedError):
        _worker.end()


def warm_up() -> None:
    """Start the child, so that the first file need not wait for it."""
    _worker.warm_up()
