"""The pages about a cohort as figures: the same panels as on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.ticker import MaxNLocator

from spectracnn.figures.axes import plain_frame
from spectracnn.figures.stack import new_figure, settle
from spectracnn.figures.style import POINTS, TALLEST, active
from spectracnn.figures.text import shortened
from spectracnn.view.cohort.panels import BAD, GOOD, INK, MUTED
from spectracnn.view.palettes import Palette, colour_table, curve_colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from spectracnn.figures.style import Style
    from spectracnn.view.cohort.panels import Bars, CohortPicture, Line, Matrix, Panel

_COLUMNS = 2
_TWO_COLUMNS = 340.0
"""Points; a narrower figure has one column."""
_MOST_IN_LEGEND = 21
_LETTERS = 22
_MANY_ROWS = 12


def cohort_figure(picture: CohortPicture, style: Style) -> Figure:
    """Return a page as a figure.

    Parameters
    ----------
    picture : CohortPicture
        What is shown.
    style : Style
        How.
    """
    count = len(picture.panels)
    columns = 1 if style.width * POINTS < _TWO_COLUMNS else min(_COLUMNS, count)
    rows = -(-count // columns)
    with active(style):
        share = 0.5 if columns == 2 else 0.62
        alone = picture.panels[0].matrix if count == 1 else None
        if alone is not None and len(alone.rows) > _MANY_ROWS:
            share = 0.95  # no number may touch the one below
        figure = new_figure(style, min(rows * share * style.width, TALLEST) * POINTS)
        for place, panel in enumerate(picture.panels):
            _draw(figure.add_subplot(rows, columns, place + 1), panel, style)
        figure.suptitle(
            picture.title, x=0.01, ha="left", fontweight="bold", fontsize=style.font_size
        )
        settle(figure, style)
    return figure


def _colour(code: int, style: Style) -> str:
    tokens = style.tokens
    special = {MUTED: tokens.muted, INK: tokens.ink, GOOD: tokens.good, BAD: tokens.error}
    return special.get(code) or curve_colour(code, tokens.dark)


def _draw(axes: Axes, panel: Panel, style: Style) -> None:
    plain_frame(axes)
    axes.set_title(shortened(panel.title, 60), loc="left", gid="title")
    axes.set_xlabel(panel.x_label)
    axes.set_ylabel(panel.y_label)
    thin: dict[str, Any] = {"color": style.tokens.muted, "linewidth": 0.8, "linestyle": "--"}
    if panel.diagonal:
        axes.axline((0, 0), slope=1, **thin)
    for value in panel.baselines:
        axes.axhline(value, **thin)
    for value in panel.verticals:
        axes.axvline(value, **thin)
    if panel.matrix is not None:
        _matrix(axes, panel.matrix, style)
    if panel.bars is not None:
        _bars(axes, panel.bars, style)
    for line in panel.lines:
        _line(axes, line, style)
    if panel.lines and all(_counts(line.x) for line in panel.lines):
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    named = [line for line in panel.lines if line.label]
    if 1 < len(named):
        size = 0.75 if len(named) > 8 else 0.85
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(
            handles[:_MOST_IN_LEGEND], labels[:_MOST_IN_LEGEND], frameon=False,
            fontsize=style.small(size), labelspacing=0.2,
        )  # fmt: skip
    if panel.x_range is not None:
        axes.set_xlim(*panel.x_range)
    if panel.y_range is not None:
        axes.set_ylim(*panel.y_range)
    if panel.ticks:
        axes.set_xticks([at for at, _ in panel.ticks], [text for _, text in panel.ticks])


def _counts(values: NDArray[np.float64]) -> bool:
    """Whether these are whole numbers, such as epochs, and no shares from 0 to 1."""
    return bool(values.size) and float(values.max()) > 1 and np.array_equal(values, np.rint(values))


def _line(axes: Axes, line: Line, style: Style) -> None:
    colour = _colour(line.colour, style)
    faint = 0.45 if line.colour == MUTED else 1.0
    if line.low is not None and line.high is not None:
        if line.joined:
            axes.fill_between(line.x, line.low, line.high, color=colour, alpha=0.18, linewidth=0)
        else:
            axes.vlines(line.x, line.low, line.high, color=colour, alpha=0.6, linewidth=0.8)
    many = line.points and not line.joined and len(line.x) > 200
    axes.plot(
        line.x,
        line.y,
        color=colour,
        alpha=0.4 if many else faint,
        linewidth=(1.4 if line.colour != MUTED else 0.8) if line.joined else 0,
        linestyle="--" if line.dashed else "-",
        marker="o" if line.points else "",
        markersize=2.5 if many else 3.5,
        markeredgewidth=0,
        label=line.label or "_",
        rasterized=many,
    )


def _bars(axes: Axes, bars: Bars, style: Style) -> None:
    at = np.arange(len(bars.names))
    colours = [_colour(code, style) for code in bars.colours or (0,) * len(at)]
    axes.barh(at, np.nan_to_num(bars.values), color=colours, height=0.72)
    if bars.low is not None and bars.high is not None:
        axes.hlines(at, bars.low, bars.high, color=style.tokens.ink, linewidth=1.0)
    if np.array_equal(bars.values, np.rint(bars.values)):  # counts
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    size = style.small(0.8)
    # Behind the interval, which would strike the number out.
    ends = bars.values if bars.high is None else np.fmax(bars.values, bars.high)
    for place, text in enumerate(bars.texts):
        axes.text(ends[place], place, f" {text}", va="center", fontsize=size)
    _names(axes.set_yticks, bars.names, size)
    axes.set_ylim(len(at) - 0.4, -0.6)


def _matrix(axes: Axes, matrix: Matrix, style: Style) -> None:
    table = colour_table(Palette.SIGNED if matrix.signed else Palette.POSITIVE, style.tokens.dark)
    low = -matrix.limit if matrix.signed else 0.0
    axes.imshow(
        np.ma.masked_invalid(matrix.values),
        cmap=ListedColormap(table / 255.0),
        norm=Normalize(low, matrix.limit),
        aspect="auto",
        interpolation="nearest",
    )
    size = style.small(0.85 if len(matrix.rows) <= 12 else 0.6)
    for row, texts in enumerate(matrix.texts):
        for column, text in enumerate(texts):
            strong = abs(matrix.values[row, column]) > 0.5 * matrix.limit
            ink = style.tokens.ground if strong else style.tokens.ink
            axes.text(column, row, text, ha="center", va="center", fontsize=size, color=ink)
    _names(axes.set_yticks, matrix.rows, size)
    _names(axes.set_xticks, matrix.columns, size, rotation=90)


def _names(put: Any, names: tuple[str, ...], size: float, **how: Any) -> None:
    short = [shortened(name, _LETTERS) for name in names]
    put(np.arange(len(names)), short, fontsize=size, **how)
