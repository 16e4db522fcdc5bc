"""Large arrays that two processes see as one: a file holds them, and a pickle holds its name."""

from __future__ import annotations

import os
import tempfile
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from spectracnn.core.leftovers import clear_leftovers, new_part

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import DTypeLike, NDArray

_LEAST_BYTES = 8 << 20


class MappedArray(np.ndarray):
    """An array in a file of ours, column after column; whoever made it removes it with itself.

    Made by :meth:`empty` and :func:`mapped`. Another process that unpickles it reads and writes the
    same numbers; what is taken out of it is an ordinary array, and crosses as such.
    """

    _own: ClassVar[weakref.WeakValueDictionary[str, MappedArray]] = weakref.WeakValueDictionary()
    path: Path | None = None

    @classmethod
    def empty(cls, shape: tuple[int, ...], dtype: DTypeLike = np.float64) -> MappedArray:
        """Return an array of zeros in a new file.

        Raises
        ------
        OSError
            If the file cannot be made.
        """
        folder = Path(tempfile.gettempdir())
        clear_leftovers(folder)
        path = new_part(folder / "spectracnn-array.bin")
        try:
            os.truncate(path, int(np.prod(shape)) * np.dtype(dtype).itemsize)
            made = cls._opened(path, np.dtype(dtype).str, shape)
        except OSError:
            _removed(path)
            raise
        cls._own[str(path)] = made
        weakref.finalize(made, _removed, path)
        return made

    @classmethod
    def _opened(cls, path: Path, dtype: str, shape: tuple[int, ...]) -> MappedArray:
        known = cls._own.get(str(path))
        if known is not None:
            return known
        found = np.memmap(path, dtype, "r+", shape=shape, order="F").view(cls)
        found.path = path
        return found

    def __reduce__(self) -> tuple[Any, ...]:
        if self.path is None:
            return np.asarray(self).__reduce__()  # type: ignore[return-value]
        opened: Callable[..., MappedArray] = MappedArray._opened
        return opened, (self.path, self.dtype.str, self.shape)


def mapped(values: NDArray[Any]) -> NDArray[Any]:
    """Return an array in a file, a small one as it is; likewise where no file can be written."""
    if values.nbytes < _LEAST_BYTES or isinstance(values, MappedArray):
        return values
    try:
        made = MappedArray.empty(values.shape, values.dtype)
        assert made.path is not None
        # Written and not copied: pages of the file that were touched count as memory.
        with made.path.open("r+b") as stream:
            for column in values.T:
                stream.write(np.ascontiguousarray(column).tobytes())
    except OSError:
        return values
    return made


def room_like(values: NDArray[Any], dtype: DTypeLike = np.float64) -> MappedArray | None:
    """Return an array of this shape for another process to fill; None where values are small."""
    if values.nbytes < _LEAST_BYTES:
        return None
    try:
        return MappedArray.empty(values.shape, dtype)
    except OSError:
        return None


def _removed(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
