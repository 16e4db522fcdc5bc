"""Columns of many rows that are computed, or said once for all, instead of kept for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Repeated(Sequence[Any]):
    """The same value in every row.

    Parameters
    ----------
    value : object
        Of each row.
    count : int
        How many rows there are.
    """

    __slots__ = ("_count", "value")

    def __init__(self, value: Any, count: int) -> None:
        self.value, self._count = value, count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, row: int) -> Any: ...
    @overload
    def __getitem__(self, row: slice) -> Repeated: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return Repeated(self.value, len(range(self._count)[row]))
        if not -self._count <= row < self._count:
            raise IndexError(row)
        return self.value


class Computed(Sequence[Any]):
    """A value that is computed of each row's number when it is asked for.

    Parameters
    ----------
    compute : callable
        ``compute(number)``.
    numbers : sequence of int
        One a row.
    """

    __slots__ = ("_compute", "_numbers")

    def __init__(self, compute: Callable[[int], Any], numbers: Any) -> None:
        self._compute, self._numbers = compute, numbers

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, row: int) -> Any: ...
    @overload
    def __getitem__(self, row: slice) -> Computed: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return Computed(self._compute, self._numbers[row])
        return self._compute(int(self._numbers[row]))

    def at(self, rows: NDArray[np.int64]) -> Computed:
        """Return the column of some rows."""
        return Computed(self._compute, np.asarray(self._numbers)[rows])


class Coded(Sequence[str]):
    """Texts of which there are few kinds.

    Parameters
    ----------
    codes : ndarray, shape (n,), int
        Which text each row has.
    texts : sequence of str
        The kinds.
    """

    __slots__ = ("codes", "texts")

    def __init__(self, codes: NDArray[Any], texts: Sequence[str]) -> None:
        self.codes, self.texts = codes, texts

    def __len__(self) -> int:
        return len(self.codes)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Coded: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return Coded(self.codes[row], self.texts)
        return self.texts[int(self.codes[row])]


class Joined(Sequence[str]):
    """Several of a few texts in each row, with semicolons between them.

    Parameters
    ----------
    counts : ndarray, shape (n,), int
        How many texts each row has.
    codes : ndarray, shape (counts.sum(),), int
        Which, row after row.
    texts : sequence of str
        The kinds.
    """

    BETWEEN: ClassVar[str] = "; "

    __slots__ = ("codes", "counts", "ends", "texts")

    def __init__(self, counts: NDArray[Any], codes: NDArray[Any], texts: Sequence[str]) -> None:
        self.counts, self.codes, self.texts = counts, codes, texts
        self.ends = np.cumsum(counts)

    def __len__(self) -> int:
        return len(self.counts)

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> Any:
        if isinstance(row, slice):
            return [self[at] for at in range(len(self))[row]]
        own = self.codes[self.ends[row] - self.counts[row] : self.ends[row]]
        return self.BETWEEN.join([self.texts[code] for code in own.tolist()])


def at_rows(column: Sequence[Any] | NDArray[Any], rows: NDArray[np.int64]) -> Any:
    """Return some rows of a column of any kind.

    Parameters
    ----------
    column : sequence
        n values.
    rows : ndarray, shape (m,), int64
        Which.
    """
    if isinstance(column, np.ndarray):
        return column[rows]
    if isinstance(column, Repeated):
        return Repeated(column.value, len(rows))
    if isinstance(column, Computed):
        return column.at(rows)
    if isinstance(column, Coded):
        return Coded(column.codes[rows], column.texts)
    return [column[row] for row in rows.tolist()]
