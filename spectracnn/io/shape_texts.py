"""One value of each shape as text, as it will be shown and kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_PLAIN = "iufbU"
"""Kinds of arrays whose elements are Python's own numbers and texts when they are taken out."""


class ShapeTexts(Sequence[str]):
    """The elements of an array as text; made when they are asked for.

    Parameters
    ----------
    array : ndarray, shape (n,)
        Numbers, texts, bytes or objects.
    """

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array
        self._texts: list[str] | None = None

    def __len__(self) -> int:
        return len(self._array)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> ShapeTexts: ...
    def __getitem__(self, row: int | slice) -> str | ShapeTexts:
        if isinstance(row, slice):
            return ShapeTexts(self._array[row])
        return self._all()[row]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def _all(self) -> list[str]:
        if self._texts is None:
            items = list(self._array) if self._array.dtype.kind == "S" else self._array.tolist()
            if self._array.dtype.kind in _PLAIN:
                self._texts = [str(item).strip() for item in items]
            else:
                self._texts = [
                    item.strip() if type(item) is str else as_text(item) for item in items
                ]
        return self._texts

    @property
    def numbers(self) -> NDArray[np.float64] | None:
        """The elements as numbers, equal to those that the texts say; None if they are none."""
        if self._array.dtype.kind not in "iuf" or self._array.dtype.itemsize > 8:
            return None
        return np.asarray(self._array, np.float64)


def as_text(item: Any) -> str:
    """Return one element of an array as text."""
    if isinstance(item, bytes):
        try:
            return item.decode("utf-8").strip()
        except UnicodeDecodeError:
            return item.decode("latin-1").strip()
    # repr of a Python number is exact; float(1.5) reads the same back.
    return str(item.item() if isinstance(item, np.generic) else item).strip()
