"""The layout of a stack of rows: what stands around each row's axes is measured once.

Matplotlib's constrained layout does the same for any grid, but measures everything twice and more,
which was half of the time that a preview took. Here the heights are known, and only the widths of
tick labels and the like are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from matplotlib.text import Text

from spectracnn.figures.style import POINTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

    from spectracnn.figures.style import Style

MARGIN = 0.6
"""Font sizes that stay free around a figure."""
_BETWEEN, _BESIDE, _BAR = 0.45, 0.9, 0.9
"""Font sizes between rows, between axes and their colour bar, and the bar's width."""
_LEAST = 1.0
"""Points that axes keep, however little room there is."""


@dataclass
class _Around:
    """What stands outside of axes, in points."""

    left: float = 0.0
    right: float = 0.0
    below: float = 0.0
    above: float = 0.0


def arrange(
    figure: Figure,
    pairs: Sequence[tuple[Axes, Axes | None]],
    heights: Sequence[float],
    legend: Legend | None,
    style: Style,
) -> None:
    """Put rows of axes below each other, their edges aligned to the pixel.

    Parameters
    ----------
    figure : Figure
        Of final size.
    pairs : sequence of (Axes, Axes or None)
        Of each row, with the narrow ones at its side where there are any.
    heights : sequence of float
        How the height that is left is shared.
    legend : Legend or None
        At the bottom, below all rows.
    style : Style
        How.
    """
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    em, unit = style.font_size, POINTS / figure.dpi
    around = [_around(axes, renderer, unit) for axes, _ in pairs]
    beside = [_Around() if bar is None else _around(bar, renderer, unit) for _, bar in pairs]
    wide, high = figure.bbox.width * unit, figure.bbox.height * unit
    left = MARGIN * em + max(item.left for item in around)
    right = wide - MARGIN * em - max(item.right for item in around)
    if any(bar is not None for _, bar in pairs):
        side = _BAR * em + max(item.right for item in beside)
        right = min(right, wide - MARGIN * em - side - _BESIDE * em)
    above = [max(one.above, two.above) for one, two in zip(around, beside, strict=True)]
    below = [max(one.below, two.below) for one, two in zip(around, beside, strict=True)]
    foot = 0.0
    if legend is not None:
        foot = legend.get_window_extent(renderer).height * unit + _BETWEEN * em
    taken = 2 * MARGIN * em + foot + sum(above) + sum(below) + _BETWEEN * em * (len(pairs) - 1)
    share = max(high - taken, 0.0) / max(sum(heights), 1e-9)
    top = high - MARGIN * em
    for place, (axes, bar) in enumerate(pairs):
        top -= above[place]
        bottom = top - max(heights[place] * share, _LEAST)
        _place(figure, axes, left, max(right, left + _LEAST), bottom, top)
        if bar is not None:
            start = right + _BESIDE * em
            _place(figure, bar, start, start + _BAR * em, bottom, top)
        top = bottom - below[place] - _BETWEEN * em


def _around(axes: Axes, renderer: Any, unit: float) -> _Around:
    """Measure ticks, labels, the title, and texts that ask for room."""
    found, box = _Around(), axes.bbox
    parts: list[Any] = []
    if axes.axison:
        parts += [axis.get_tightbbox(renderer) for axis in (axes.xaxis, axes.yaxis)]
    for child in axes.get_children():
        if not isinstance(child, Text) or not child.get_text() or not child.get_visible():
            continue
        if child.get_gid() == "title":  # cut to the width that there is
            found.above = max(found.above, (child.get_window_extent(renderer).y1 - box.y1) * unit)
        elif child.get_in_layout():
            parts.append(child.get_window_extent(renderer))
    for part in parts:
        if part is not None:
            found.left = max(found.left, (box.x0 - part.x0) * unit)
            found.right = max(found.right, (part.x1 - box.x1) * unit)
            found.below = max(found.below, (box.y0 - part.y0) * unit)
            found.above = max(found.above, (part.y1 - box.y1) * unit)
    return found


def _place(
    figure: Figure, axes: Axes, left: float, right: float, bottom: float, top: float
) -> None:
    """Put axes at places in points, at whole pixels: there they look crisp."""
    wide, high, unit = figure.bbox.width, figure.bbox.height, figure.dpi / POINTS
    x0, x1 = round(left * unit), round(right * unit)
    y0, y1 = round(bottom * unit), round(top * unit)
    axes.set_position((x0 / wide, y0 / high, (x1 - x0) / wide, max(y1 - y0, 1) / high))
