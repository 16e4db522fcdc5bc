"""Two groups through every layer: means, spreads, and Hedges' g of every sample.

References
----------
.. [1] Hedges (1981), Journal of Educational Statistics 6(2), 107-128.
.. [2] Hedges & Olkin (1985), Statistical Methods for Meta-Analysis. Academic Press.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.trace import LayerTrace, Trace
from spectracnn.view.cohort.panels import INK, Line, Panel, Sheet
from spectracnn.view.compare import made_contents

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.cohort_requests import Moments
    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.selection import Selection
    from spectracnn.view.contents import Contents

VIEWS = ("Effect size", "Difference", "Mean 1", "Mean 2", "Spread 1", "Spread 2")
_MOST_LISTED = 500


@dataclass(frozen=True, eq=False)
class TwoGroups:
    """What is known of two groups.

    Parameters
    ----------
    names : (str, str)
        Of the groups.
    first, second : Moments
        Of all maps; the effect is first minus second.
    """

    names: tuple[str, str]
    first: Moments
    second: Moments

    @property
    def df(self) -> int:
        """Degrees of freedom of the pooled variance."""
        return self.first.count + self.second.count - 2

    def effect(self, place: int) -> NDArray[np.float64]:
        """Return Hedges' g of every sample of an array; NaN without spread and difference.

        Without spread but with a difference it is infinite.
        """
        apart = self.first.means[place] - self.second.means[place]
        pooled = self.first.squares[place] + self.second.squares[place]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(correction(self.df) * apart / np.sqrt(pooled / self.df))

    def interval(self, g: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the 95 % interval of effects."""
        unit = 1 / self.first.count + 1 / self.second.count
        half = 1.959963984540054 * np.sqrt(unit + g**2 / (2 * self.df))
        return g - half, g + half

    def array(self, view: int, place: int) -> NDArray[np.float64]:
        """Return what a view shows of an array."""
        if view == 0:
            return self.effect(place)
        if view == 1:
            return self.first.means[place] - self.second.means[place]
        group = self.first if view in (2, 4) else self.second
        if view in (2, 3):
            return group.means[place]
        return spread(group, place)


def spread(group: Moments, place: int) -> NDArray[np.float64]:
    """Return the standard deviation of every sample of an array, of n - 1."""
    return np.asarray(np.sqrt(group.squares[place] / max(group.count - 1, 1)))


def correction(df: int) -> float:
    """Return Hedges' factor for small samples; 1 where it is not defined.

    Examples
    --------
    >>> round(correction(10), 4)
    0.9227
    """
    if df < 2:
        return 1.0
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def why_not(first: Moments, second: Moments, names: tuple[str, str]) -> str:
    """Return why two groups cannot be compared; empty if they can."""
    for group, name in zip((first, second), names, strict=True):
        if group.count < 2:
            some = "none" if not group.count else "one"
            return f"The network reads {some} of the group '{name}', expected at least two."
    return ""


def _trace(model: ModelDescription, found: TwoGroups, view: int) -> Trace:
    arrays = [
        np.asarray(found.array(view, place), np.float32) for place in range(len(found.first.means))
    ]
    values, *layers, probabilities, last = arrays
    return Trace(
        model.sha256,
        values,
        found.first.positions,
        tuple(LayerTrace(layer, None) for layer in layers),
        probabilities,
        last,
    )


def group_contents(
    model: ModelDescription, found: TwoGroups, view: int, selection: Selection
) -> Contents:
    """Return panels of one view, with both mean inputs on top."""
    names = found.names
    sides = (
        (f"mean of {names[0]}", _trace(model, found, 2)),
        (f"mean of {names[1]}", _trace(model, found, 3)),
    )
    titles = (
        f"Hedges' g, {names[0]} \u2212 {names[1]}",
        f"{names[0]} \u2212 {names[1]}",
        f"mean of {names[0]}",
        f"mean of {names[1]}",
        f"spread of {names[0]}",
        f"spread of {names[1]}",
    )
    return made_contents(model, titles[view], _trace(model, found, view), sides, selection)


@dataclass(frozen=True, eq=False)
class Strongest:
    """The samples that differ most.

    Parameters
    ----------
    layers, steps, channels : ndarray, shape (k,), int64
        Which they are.
    sheet : Sheet
        With effects, means and spreads.
    """

    layers: NDArray[np.int64]
    steps: NDArray[np.int64]
    channels: NDArray[np.int64]
    sheet: Sheet


def strongest(model: ModelDescription, found: TwoGroups) -> Strongest:
    """Return the samples of all layers with the largest effects, the largest first."""
    effects, layers, places = [], [], []
    for layer in range(len(model.layers)):
        g = found.effect(layer + 1).ravel()
        known = np.flatnonzero(np.isfinite(g))
        top = known[np.argsort(-np.abs(g[known]), kind="stable")[:_MOST_LISTED]]
        effects.append(g[top])
        layers.append(np.full(len(top), layer))
        places.append(top)
    g, layer_of, place_of = (np.concatenate(part) for part in (effects, layers, places))
    order = np.argsort(-np.abs(g), kind="stable")[:_MOST_LISTED]
    g, layer_of, place_of = g[order], layer_of[order], place_of[order]
    steps, channels = np.zeros(len(g), np.int64), np.zeros(len(g), np.int64)
    columns = np.zeros((4, len(g)))
    for layer in np.unique(layer_of):
        own = layer_of == layer
        shape = found.first.means[layer + 1].shape
        width = shape[-1] if len(shape) > 1 else 1
        steps[own], channels[own] = place_of[own] // width, place_of[own] % width
        for row, values in enumerate(
            (
                found.first.means[layer + 1],
                found.second.means[layer + 1],
                spread(found.first, layer + 1),
                spread(found.second, layer + 1),
            )
        ):
            columns[row, own] = values.ravel()[place_of[own]]
    low, high = found.interval(g)
    names = np.array([model.layers[layer].name for layer in layer_of], object)
    sheet = Sheet(
        ("layer", "step", "channel", "g", "95 % from", "to", "mean 1", "mean 2", "SD 1", "SD 2"),
        (names, steps.astype(float), channels.astype(float), g, low, high, *columns),
        ("", ".0f", ".0f", ".3f", ".3f", ".3f", ".4g", ".4g", ".4g", ".4g"),
    )
    return Strongest(layer_of, steps, channels, sheet)


def sample_panel(
    model: ModelDescription, found: TwoGroups, layer: int, step: int, channel: int
) -> Panel:
    """Return one channel of a layer along its steps: both means with their spread."""
    info = model.layers[layer]
    lines = []
    for group, name, colour in zip((found.first, found.second), found.names, (0, 1), strict=True):
        mean, sd = group.means[layer + 1], spread(group, layer + 1)
        if mean.ndim > 2:  # planes: rows one behind the other
            mean, sd = (values.reshape(-1, values.shape[-1]) for values in (mean, sd))
        if mean.ndim == 2:
            mean, sd = mean[:, channel], sd[:, channel]
        x = np.arange(len(mean), dtype=float)
        lines.append(Line(name, x, mean, mean - sd, mean + sd, colour, points=len(x) < 40))
    if 0 <= step < len(lines[0].x):
        at = np.full(2, float(step))
        ends = np.array([min(line.y[step] for line in lines), max(line.y[step] for line in lines)])
        lines.append(Line("", at, ends, colour=INK, dashed=True))
    vector = len(info.output_shape) == 1
    what = "mean and spread of its units" if vector else f"channel {channel}, mean and spread"
    return Panel(f"{info.name}: {what}", "unit" if vector else "step", "output", tuple(lines))


def sentence(found: TwoGroups, refused: int) -> str:
    """Return who was compared."""
    left = f" The network reads {refused:,} of them not." if refused else ""
    return (
        f"{found.names[0]} ({found.first.count:,}) minus {found.names[1]} "
        f"({found.second.count:,}): Hedges' g of every sample, from means and variances that were "
        f"gathered in chunks.{left}"
    )
