"""Axis scales that keep zeros and negative values visible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class AxisScale:
    """A linear scale, or a symmetric logarithm that is linear around zero.

    ``y -> sign(y) log10(1 + |y| / threshold)`` [1]_: a plain logarithm has no place for the zero
    eigenvalue, nor for spectra of the operator's other sign.

    Parameters
    ----------
    threshold : float
        Where the logarithm takes over from the linear part; 0 makes the scale linear.

    References
    ----------
    .. [1] Webber (2013), Measurement Science and Technology 24, 027001.
    """

    threshold: float = 0.0

    @property
    def is_linear(self) -> bool:
        """Whether values stand as they are."""
        return self.threshold == 0

    def forward(self, values: ArrayLike) -> NDArray[np.float64]:
        """Return display coordinates, same shape."""
        y = np.asarray(values, dtype=np.float64)
        if self.is_linear:
            return y
        return np.asarray(np.sign(y) * np.log10(1 + np.abs(y) / self.threshold))

    def inverse(self, positions: ArrayLike) -> NDArray[np.float64]:
        """Return values at display coordinates, same shape."""
        y = np.asarray(positions, dtype=np.float64)
        if self.is_linear:
            return y
        # Axes ask far outside the data while zooming; 300 decades are enough for anyone.
        exponent = np.minimum(np.abs(y), 300.0)
        return np.asarray(np.sign(y) * self.threshold * (10**exponent - 1))

    def ticks(self, low: float, high: float, most: int = 7) -> list[float]:
        """Return values for major ticks of a logarithmic axis.

        Parameters
        ----------
        low, high : float
            The visible range in display coordinates.
        most : int
            About how many ticks there is room for.

        Returns
        -------
        list of float
            Values (not display coordinates): zero, powers of ten, and where the range is short
            also their 2- and 5-fold.
        """
        top = float(np.max(np.abs(self.inverse([low, high]))))
        first = int(np.floor(np.log10(self.threshold)))
        last = max(first, int(np.ceil(np.log10(max(top, self.threshold)))))
        decades = list(range(first, last + 1))
        factors = (1, 2, 5) if len(decades) <= max(most // 3, 2) else (1,)
        stride = max(1, int(np.ceil(len(decades) / most)))
        sizes = [factor * 10.0**power for power in decades[::stride] for factor in factors]
        values = [0.0, *sizes, *(-size for size in sizes)]
        shown = [v for v in values if low <= float(self.forward(v)) <= high]
        return _spread(sorted(shown), self, (high - low) / (2.2 * most))


def _spread(values: list[float], scale: AxisScale, gap: float) -> list[float]:
    """Drop ticks that would touch a neighbour; zero stays."""
    kept: list[float] = [0.0] if 0.0 in values else []
    for value in sorted(values, key=abs, reverse=True):
        place = float(scale.forward(value))
        if all(abs(place - float(scale.forward(other))) >= gap for other in kept):
            kept.append(value)
    return sorted(kept)


LINEAR = AxisScale()
INDEX_LOG = AxisScale(1.0)
"""For the index axis: index 0 stands at 0, index 9 at 1, index 99 at 2."""


def value_scale(values: NDArray[np.float64]) -> AxisScale:
    """Choose a logarithmic scale for these values.

    The linear part ends at a tenth of the smallest magnitude that is not negligible, so that
    numerical zeros fall together near zero and everything else is on the logarithmic part.
    """
    sizes = np.abs(values[np.isfinite(values)])
    if sizes.size == 0 or sizes.max() == 0:
        return AxisScale(1.0)
    significant = sizes[sizes > sizes.max() * 1e-5]
    return AxisScale(float(10 ** np.floor(np.log10(significant.min()))))
