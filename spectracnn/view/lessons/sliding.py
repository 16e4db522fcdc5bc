"""A filter that slides, number by number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Sliding:
    """All places of a filter on its input.

    Parameters
    ----------
    values : ndarray, shape (rows, columns) or (steps,)
        The input.
    weights : ndarray, of as many axes
        The filter.
    windows : tuple
        For each place the indices under the filter, an array an axis.
    outputs : ndarray, shape (places,)
        The sums, in the order of reading.
    shape : tuple of int
        Of the feature map.
    """

    values: NDArray[np.float32]
    weights: NDArray[np.float32]
    windows: tuple[tuple[NDArray[np.int64], ...], ...]
    outputs: NDArray[np.float64]
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many numbers the map has."""
        return int(self.outputs.size)

    def so_far(self, done: int) -> NDArray[np.float32]:
        """Return the map with what is not computed yet as NaN."""
        shown = np.full(self.count, np.nan, np.float32)
        shown[:done] = self.outputs[:done]
        return shown.reshape(self.shape)

    def products(self, place: int) -> NDArray[np.float32]:
        """Return what lies on each other at one place, multiplied; of the filter's shape."""
        found: NDArray[np.float32] = self.values[np.ix_(*self.windows[place])] * self.weights
        return found

    def sentence(self, place: int) -> str:
        """Return the sum at one place with its terms."""
        read = self.values[np.ix_(*self.windows[place])].ravel().tolist()
        weights = self.weights.ravel().tolist()
        terms = [f"{_number(v)}\u00b7{_number(w)}" for v, w in zip(read, weights, strict=True)]
        return f"{' + '.join(terms)} = {_number(float(self.outputs[place]))}"


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else short(value)


def slide(values: NDArray[np.float32], weights: NDArray[np.float32]) -> Sliding:
    """Return a filter on an image, row by row, or along a sequence; without padding.

    As Keras has it, a cross-correlation: the filter is not turned round.
    """
    shape = tuple(n - k + 1 for n, k in zip(values.shape, weights.shape, strict=True))
    windows = tuple(
        tuple(start + np.arange(size) for start, size in zip(at, weights.shape, strict=True))
        for at in np.ndindex(*shape)
    )
    outputs = np.array(
        [float((values[np.ix_(*window)].astype(np.float64) * weights).sum()) for window in windows]
    )
    return Sliding(values, weights, windows, outputs, shape)
