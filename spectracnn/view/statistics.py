"""What the filters of a layer do: how much, how often, how alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LayerStatistics:
    """One layer's filters on one spectrum, and over all.

    Parameters
    ----------
    mean, spread, zeros : ndarray, shape (channels,)
        Of the spectrum that is shown, over its steps: mean, standard deviation, share of exact
        zeros.
    largest : ndarray, shape (channels,), or None
        The largest output over all spectra; None until it was collected.
    dead : ndarray, shape (channels,), bool, or None
        Rectified filters that no spectrum makes speak.
    correlation : ndarray, shape (channels, channels)
        Pearson's, between channels over the steps; NaN for a channel that does not vary.
    """

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    zeros: NDArray[np.float64]
    largest: NDArray[np.float64] | None
    dead: NDArray[np.bool_] | None
    correlation: NDArray[np.float64]


def layer_statistics(
    values: NDArray[np.float32], maxima: NDArray[np.float32] | None, *, rectified: bool
) -> LayerStatistics:
    """Return the statistics of a layer.

    Parameters
    ----------
    values : ndarray, shape (steps, channels)
        Its output for the spectrum that is shown.
    maxima : ndarray, shape (spectra, channels), or None
        The largest output over the steps of every spectrum; NaN where it was refused.
    rectified : bool
        Whether the output cannot be negative: only then does 0 mean silence.

    Returns
    -------
    LayerStatistics
        Of all channels.
    """
    numbers = values.astype(np.float64)
    largest = dead = None
    if maxima is not None:
        kept = maxima[np.isfinite(maxima).all(axis=1)]
        if kept.size:
            largest = kept.max(axis=0).astype(np.float64)
            dead = (largest <= 0) if rectified else np.zeros(largest.shape, bool)
    spread = numbers.std(axis=0)
    return LayerStatistics(
        mean=frozen_array(numbers.mean(axis=0), np.float64),
        spread=frozen_array(spread, np.float64),
        zeros=frozen_array((numbers == 0).mean(axis=0), np.float64),
        largest=largest,
        dead=dead,
        correlation=frozen_array(_correlation(numbers, spread), np.float64),
    )


def _correlation(numbers: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = numbers - numbers.mean(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = centred / spread
        matrix = scaled.T @ scaled / len(numbers)
    still = spread == 0
    matrix[still] = np.nan
    matrix[:, still] = np.nan
    return np.asarray(np.clip(matrix, -1, 1))


def exciting(maxima: NDArray[np.float32], channel: int, most: int = 10) -> list[tuple[int, float]]:
    """Return the spectra that excite a filter most.

    Parameters
    ----------
    maxima : ndarray, shape (spectra, channels)
        The largest output over the steps of every spectrum; NaN where it was refused.
    channel : int
        Which filter.
    most : int
        How many to return.

    Returns
    -------
    list of (int, float)
        Place of the spectrum and its largest output, in descending order.
    """
    column = maxima[:, channel]
    known = np.flatnonzero(np.isfinite(column))
    order = known[np.argsort(-column[known], kind="stable")][:most]
    return [(int(place), float(column[place])) for place in order]
