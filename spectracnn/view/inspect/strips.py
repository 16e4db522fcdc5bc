"""What is drawn of a window: strips of numbers that stand above each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.inspect.records import Convolution, Pooling
from spectracnn.view.inspect.sources import source
from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.view.inspect.records import Inspection

_MOST_MAGNIFIED = 8


@dataclass(frozen=True, eq=False)
class Strip:
    """One row of numbers.

    Parameters
    ----------
    symbol : str
        What is done with the row above: ``×`` or ``=``; empty for the first.
    caption : str
        What the numbers are.
    values : ndarray, shape (taps,), float64
        The numbers.
    top : float
        Magnitude that fills the row: the largest in it, but no less than an eighth of the largest
        along the whole channel, so that next to nothing does not look like much.
    signed : bool
        Whether there may be negative ones.
    owner : int
        0 for the inspected filter, 1 for the one it is compared with, -1 for both.
    """

    symbol: str
    caption: str
    values: NDArray[np.float64]
    top: float
    signed: bool
    owner: int = -1


@dataclass(frozen=True, eq=False)
class StripSet:
    """Rows that share their columns.

    Parameters
    ----------
    heading : str
        What the labels count.
    labels : tuple of str
        Of the columns; empty for padding.
    inside : ndarray, shape (taps,), bool
        False for padding.
    strips : tuple of Strip
        From the top.
    winner : int or None
        Column that pooling keeps.
    samples : tuple of (Sample or None)
        What each column is.
    """

    heading: str
    labels: tuple[str, ...]
    inside: NDArray[np.bool_]
    strips: tuple[Strip, ...]
    winner: int | None
    samples: tuple[Sample | None, ...]


def strip_set(
    description: ModelDescription,
    trace: Trace,
    inspection: Inspection,
    place: int = 0,
    other: Inspection | None = None,
) -> StripSet | None:
    """Return the strips of a convolution or a pooling window.

    Parameters
    ----------
    description, trace
        The model and its pass.
    inspection : Inspection
        Of the sample.
    place : int
        Which input channel: a place in ``Convolution.channels``.
    other : Inspection, optional
        Of another filter at the same step, to compare with.

    Returns
    -------
    StripSet or None
        None for a layer without a window.
    """
    body = inspection.body
    if not isinstance(body, (Convolution, Pooling)):
        return None
    channel = int(body.channels[place]) if isinstance(body, Convolution) else body.channel
    given = source(description, trace, body.source)
    column = given.values.reshape(-1, given.values.shape[-1])[:, channel]
    top = _top(column)
    signed = bool((column < 0).any())
    several = given.values.shape[-1] > 1
    heading = "eigenvalue" if body.source == SPECTRUM else "step"
    heading = "row,column" if body.labels else heading
    named = f"{given.name}, channel {channel}" if several else given.name
    named = f"{named}, by {heading}"
    samples = tuple(
        given.sample(int(tap), channel) if inside else None
        for tap, inside in zip(body.taps, body.inside, strict=True)
    )
    labels = body.labels or tuple("" if np.isnan(item) else f"{item:.0f}" for item in body.places)
    winner = None
    if isinstance(body, Pooling):
        strips: tuple[Strip, ...] = (
            Strip("", named, body.window, _scale(body.window, top), signed),
        )
        winner = body.winner
    else:
        rows = [(0, inspection.sample, body, place)]
        if other is not None and isinstance(other.body, Convolution):
            same = np.flatnonzero(other.body.channels == channel)
            if same.size:  # a filter of another group reads other channels
                rows.append((1, other.sample, other.body, int(same[0])))
        strips = (
            Strip("", named, body.window[:, place], _scale(body.window[:, place], top), signed),
            *_filter_strips(rows, top),
        )
    return StripSet(heading, labels, body.inside, strips, winner, samples)


def _filter_strips(
    rows: list[tuple[int, Sample, Convolution, int]], top: float
) -> tuple[Strip, ...]:
    """Return weights and products of one filter or of two, which share their scales."""
    kernels = np.array([body.kernel[:, place] for _, _, body, place in rows])
    products = np.array([body.products[:, place] for _, _, body, place in rows])
    largest = _top(kernels)
    scale = _scale(products, top * largest)
    strips: list[Strip] = []
    for row, (owner, sample, body, place) in enumerate(rows):
        total = short(float(body.sums[place]))
        strips += (
            Strip(
                "\u00d7", f"weights of filter {sample.channel}", kernels[row], largest, True, owner
            ),
            Strip("=", f"products, sum {total}", products[row], scale, True, owner),
        )
    return tuple(strips)


def _top(values: NDArray[np.float64]) -> float:
    finite = np.abs(values[np.isfinite(values)])
    return float(finite.max(initial=0.0)) or 1.0


def _scale(values: NDArray[np.float64], top: float) -> float:
    here = _top(values) if np.any(values) else 0.0
    return max(here, top / _MOST_MAGNIFIED)
