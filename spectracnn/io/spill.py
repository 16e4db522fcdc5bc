"""A file of ours for the values of files that cannot be read by rows."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.leftovers import clear_leftovers, new_part
from spectracnn.errors import SpectrumError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


class Spill:
    """Values one after the other, in a file that goes with the process."""

    def __init__(self) -> None:
        folder = Path(tempfile.gettempdir())
        clear_leftovers(folder)
        self.path = new_part(folder / "spectracnn-values.f64")
        self._end = 0

    def append(self, rows: Sequence[NDArray[np.float64]]) -> list[int]:
        """Write values behind the others, and return where each begins, in values.

        Raises
        ------
        OSError
            If the disk is full; nothing is written then.
        """
        try:
            with self.path.open("r+b") as stream:
                stream.seek(8 * self._end)
                stream.write(np.concatenate(rows).tobytes())
        except OSError:
            with suppress(OSError):
                os.truncate(self.path, 8 * self._end)
            raise
        places = [self._end]
        for row in rows:
            places.append(places[-1] + row.size)
        self._end = places.pop()
        return places

    def remove(self) -> None:
        """Remove the file."""
        with suppress(OSError):
            self.path.unlink()


class SpilledRows:
    """The values in one such file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._map: NDArray[np.float64] = np.zeros(0)

    def load(self, row: int, count: int) -> NDArray[np.float64]:
        """Return the values that begin at a place."""
        if self._map.size < row + count:
            try:
                self._map = np.asarray(np.memmap(self.path, np.float64, "r"))
            except (OSError, ValueError) as error:
                raise SpectrumError(
                    f"{self.path}: found no file ({error}), expected the values kept there."
                ) from error
        return self._map[row : row + count]

    def __reduce__(self) -> tuple[Any, ...]:
        return spilled, (self.path,)


@cache
def spilled(path: Path) -> SpilledRows:
    """Return the values in a file of ours in this process."""
    return SpilledRows(path)
