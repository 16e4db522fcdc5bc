"""A file for HDF5 to write that never fails: libhdf5 crashes when the disk is full at its close."""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import h5py


class SteadyFile(io.RawIOBase):
    """Remembers the first error of the system, and from then on lets all writes seem to succeed.

    Whoever writes asks :meth:`check` after each step, and at the end.

    Parameters
    ----------
    path : Path
        The file; what it holds is dropped.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        # Not "w": ext4 sends what is written to a file that was emptied to the disk at its close.
        self._file = open(path, "r+b", buffering=0, opener=_open_or_make)
        if self._file.seek(0, io.SEEK_END):
            self._file.truncate(0)
        self._place = 0
        self.error: OSError | None = None

    def check(self) -> None:
        """Raise the first error, if there was one."""
        if self.error is not None:
            raise self.error

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def writable(self) -> bool:
        """Whether it can be written: yes."""
        return True

    def seekable(self) -> bool:
        """Whether it has places: yes."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place, counted from the start, from here, or from the end."""
        start = (0, self._place, self._file.seek(0, 2) if whence == 2 else 0)[whence]
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        """Return the place."""
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Read from the place on; zeros where a write did not succeed."""
        view = memoryview(buffer).cast("B")
        self._file.seek(self._place)
        count = self._file.readinto(view) or 0
        if self.error is not None:
            view[count:] = bytes(len(view) - count)
            count = len(view)
        self._place += count
        return count

    def write(self, data: Any) -> int:
        """Write all of it, or remember why not."""
        view = memoryview(data).cast("B")
        if self.error is None:
            try:
                self._file.seek(self._place)
                done = 0
                while done < len(view):
                    done += self._file.write(view[done:])
            except OSError as error:
                self.error = error
        self._place += len(view)
        return len(view)

    def truncate(self, size: int | None = None) -> int:
        """Set the length, or remember why not."""
        length = self._place if size is None else size
        if self.error is None:
            try:
                self._file.truncate(length)
            except OSError as error:
                self.error = error
        return length

    def flush(self) -> None:
        """Do nothing: nothing is held back here."""

    def close(self) -> None:
        """Close the file; the system may report only now that the disk is full."""
        if not self._file.closed:
            try:
                self._file.close()
            except OSError as error:
                self.error = self.error or error
        super().close()


def _open_or_make(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT, 0o666)


@contextmanager
def new_hdf5(path: Path, **options: Any) -> Iterator[h5py.File]:
    """Make an HDF5 file for as long as the block runs.

    Parameters
    ----------
    path : Path
        The file.
    **options
        For ``h5py.File``.

    Raises
    ------
    OSError
        At the end, if the system did not take all of it.
    """
    import h5py

    steady = SteadyFile(path)
    try:
        with h5py.File(steady, "w", **options) as file:
            yield file
    finally:
        steady.close()
    steady.check()
