"""Where the values of many open spectra stay: on disk, with a bounded cache of rows in memory."""

from __future__ import annotations

import os
from collections import OrderedDict
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.flagging import flag_together
from spectracnn.errors import SpectrumError
from spectracnn.io.row_values import open_values
from spectracnn.io.spill import Spill, spilled
from spectracnn.io.stored import StoredSpectrum, stored_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.io.row_values import Place, Read
    from spectracnn.io.slices import Slices

BLOCK = 256
"""Rows of a file that are read together."""
CACHE_BYTES = 64 << 20
MEMORY_BYTES = 16 << 20
"""So much of what small files hold stays in memory; what comes later goes to a file of ours."""
_MOST_OPEN = 8

Stamp = tuple[int, int]
"""Size and time of change of a file."""


class SpectrumStore:
    """Reads values when they are asked for, and keeps those that were read last.

    There is one in each process, because spectra cross to the engine as a path and a row, and find
    their values there again.

    Parameters
    ----------
    cache_bytes : int
        How much is kept.
    memory_bytes : int
        How much of the values that come from files that cannot be read by rows stays in memory.
    """

    def __init__(self, cache_bytes: int = CACHE_BYTES, memory_bytes: int = MEMORY_BYTES) -> None:
        self._most, self._room = cache_bytes, memory_bytes
        self._lock = RLock()
        self._blocks: OrderedDict[tuple[FileRows, int], list[NDArray[np.float64]]] = OrderedDict()
        self._open: OrderedDict[FileRows, tuple[Read, Callable[[], None]]] = OrderedDict()
        self._files: dict[tuple[Any, ...], FileRows] = {}
        self._spill: Spill | None = None
        self.held = 0

    def of_file(self, path: Path, place: Place, stamp: Stamp | None = None) -> FileRows:
        """Return the rows of a file, as it is now or as it was when it had this stamp."""
        key = (path, place, stamp or stamp_of(path))
        with self._lock:
            if key not in self._files:
                self._files[key] = FileRows(*key)
            return self._files[key]

    def rows(self, source: FileRows, block: int) -> list[NDArray[np.float64]]:
        """Return the values of some neighbouring rows, from memory or from the file.

        Raises
        ------
        SpectrumError
            If the file is gone, or another one than when it was opened.
        """
        key = (source, block)
        with self._lock:
            if key in self._blocks:
                self._blocks.move_to_end(key)
                return self._blocks[key]
            rows = source.read(self._opened(source), block * BLOCK)
            for row in rows:
                row.flags.writeable = False
            self._blocks[key] = rows
            self.held += _bytes(rows)
            while self.held > self._most and len(self._blocks) > 1:
                self.held -= _bytes(self._blocks.popitem(last=False)[1])
            return rows

    def _opened(self, source: FileRows) -> Read:
        if source not in self._open:
            self._open[source] = source.open()
        self._open.move_to_end(source)
        while len(self._open) > _MOST_OPEN:
            self._open.popitem(last=False)[1][1]()
        return self._open[source][0]

    def kept(self, spectra: Sequence[Spectrum]) -> Sequence[Spectrum]:
        """Return spectra whose values are in memory while there is room, else in a file of ours.

        Where that file cannot be written, they stay in memory.
        """
        size = sum(spectrum.eigenvalues.nbytes for spectrum in spectra)
        with self._lock:
            if size <= self._room:
                self._room -= size
                return spectra
            flag_together(spectra)
            try:
                self._spill = self._spill or Spill()
                places = self._spill.append([spectrum.eigenvalues for spectrum in spectra])
            except OSError:
                return spectra
            values = spilled(self._spill.path)
        return [
            StoredSpectrum.of(spectrum, values, place)
            for spectrum, place in zip(spectra, places, strict=True)
        ]

    def parts_of(
        self, slices: Slices, path: Path, size: int
    ) -> Iterator[tuple[Sequence[Spectrum], tuple[str, ...]]]:
        """Give the spectra of a file that is open by rows, some at a time, without their values.

        Of a file whose rows cannot be reached one by one, values go to a file of ours.
        """
        if slices.direct:
            source = self.of_file(path, slices.place)
            values, close = source.open()
            try:
                yield from stored_parts(slices, source, size, values)
            finally:
                close()
            return
        for start in range(0, slices.count, size):
            part = slices.read(start, min(start + size, slices.count))
            yield self.kept(part.spectra), part.notes

    def close(self) -> None:
        """Close all files, and remove our own."""
        with self._lock:
            for _, close in self._open.values():
                close()
            self._open.clear()
            self._blocks.clear()
            self.held = 0
            if self._spill is not None:
                self._spill.remove()
                self._spill = None


@cache
def spectrum_store() -> SpectrumStore:
    """Return the store of this process."""
    return SpectrumStore()


def _bytes(rows: list[NDArray[np.float64]]) -> int:
    return sum(row.nbytes for row in rows)


def stamp_of(path: Path) -> Stamp:
    """Return by what a file is known to be the same."""
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns


class FileRows:
    """The rows of one file.

    Parameters
    ----------
    path : Path
        The file.
    place : Place
        Where the numbers are in it.
    stamp : (int, int)
        What it was when it was opened.
    """

    def __init__(self, path: Path, place: Place, stamp: Stamp) -> None:
        self.path, self._place, self._stamp = path, place, stamp

    def load(self, row: int, count: int) -> NDArray[np.float64]:
        """Return the values of a row; ``count`` is how many they were."""
        rows = spectrum_store().rows(self, row // BLOCK)
        values = rows[row % BLOCK] if row % BLOCK < len(rows) else np.zeros(0)
        if values.size != count:
            raise self._changed()
        return values

    def open(self) -> tuple[Read, Callable[[], None]]:
        """Open the file.

        Raises
        ------
        SpectrumError
            If it is not what it was.
        """
        try:
            if stamp_of(self.path) != self._stamp:
                raise self._changed()
            return open_values(self.path, self._place)
        except OSError as error:
            raise self._other(f"no file that can be read ({error.strerror or error})") from error

    def read(self, values: Read, start: int) -> list[NDArray[np.float64]]:
        """Return some rows of the open file."""
        try:
            return values(start, start + BLOCK)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise self._other(f"a damaged file ({str(error)[:80]})") from error

    def _changed(self) -> SpectrumError:
        return self._other("a file that was changed since it was opened")

    def _other(self, found: str) -> SpectrumError:
        return SpectrumError(
            f"{self.path}: found {found}, expected the file that was opened.",
            "Close its spectra, and open it again.",
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return file_rows, (self.path, self._place, self._stamp)


def file_rows(path: Path, place: Place, stamp: Stamp) -> FileRows:
    """Return the rows of a file in this process."""
    return spectrum_store().of_file(path, place, stamp)
