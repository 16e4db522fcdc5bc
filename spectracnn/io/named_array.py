"""One named array of a container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class ArrayEntry:
    """What a container says of one of its arrays.

    Parameters
    ----------
    key : str
        With ``/`` between nested names.
    shape : tuple of int
        As the person would see it.
    kind : {'number', 'text', 'other'}
        What it holds.
    nbytes : int
        Size once loaded.
    """

    key: str
    shape: tuple[int, ...]
    kind: str
    nbytes: int

    @property
    def name(self) -> str:
        """The last part of the key, in lower case."""
        return self.key.rpartition("/")[2].lower()

    @property
    def group(self) -> str:
        """All of the key but the last part."""
        return self.key.rpartition("/")[0]

    @property
    def squeezed(self) -> tuple[int, ...]:
        """The shape without axes of length 1, but at least one axis for a vector of one."""
        longer = tuple(size for size in self.shape if size != 1)
        return longer if longer or not self.shape else (1,)


@dataclass(frozen=True)
class NamedArray(ArrayEntry):
    """One array of a container, not yet loaded.

    Parameters
    ----------
    key, shape, kind, nbytes
        As of `ArrayEntry`.
    load : callable
        Returns the array.
    """

    load: Callable[[], NDArray[Any]]

    @classmethod
    def of_array(cls, key: str, array: NDArray[Any]) -> NamedArray:
        """Wrap an array that is in memory."""
        return cls(key, array.shape, kind_of(array.dtype), array.nbytes, lambda: array)

    @classmethod
    def of_texts(cls, key: str, texts: Sequence[str]) -> NamedArray:
        """Wrap texts, without giving each the room of the longest."""
        array = np.empty(len(texts), object)
        array[:] = texts
        return cls(key, array.shape, "text", 4 * sum(map(len, texts)), lambda: array)


def kind_of(dtype: np.dtype[Any]) -> str:
    """Tell what arrays of this type hold."""
    return "number" if dtype.kind in "iufc" else "text" if dtype.kind in "US" else "other"
