"""Comparison, embedding, small multiples and statistics as figures."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import Bbox

from spectracnn.core.atomic import atomic_path
from spectracnn.errors import ExportError
from spectracnn.figures.axes import plain_frame
from spectracnn.figures.cohort import cohort_figure
from spectracnn.figures.draw import attribution_figure, layers_figure
from spectracnn.figures.export import FORMATS, metadata
from spectracnn.figures.filters import filters_figure
from spectracnn.figures.inspector import inspector_figure
from spectracnn.figures.job import MM_PER_INCH
from spectracnn.figures.legend import legend_below
from spectracnn.figures.stack import new_figure, settle
from spectracnn.figures.style import POINTS, TALLEST, active, make_style
from spectracnn.figures.text import fit, number, shortened
from spectracnn.figures.what_if import what_if_figure
from spectracnn.view.cohort.panels import CohortPicture
from spectracnn.view.inspect.picture import InspectorPicture
from spectracnn.view.palettes import Palette, colour_table
from spectracnn.view.tool_pictures import (
    ComparePicture,
    FiltersPicture,
    MultiplesPicture,
    PointsPicture,
    StatisticsPicture,
    WhatIfPicture,
    WhyPicture,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

    from spectracnn.figures.style import Style
    from spectracnn.view.tool_pictures import ToolPicture, ToolView

_MARKERS = {"\u25cf": "o", "\u25a0": "s", "\u25b2": "^", "\u25c6": "D"}
_COLUMNS = 4
_MOST_NAMED = 200
_NARROWEST = 75.0
"""Points that one of several maps is wide at least."""
_DPI = 300


def tool_figure(picture: ToolPicture, style: Style) -> Figure:
    """Return the figure of what a view shows.

    Parameters
    ----------
    picture : ToolPicture
        What is shown.
    style : Style
        How.
    """
    match picture:
        case CohortPicture():
            return cohort_figure(picture, style)
        case WhyPicture(contents):
            return attribution_figure(contents, style)
        case ComparePicture(contents):
            return layers_figure(contents, style)
        case InspectorPicture():
            return inspector_figure(picture, style)
        case WhatIfPicture():
            return what_if_figure(picture, style)
        case FiltersPicture():
            return filters_figure(picture, style)
        case PointsPicture():
            return _points(picture, style)
        case MultiplesPicture():
            return _multiples(picture, style)
        case StatisticsPicture():
            return _statistics(picture, style)


def export_tool(
    view: ToolView, path: Path, origin: Mapping[str, Any] | None = None, width: int | None = None
) -> None:
    """Write what a view shows as PNG, SVG or PDF; the suffix chooses.

    Parameters
    ----------
    view : ToolView
        What is shown.
    path : Path
        The file.
    origin : mapping, optional
        Where its numbers come from, for the file's metadata.
    width : int, optional
        In millimetres; else that of a usual figure.

    Raises
    ------
    ExportError
        If the format is not possible or the file cannot be written; nothing is left behind.
    """
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise ExportError(f"{path.name}: a figure is a .png, .svg or .pdf file.")
    size = None if width is None else (round(width / MM_PER_INCH * _DPI), None)
    style = make_style("dark" if view.dark else "light", dpi=_DPI, size=size)
    with active(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure = tool_figure(view.picture, style)
        with atomic_path(path) as temporary:
            about = metadata(kind, type(view.picture).__name__, origin)
            figure.savefig(temporary, format=kind, dpi=style.dpi, metadata=about)


def _points(picture: PointsPicture, style: Style) -> Figure:
    with active(style):
        figure = new_figure(style, 0.78 * style.width * POINTS)
        axes = figure.add_subplot()
        plain_frame(axes)
        known = np.isfinite(picture.points).all(axis=1)
        for symbol in dict.fromkeys(picture.symbols):
            chosen = known & (np.array(picture.symbols) == symbol)
            colours = [c for c, use in zip(picture.colours, chosen, strict=True) if use]
            x, y = picture.points[chosen].T
            marker = _MARKERS.get(symbol, "o")
            axes.scatter(x, y, s=22, c=colours, marker=marker, zorder=3)
        current = picture.current
        if current is not None and known[current]:
            axes.scatter(
                [picture.points[current][0]],
                [picture.points[current][1]],
                s=90,
                facecolors="none",
                edgecolors=style.tokens.ink,
                linewidths=1.4,
                zorder=4,
            )
        axes.set_xlabel(picture.labels[0])
        axes.set_ylabel(picture.labels[1])
        axes.margins(0.08)
        items: list[tuple[Any, str]] = [
            (
                Line2D([], [], linestyle="none", marker=_MARKERS.get(symbol, "o"), color=colour),
                word,
            )
            for word, colour, symbol in picture.legend
        ]
        legend_below(figure, items, style, 0.2)
        settle(figure, style)
        _name_points(axes, picture, style)
    return figure


def _name_points(axes: Axes, picture: PointsPicture, style: Style) -> None:
    """Write names beside points, but none over another name or point."""
    figure = axes.get_figure(root=True)
    if figure is None:
        return
    known = np.flatnonzero(np.isfinite(picture.points).all(axis=1))
    order = sorted(known.tolist(), key=lambda place: place != picture.current)
    pixels = axes.transData.transform(picture.points[known])
    gap = 0.5 * style.font_size * figure.dpi / POINTS
    taken = [Bbox.from_extents(x - gap, y - gap, x + gap, y + gap) for x, y in pixels]
    own = dict(zip(known.tolist(), taken, strict=True))
    for place in order[:_MOST_NAMED]:
        text = axes.annotate(
            shortened(picture.names[place], 24),
            tuple(picture.points[place]),
            xytext=(0.6 * style.font_size, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.small(0.85),
        )
        box = text.get_window_extent()
        inside = box.x1 <= figure.bbox.x1 and axes.bbox.y0 <= box.y0 and box.y1 <= axes.bbox.y1
        if not inside or any(box.overlaps(other) for other in taken if other is not own[place]):
            text.remove()
        else:
            taken.append(box)


def _multiples(picture: MultiplesPicture, style: Style) -> Figure:
    count = len(picture.maps)
    columns = max(1, min(_COLUMNS, count, int(style.width * POINTS / _NARROWEST)))
    rows = -(-count // columns)
    with active(style):
        high = min((rows * 0.96 / columns + 0.1) * style.width, TALLEST)
        figure = new_figure(style, high * POINTS)
        grid = figure.add_gridspec(
            rows, columns + 1, width_ratios=[*[1.0] * columns, 0.035 * columns / 2]
        )
        image = None
        for place, (name, values) in enumerate(zip(picture.names, picture.maps, strict=True)):
            row, column = divmod(place, columns)
            axes = figure.add_subplot(grid[row, column])
            image = _map(axes, values.T, picture.palette, picture.levels, style)
            axes.set_title(shortened(" ".join(name.split()), 20), loc="left", gid="title")
            axes.tick_params(labelleft=column == 0, labelbottom=row == (count - 1) // columns)
        if image is not None:
            _bar(figure.add_subplot(grid[:, columns]), image, picture.levels)
        figure.suptitle(
            picture.title, x=0.01, ha="left", fontweight="bold", fontsize=style.font_size
        )
        settle(figure, style)
        for axes in figure.axes:  # no name may run into the next
            for text in axes.get_children():
                if isinstance(text, Text) and text.get_gid() == "title":
                    fit(text, axes.bbox.width * POINTS / figure.dpi)
    return figure


def _map(
    axes: Axes, rows: Any, palette: Palette, levels: tuple[float, float], style: Style
) -> ScalarMappable:
    """Draw rows of channels over steps; what is not finite is hatched."""
    table = colour_table(palette, style.tokens.dark) / 255.0
    colours = ListedColormap(table).with_extremes(bad=(0.0, 0.0, 0.0, 0.0))
    if not np.isfinite(rows).all():
        axes.patch.set(hatch="////", edgecolor=style.tokens.muted, facecolor=style.tokens.ground)
    for axis in (axes.xaxis, axes.yaxis):  # there is no channel 2.5
        axis.set_major_locator(MaxNLocator(6, integer=True))
    return axes.imshow(
        np.ma.masked_invalid(rows),
        cmap=colours,
        norm=Normalize(*levels),
        aspect="auto",
        interpolation="nearest",
    )


def _bar(axes: Axes, image: ScalarMappable, levels: tuple[float, float]) -> None:
    figure = axes.get_figure(root=True)
    if figure is None:
        return
    low, high = levels
    ticks = [low, 0.0, high] if low < 0 else [low, high]
    drawn = figure.colorbar(image, cax=axes)
    drawn.set_ticks(ticks, labels=[number(float(f"{tick:.3g}")) for tick in ticks])


def _statistics(picture: StatisticsPicture, style: Style) -> Figure:
    with active(style):
        figure = new_figure(style, 0.62 * style.width * POINTS)
        grid = figure.add_gridspec(3, 3, width_ratios=[1.0, 1.0, 0.05])
        channels = np.arange(picture.mean.size)
        dead = np.zeros(channels.size, bool) if picture.dead is None else picture.dead
        colours = np.where(dead, style.tokens.error, style.tokens.accent)
        for row, (label, values) in enumerate(
            (
                ("mean", picture.mean),
                ("spread", picture.spread),
                ("zeros (%)", 100 * picture.zeros),
            )
        ):
            axes = figure.add_subplot(grid[row, 0])
            plain_frame(axes)
            axes.bar(channels, np.nan_to_num(values), color=colours, width=0.85)
            axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
            axes.set_ylabel(label)
            axes.tick_params(labelbottom=row == 2)
        axes.set_xlabel("filter (red: dead)" if dead.any() else "filter")
        matrix = figure.add_subplot(grid[:, 1])
        image = _map(matrix, picture.correlation, Palette.SIGNED, (-1.0, 1.0), style)
        matrix.set_aspect("equal")
        matrix.set_title("correlation between filters", loc="left")
        matrix.set_xlabel("filter")
        _bar(figure.add_subplot(grid[:, 2]), image, (-1.0, 1.0))
        figure.suptitle(
            picture.title, x=0.01, ha="left", fontweight="bold", fontsize=style.font_size
        )
        settle(figure, style)
    return figure
