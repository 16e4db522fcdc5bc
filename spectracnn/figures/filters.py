"""A layer's filters as a figure: weights beside the frequencies that they pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.colors import ListedColormap

from spectracnn.figures.stack import new_figure, settle
from spectracnn.figures.style import POINTS, TALLEST, active
from spectracnn.figures.text import number
from spectracnn.view.palettes import Palette, colour_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from spectracnn.figures.style import Style
    from spectracnn.view.filters import Filter
    from spectracnn.view.tool_pictures import FiltersPicture

_ROW, _ABOVE = 6.0, 4.5
"""Font sizes that a row of filters is high, and what stands above them."""
_MOST, _NARROWEST = 60, 120.0
"""Filters in one figure, and points that one of them is wide at least."""

_LONGEST = 4
"""How many times longer than high an image may be with square cells."""

_LINE = "from 0 to 0.5 cycles per sample"
_PLANE = "from 0 to 0.5 cycles per column (right) and -0.5 to 0.5 per row (up)"


def filters_figure(picture: FiltersPicture, style: Style) -> Figure:
    """Return a grid of filters in the order that is shown.

    Parameters
    ----------
    picture : FiltersPicture
        What is shown.
    style : Style
        How.
    """
    columns = max(1, min(len(picture.filters), int(style.width * POINTS / _NARROWEST)))
    page = int((TALLEST * POINTS / style.font_size - _ABOVE) / _ROW)
    shown, images = picture.filters[: min(_MOST, columns * page)], len(picture.window) == 2
    rows = -(-len(shown) // columns)
    top = max((float(np.abs(one.kernel).max(initial=0.0)) for one in shown), default=1.0) or 1.0
    loud = max((float(one.response.max(initial=0.0)) for one in shown), default=1.0) or 1.0
    with active(style):
        figure = new_figure(style, (rows * _ROW + _ABOVE) * style.font_size)
        grid = figure.add_gridspec(rows, 2 * columns)
        for place, one in enumerate(shown):
            row, column = divmod(place, columns)
            weights = figure.add_subplot(grid[row, 2 * column])
            if images:
                _draw_image(weights, one, picture.window, top, style)
            else:
                _draw_weights(weights, one, top, style)
            value = one.worth(picture.ranking)
            known = "" if value is None else f"  {number(float(f'{value:.3g}'))}"
            weights.set_title(f"{one.channel}{known}", loc="left", fontsize=style.small())
            response = figure.add_subplot(grid[row, 2 * column + 1])
            if images:
                _draw_plane(response, one, loud, style)
            else:
                _draw_response(response, one, loud, style)
        left_out = len(picture.filters) - len(shown)
        more = f" ({left_out} more are not drawn)" if left_out else ""
        figure.suptitle(
            f"{picture.title}{more}: weights, and |H| {_PLANE if images else _LINE}",
            x=0.01, ha="left", fontsize=style.font_size, parse_math=False,
        )  # fmt: skip
        settle(figure, style)
    return figure


def _draw_weights(axes: Axes, one: Filter, top: float, style: Style) -> None:
    """Draw every input channel thinly, and the strongest one strongly."""
    taps = np.arange(one.kernel.shape[0])
    axes.axhline(0.0, color=style.tokens.line, linewidth=0.6)
    for channel, column in enumerate(one.kernel.T):
        strongest = channel == one.strongest
        axes.plot(
            taps,
            column,
            color=style.tokens.accent if strongest else style.tokens.muted,
            linewidth=1.2 if strongest else 0.4,
            alpha=1.0 if strongest else 0.35,
            marker="o" if strongest else None,
            markersize=2.0,
            zorder=3 if strongest else 2,
        )
    axes.set_ylim(-1.1 * top, 1.1 * top)
    _bare(axes, style)


def _draw_image(axes: Axes, one: Filter, window: tuple[int, ...], top: float, style: Style) -> None:
    """Draw the strongest input channel as an image."""
    values = one.kernel[:, one.strongest].reshape(window)
    table = colour_table(Palette.SIGNED, style.tokens.dark) / 255.0
    axes.imshow(
        values, cmap=ListedColormap(table), vmin=-top, vmax=top, interpolation="nearest",
        aspect="equal" if max(window) <= _LONGEST * min(window) else "auto",
    )  # fmt: skip
    _bare(axes, style)


def _draw_plane(axes: Axes, one: Filter, loud: float, style: Style) -> None:
    """Draw what passes: along the columns to the right, along the rows upwards."""
    table = colour_table(Palette.POSITIVE, style.tokens.dark) / 255.0
    axes.imshow(
        one.response, cmap=ListedColormap(table), vmin=0.0, vmax=loud, origin="lower",
        extent=(0.0, 0.5, -0.5, 0.5), aspect="auto", interpolation="bilinear",
    )  # fmt: skip
    _bare(axes, style)


def _draw_response(axes: Axes, one: Filter, loud: float, style: Style) -> None:
    at = np.linspace(0.0, 0.5, one.response.size)
    axes.fill_between(at, one.response, color=style.tokens.warning, alpha=0.25, linewidth=0)
    axes.plot(at, one.response, color=style.tokens.warning, linewidth=1.0)
    axes.set_ylim(0.0, 1.05 * loud)
    axes.set_xlim(0.0, 0.5)
    _bare(axes, style)


def _bare(axes: Axes, style: Style) -> None:
    """Leave out ticks: all filters of the figure share their scales, and the title names them."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_edgecolor(style.tokens.line)
        spine.set_linewidth(0.6)
