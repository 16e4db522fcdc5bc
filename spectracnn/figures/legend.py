"""Legends below the figure: never over the curves, never shrunk, and cut with a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.lines import Line2D

from spectracnn.figures.arrange import MARGIN
from spectracnn.figures.style import POINTS
from spectracnn.figures.text import shortened, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

    from spectracnn.figures.style import Style

Item = tuple["Artist", str]
_LONGEST = 32


def legend_below(
    figure: Figure,
    items: Sequence[Item],
    style: Style,
    share: float = 0.25,
    *,
    outside: bool = True,
) -> Legend | None:
    """Put a legend under everything else.

    Parameters
    ----------
    figure : Figure
        To which the legend belongs.
    items : sequence of (Artist, str)
        The most important first: those at the end are cut where there is no room.
    style : Style
        Of the figure.
    share : float
        How much of the figure's height the legend may take.
    outside : bool
        Whether the figure's layout makes room for it; else whoever arranges the figure does.
    """
    if not items:
        return None
    width = figure.get_figwidth() * POINTS - 2 * style.font_size
    rows = max(1, int(share * figure.get_figheight() * POINTS / style.line))
    names = [_fitted(figure, name, style, width) for _, name in items]
    widest = max(text_width(figure, name, style.font_size) for name in names)
    column = widest + 4.2 * style.font_size
    columns = min(max(1, int(width / column)), len(names))
    handles = [handle for handle, _ in items]
    room = rows * columns
    if len(names) > room:
        kept = max(room - 1, 1)
        more = f"+ {len(names) - kept} more"
        handles, names = [*handles[:kept], Line2D([], [], linestyle="none")], [*names[:kept], more]
    return _place(figure, handles, names, columns, style, outside=outside)


def _fitted(figure: Figure, name: str, style: Style, width: float) -> str:
    name = shortened(" ".join(name.split()), _LONGEST)
    room = width - 4.2 * style.font_size
    while len(name) > 6 and text_width(figure, name, style.font_size) > room:
        name = shortened(name, len(name) - 2)
    return name


def _place(
    figure: Figure,
    handles: list[Artist],
    names: list[str],
    columns: int,
    style: Style,
    *,
    outside: bool,
) -> Legend:
    # Names go in afterwards: matplotlib drops labels that begin with an underscore.
    high = figure.get_figheight() * POINTS
    legend = figure.legend(
        handles,
        [" "] * len(handles),
        loc="outside lower center" if outside else "lower center",
        bbox_to_anchor=None if outside else (0.5, MARGIN * style.font_size / high),
        ncols=columns,
        handlelength=1.6,
        handletextpad=0.6,
        columnspacing=1.6,
        labelspacing=0.35,
        borderpad=0.2,
        borderaxespad=0.2 if outside else 0.0,
    )
    for text, name in zip(legend.get_texts(), names, strict=True):
        text.set_text(name)
    return legend


def key_beside(bar: Axes, items: Sequence[Item], style: Style, height: float) -> None:
    """Write the channel numbers in their colours into the narrow axes at the right of a row."""
    bar.set_axis_off()
    size = style.small()
    rows = max(1, int(height / (1.15 * size)))
    columns = 2
    numbered = [
        (line, name.removeprefix("channel "))
        for line, name in items
        if isinstance(line, Line2D) and name.startswith("channel ")
    ]
    for place, (line, name) in enumerate(numbered[: rows * columns]):
        last = place == rows * columns - 1 and len(numbered) > rows * columns
        text = bar.annotate(
            "\u2026" if last else name,
            (0, 1),
            xycoords="axes fraction",
            xytext=(place // rows * 2.6 * size, -(place % rows) * 1.15 * size),
            textcoords="offset points",
            va="top",
            fontsize=size,
            fontweight="bold",
        )
        text.set_color(line.get_color())
