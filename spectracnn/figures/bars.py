"""The class bars on axes of a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.figures.axes import message, plain_frame
from spectracnn.figures.text import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spectracnn.figures.style import Style
    from spectracnn.view.contents import PredictionContents

_STACKED = 1.16
BAR = 1.55
"""Height of one bar with its gap, in font sizes."""


def draw_bars(
    axes: Axes,
    prediction: PredictionContents,
    style: Style,
    height: float,
    *,
    stacked: bool = False,
) -> None:
    """Draw the classes in descending order, as many as there is room for.

    Parameters
    ----------
    axes : Axes
        Empty.
    prediction : PredictionContents
        What is shown.
    style : Style
        How.
    height : float
        About how high the axes will be, in points.
    stacked : bool
        Whether other rows stand above, whose width the numbers must not change.
    """
    if not prediction.classes:
        words = [part for part in (prediction.headline, prediction.detail) if part]
        message(axes, "\n".join(words), style)
        return
    if prediction.texts:
        rows = zip(prediction.classes, prediction.texts, strict=True)
        message(axes, "\n".join(f"{name}: {text}" for name, text in list(rows)[:12]), style)
        return
    names, shares = list(prediction.classes), prediction.probabilities.astype(np.float64)
    lengths = shares
    room = max(2, int(height / (BAR * style.font_size)))
    if len(names) > room:
        kept = room - 1
        names = [*names[:kept], f"+ {len(names) - kept} more"]
        shares = np.append(shares[:kept], shares[kept:].sum())
        # What the others have together is said, but a long bar of it would mislead.
        lengths = np.append(shares[:kept], 0.0)
    places = np.arange(len(names))
    colours = [style.tokens.accent, *[style.tokens.muted] * (len(names) - 1)]
    axes.barh(places, np.nan_to_num(lengths), height=0.66, color=colours)
    if prediction.reference is not None:
        known = np.nan_to_num(prediction.reference[: len(names) if len(names) < room else room - 1])
        axes.vlines(
            known,
            places[: known.size] - 0.45,
            places[: known.size] + 0.45,
            color=style.tokens.ink,
            linewidth=1.2,
        )
    axes.set_yticks(places, labels=[shortened(name, 24) for name in names])
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlim(0, _STACKED if stacked else 1)
    plain_frame(axes)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="x", length=0, labelbottom=False)
    axes.tick_params(axis="y", length=0)
    for place, share, length in zip(places, shares, lengths, strict=True):
        number = axes.annotate(
            f"{100 * share:.1f} %",
            (min(max(float(np.nan_to_num(length)), 0.0), 1.0), float(place)),
            xytext=(0.4 * style.font_size, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.small(),
        )
        number.set_in_layout(not stacked)
