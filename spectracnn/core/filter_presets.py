"""Filters with a meaning, and simple changes of a filter; each along the steps of one channel."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Filter = NDArray[np.float64]


class Preset(StrEnum):
    """What a filter of any length can be made to do."""

    ZERO = "Zero"
    MEAN = "Mean"
    DIFFERENCE = "Difference"
    SECOND_DIFFERENCE = "Second difference"
    GAUSSIAN = "Gaussian"
    GABOR = "Gabor"
    RANDOM = "Random"


def preset(kind: Preset, size: int, seed: int = 0) -> Filter:
    """Return a filter.

    Keras slides a filter without turning it round (a cross-correlation), so the last weight
    multiplies the sample with the highest index: the difference is ``-1, ..., +1``.

    Parameters
    ----------
    kind : Preset
        Which.
    size : int
        How many weights.
    seed : int
        Of the random one.

    Returns
    -------
    ndarray, shape (size,)
        Mean and Gaussian sum to 1; differences, Gabor and random ones to 0 where `size` allows
        (one weight alone has no difference: 0). Differences are those of a ramp's slope, the
        second of a parabola's curvature: least squares, by Savitzky and Golay's formulas, so a
        longer filter smooths as well.

    References
    ----------
    .. [1] Savitzky and Golay (1964), Analytical Chemistry 36, 1627-1639.
    """
    return _PRESETS[kind](size, seed)


def plane_preset(kind: Preset, window: tuple[int, int], seed: int = 0) -> Filter:
    """Return a filter with rows and columns.

    Differences and waves run along the columns (along the rows where there is one column only) and
    are averaged, or weighed by a Gaussian, across.

    Parameters
    ----------
    kind : Preset
        Which.
    window : (int, int)
        Rows and columns.
    seed : int
        Of the random one.

    Returns
    -------
    ndarray, shape (rows, columns)
        Sums are those of `preset`.
    """
    rows, columns = window
    if columns == 1:
        return plane_preset(kind, (1, rows), seed).T
    if kind in (Preset.ZERO, Preset.MEAN, Preset.RANDOM):
        return preset(kind, rows * columns, seed).reshape(window)
    smooth = kind in (Preset.GAUSSIAN, Preset.GABOR)
    across = preset(Preset.GAUSSIAN if smooth else Preset.MEAN, rows)
    made = np.outer(across, preset(kind, columns))
    top = float(np.abs(made).max())
    return np.asarray(made / top) if kind is Preset.GABOR and top else made


def on_rows(values: Filter, window: tuple[int, ...], change: Callable[[Filter], Filter]) -> Filter:
    """Return a filter changed along its window: one with rows and columns row by row.

    Parameters
    ----------
    values : ndarray, shape (taps,)
        In memory's order.
    window : tuple of int
        ``(taps,)``, or ``(rows, columns)``.
    change : callable
        As `mirrored`.
    """
    if len(window) == 1:
        return change(values)
    return np.concatenate([change(row) for row in values.reshape(window)])


def _zero(size: int, seed: int) -> Filter:
    return np.zeros(size)


def _mean(size: int, seed: int) -> Filter:
    return np.full(size, 1.0 / size)


def _difference(size: int, seed: int) -> Filter:
    at = _centred(size)
    total = float(at @ at)
    return at / total if total else np.zeros(size)


def _second_difference(size: int, seed: int) -> Filter:
    square = _centred(size) ** 2
    curve = square - square.mean()
    total = float(curve @ square)
    # The second derivative of a * x**2 is 2a; two weights or fewer see no curvature.
    return 2 * curve / total if size > 2 else np.zeros(size)


def _gaussian(size: int, seed: int) -> Filter:
    weights = np.exp(-0.5 * (_centred(size) / _sigma(size)) ** 2)
    return np.asarray(weights / weights.sum())


def _gabor(size: int, seed: int) -> Filter:
    at = _centred(size)
    wave = np.exp(-0.5 * (at / _sigma(size)) ** 2) * np.cos(2 * np.pi * at / max(size / 2, 2))
    wave = zero_sum(wave)
    top = float(np.abs(wave).max())
    return wave / top if top else wave


def _random(size: int, seed: int) -> Filter:
    drawn = np.random.default_rng(seed).normal(size=size)
    return zero_sum(drawn) if size > 1 else drawn


_PRESETS: dict[Preset, Callable[[int, int], Filter]] = {
    Preset.ZERO: _zero,
    Preset.MEAN: _mean,
    Preset.DIFFERENCE: _difference,
    Preset.SECOND_DIFFERENCE: _second_difference,
    Preset.GAUSSIAN: _gaussian,
    Preset.GABOR: _gabor,
    Preset.RANDOM: _random,
}


def mirrored(weights: Filter) -> Filter:
    """Return the filter with its first weight last."""
    return weights[::-1].copy()


def shifted(weights: Filter, by: int) -> Filter:
    """Return the filter moved along its own window; what leaves it is lost, zeros come in."""
    moved = np.zeros_like(weights)
    if abs(by) < weights.size:
        kept = weights[: weights.size - by] if by >= 0 else weights[-by:]
        start = max(by, 0)
        moved[start : start + kept.size] = kept
    return moved


def zero_sum(weights: Filter) -> Filter:
    """Return the filter without its mean: a constant input gives 0 then."""
    return weights - float(weights.mean())


def _centred(size: int) -> Filter:
    return np.arange(size, dtype=np.float64) - (size - 1) / 2


def _sigma(size: int) -> float:
    return max(size / 5, 0.5)
