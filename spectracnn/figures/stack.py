"""Rows of axes, one below the other, whose left and right edges are aligned to the pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from spectracnn.figures.legend import Item, legend_below
from spectracnn.figures.style import POINTS, SMALLEST_TEXT, TALLEST, Style
from spectracnn.figures.text import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

_FLATTEST = 1.2
"""Lines of text that a row is high at least."""


@dataclass(frozen=True, eq=False)
class FigureRow:
    """One row of a figure.

    Parameters
    ----------
    draw : callable
        ``draw(axes, bar, style, room)`` fills the row's axes and its narrow neighbour for a colour
        bar, knows about how wide and high the axes will be in points, and returns legend items.
    height : float
        What the axes should be high, in points.
    below : float
        What tick labels below need, in lines of text.
    title, subtitle : str
        The line above: bold, and muted beside it.
    label : str
        Under the horizontal axis.
    ticks : bool
        Whether the horizontal axis shows its numbers.
    least : float
        What the axes are high at least, in points.
    """

    draw: Callable[[Axes, Axes, Style, tuple[float, float]], list[Item]]
    height: float
    below: float = 0.0
    title: str = ""
    subtitle: str = ""
    label: str = ""
    ticks: bool = True
    least: float = 0.0

    @property
    def chrome(self) -> float:
        """Lines of text that everything but the axes needs."""
        titled = 1.3 if self.title or self.subtitle else 0.0
        return 0.5 + titled + self.below + (1.2 if self.label else 0.0)


def rows_figure(rows: Sequence[FigureRow], style: Style, *, legend_share: float = 0.25) -> Figure:
    """Return a figure of these rows.

    Where the height that was asked for cannot hold the rows with letters that can be read, the
    letters shrink to the smallest readable ones, and then the figure grows.

    Parameters
    ----------
    rows : sequence of FigureRow
        From top to bottom.
    style : Style
        How.
    legend_share : float
        How much of the height the legend may take.
    """
    style, heights, total = _heights(rows, style)
    figure = new_figure(style, total)
    width = style.width * POINTS
    bar = 0.9 * style.font_size
    grid = figure.add_gridspec(
        len(rows), 2, height_ratios=heights, width_ratios=[1, bar / (width - 12 * style.font_size)]
    )
    items: list[Item] = []
    for place, (row, height) in enumerate(zip(rows, heights, strict=True)):
        axes, side = figure.add_subplot(grid[place, 0]), figure.add_subplot(grid[place, 1])
        items += row.draw(axes, side, style, (width - 12 * style.font_size, height))
        _decorate(axes, row, style)
    legend_below(figure, items, style, legend_share)
    settle(figure, style)
    return figure


def room_needed(rows: Sequence[FigureRow], style: Style) -> float:
    """Return how high a figure of these rows must be at least, in points."""
    chrome = sum(row.chrome for row in rows) + 1.0
    return chrome * style.line + sum(max(row.least, _FLATTEST * style.line) for row in rows)


def _heights(rows: Sequence[FigureRow], style: Style) -> tuple[Style, list[float], float]:
    """Return a style whose letters fit, the rows' heights and the figure's, in points."""
    wanted = [row.height for row in rows]
    chrome = sum(row.chrome for row in rows) + 1.0
    if style.height is None:
        free = max(TALLEST * POINTS - chrome * style.line, 0.0)
        if sum(wanted) > free:
            wanted = _shared(rows, free)
        return style, wanted, sum(wanted) + chrome * style.line
    total = style.height * POINTS
    least = chrome + _FLATTEST * len(rows)
    smallest = min(SMALLEST_TEXT * POINTS / style.dpi, style.font_size)
    # Letters take half of the height at most; the rest is for the pictures.
    size = min(max(total / (1.45 * 2 * chrome), smallest), style.font_size)
    style = replace(style, font_size=size)
    total = max(total, least * style.line)
    free = total - chrome * style.line
    share = free / sum(wanted)
    heights = [max(height * share, _FLATTEST * style.line) for height in wanted]
    return replace(style, height=total / POINTS), heights, total


def _shared(rows: Sequence[FigureRow], free: float) -> list[float]:
    """Share a height between rows by what they want, none below what it needs."""
    heights = [row.least for row in rows]
    open_rows = [place for place, row in enumerate(rows) if row.height > row.least]
    left = free - sum(row.least or row.height for row in rows if row.height <= row.least)
    while open_rows:
        share = max(left, 0.0) / sum(rows[place].height for place in open_rows)
        low = [p for p in open_rows if rows[p].height * share < rows[p].least]
        if not low:
            for place in open_rows:
                heights[place] = rows[place].height * min(share, 1.0)
            break
        left -= sum(rows[place].least for place in low)
        open_rows = [place for place in open_rows if place not in low]
    return heights


def new_figure(style: Style, height: float) -> Figure:
    """Return an empty figure so many points high, whose layout makes room for its texts."""
    figure = Figure(figsize=(style.width, height / POINTS), dpi=style.dpi, layout="constrained")
    FigureCanvasAgg(figure)
    pad = 0.22 * style.font_size / POINTS
    engine: Any = figure.get_layout_engine()
    engine.set(w_pad=2 * pad, h_pad=pad, wspace=0, hspace=0, rect=_inset(style, height))
    return figure


def _inset(style: Style, height: float) -> tuple[float, float, float, float]:
    """Return the part of the figure that is drawn on: a quiet margin stays around it."""
    margin = 0.6 * style.font_size
    across, up = margin / (style.width * POINTS), margin / height
    return across, up, 1 - 2 * across, 1 - 2 * up


def _decorate(axes: Axes, row: FigureRow, style: Style) -> None:
    gap = 0.45 * style.font_size
    if row.title:
        title = axes.set_title(row.title, loc="left", fontweight="bold", gid="title")
        place: dict[str, Any] = {"xy": (1, 0), "xycoords": title, "xytext": (2 * gap, 0)}
        _subtitle(axes, row, style, place | {"va": "bottom"})
    else:
        axes.set_title(row.subtitle, loc="left", color=style.tokens.muted, gid="title")
    if row.label:
        axes.set_xlabel(row.label)
    if not row.ticks:
        axes.tick_params(axis="x", labelbottom=False)


def _subtitle(axes: Axes, row: FigureRow, style: Style, place: dict[str, Any]) -> None:
    text = axes.annotate(
        row.subtitle, textcoords="offset points", color=style.tokens.muted, gid="subtitle", **place
    )
    # It is cut to the room that the layout leaves, so the layout must not make room for it.
    text.set_in_layout(False)


def settle(figure: Figure, style: Style) -> None:
    """Run the layout once and keep it; then cut titles to the width that there is."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    _snap(figure)
    right = figure.bbox.width - 0.6 * style.font_size * figure.dpi / POINTS
    for axes in figure.axes:
        for text in axes.findobj(Text):
            if text.get_gid() in {"title", "subtitle"} and isinstance(text, Text):
                left = text.get_window_extent().x0
                fit(text, (right - left) * POINTS / figure.dpi)


def _snap(figure: Figure) -> None:
    """Move edges of axes to whole pixels: they look crisp, and the solver's last digits vary."""
    wide, high = figure.bbox.width, figure.bbox.height
    for axes in figure.axes:
        box = axes.get_position()
        x0, x1 = round(box.x0 * wide), round(box.x1 * wide)
        y0, y1 = round(box.y0 * high), round(box.y1 * high)
        axes.set_position((x0 / wide, y0 / high, (x1 - x0) / wide, (y1 - y0) / high))
