"""Rows of axes, one below the other, whose left and right edges are aligned to the pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from spectracnn.figures.arrange import MARGIN, arrange
from spectracnn.figures.legend import Item, legend_below
from spectracnn.figures.style import POINTS, SMALLEST_TEXT, TALLEST, Style
from spectracnn.figures.text import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

_AT_FIRST = (0.1, 0.1, 0.8, 0.8)
"""Where axes are before they are arranged."""
_FLATTEST = 1.2
"""Lines of text that a row is high at least."""


class Side:
    """The narrow place at the right of a row, for a colour bar or a key.

    Its axes are made when they are first asked for: axes cost more than all that is drawn on them.
    """

    def __init__(self, figure: Figure) -> None:
        self._figure = figure
        self.made: Axes | None = None

    @property
    def axes(self) -> Axes:
        """Empty at first."""
        if self.made is None:
            self.made = self._figure.add_axes(_AT_FIRST, label="side")
        return self.made


@dataclass(frozen=True, eq=False)
class FigureRow:
    """One row of a figure.

    Parameters
    ----------
    draw : callable
        ``draw(axes, side, style, room)`` fills the row's axes and, where it needs it, the narrow
        place at its side, knows about how wide and high the axes will be in points, and returns
        legend items.
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

    draw: Callable[[Axes, Side, Style, tuple[float, float]], list[Item]]
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
    figure = Figure(figsize=(style.width, total / POINTS), dpi=style.dpi)
    FigureCanvasAgg(figure)
    room = style.width * POINTS - 12 * style.font_size
    items: list[Item] = []
    pairs: list[tuple[Axes, Axes | None]] = []
    for row, height in zip(rows, heights, strict=True):
        axes, side = figure.add_axes(_AT_FIRST, label="row"), Side(figure)
        items += row.draw(axes, side, style, (room, height))
        _decorate(axes, row, style)
        pairs.append((axes, side.made))
    legend = legend_below(figure, items, style, legend_share, outside=False)
    arrange(figure, pairs, heights, legend, style)
    _cut_titles(figure, style)
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
    margin = MARGIN * style.font_size
    across, up = margin / (style.width * POINTS), margin / height
    return across, up, 1 - 2 * across, 1 - 2 * up


def _decorate(axes: Axes, row: FigureRow, style: Style) -> None:
    gap = 0.45 * style.font_size
    # With a place given, matplotlib looks for no other at each drawing; so with empty labels below.
    if row.title:
        title = axes.set_title(row.title, loc="left", fontweight="bold", gid="title", y=1.0)
        place: dict[str, Any] = {"xy": (1, 0), "xycoords": title, "xytext": (2 * gap, 0)}
        _subtitle(axes, row, style, place | {"va": "bottom"})
    else:
        axes.set_title(row.subtitle, loc="left", color=style.tokens.muted, gid="title", y=1.0)
    if row.label:
        axes.set_xlabel(row.label)
    if not row.ticks:
        axes.tick_params(axis="x", labelbottom=False)
    for axis in (axes.xaxis, axes.yaxis):
        if not axis.get_label_text():
            axis.set_label_coords(0.0, 0.0)


def _subtitle(axes: Axes, row: FigureRow, style: Style, place: dict[str, Any]) -> None:
    text = axes.annotate(
        row.subtitle, textcoords="offset points", color=style.tokens.muted, gid="subtitle", **place
    )
    # It is cut to the room that the layout leaves, so the layout must not make room for it.
    text.set_in_layout(False)


def settle(figure: Figure, style: Style) -> None:
    """Run the layout once and keep it; then cut titles to the width that there is."""
    engine = figure.get_layout_engine()
    if engine is not None:  # a drawing would run it too, and draw everything for nothing
        engine.execute(figure)
    figure.set_layout_engine("none")
    _snap(figure)
    _cut_titles(figure, style)


def _cut_titles(figure: Figure, style: Style) -> None:
    right = figure.bbox.width - MARGIN * style.font_size * figure.dpi / POINTS
    for text in figure.texts:  # the title of the whole
        fit(text, (right - text.get_window_extent().x0) * POINTS / figure.dpi)
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
