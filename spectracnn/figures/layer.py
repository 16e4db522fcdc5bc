"""One layer on axes of a figure: a heat map with its colour bar, or lines, or bars of a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from spectracnn.figures.axes import (
    bands,
    cursor,
    index_axis,
    message,
    plain_frame,
    seam_lines,
    value_axis,
)
from spectracnn.figures.text import number, text_width
from spectracnn.state.selection import LayerMode, Stage
from spectracnn.view.palettes import colour_table, curve_colour
from spectracnn.view.ranges import clipped_words, oddity_words
from spectracnn.view.scales import LINEAR

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from numpy.typing import NDArray

    from spectracnn.figures.legend import Item
    from spectracnn.figures.stack import Side
    from spectracnn.figures.style import Style
    from spectracnn.view.contents import Contents, LayerContents
    from spectracnn.view.pictures import Curve, LayerPicture

NO_TRACE = "No feature maps: the network has not answered for this spectrum."


def draw_layer(
    axes: Axes,
    side: Side,
    contents: Contents,
    layer: LayerContents,
    style: Style,
    room: tuple[float, float],
) -> list[Item]:
    """Draw a layer.

    Parameters
    ----------
    axes : Axes
        Empty.
    side : Side
        Beside them, for the colour bar.
    contents : Contents
        Gives the index range.
    layer : LayerContents
        What is shown.
    style : Style
        How.
    room : tuple of float
        About how wide and high the axes will be, in points.

    Returns
    -------
    list of (Artist, str)
        For the legend; empty for a heat map.
    """
    picture = layer.picture
    if picture is None:
        message(axes, NO_TRACE, style)
        return []
    items: list[Item] = []
    heat_map = layer.options.mode is LayerMode.HEAT_MAP
    if heat_map:
        _heat_map(axes, side, picture, style, room)
    else:
        items = _lines(axes, picture, style, room)
    if picture.vector:
        axes.set_xlim(*picture.extent)
        _label_units(axes, picture, style, room[0])
    else:
        most = int(np.clip(room[0] / (5.5 * style.font_size), 2, 9))
        index_axis(axes, picture.index_scale, contents.index_range, most)
        seam_lines(axes, picture.index_scale, picture.seams, style)
        bands(axes, picture.index_scale, layer.marks.bands, style, outline=heat_map)
        cursor(axes, picture.index_scale, layer.marks.index, style)
    _mark_cell(axes, layer, heat_map, style)
    return items


def layer_notes(layer: LayerContents) -> str:
    """Return the line beside a layer's name."""
    notes = [layer.subtitle]
    if layer.has_before:
        before = layer.options.stage is Stage.BEFORE
        notes.append("before activation" if before else "after activation")
    picture = layer.picture
    if picture is not None and picture.order and layer.options.mode is LayerMode.HEAT_MAP:
        notes.append(picture.order_words)
    if picture is not None and picture.n_not_finite:
        notes.append(f"{picture.n_not_finite} values not finite (hatched): {oddity_words(picture)}")
    if picture is not None and layer.options.mode is LayerMode.HEAT_MAP and picture.clipped.total:
        low, high = (number(float(f"{end:.3g}")) for end in picture.levels)
        words = clipped_words(picture.clipped, low, high)
        notes.append(words if not picture.normalised else f"{picture.clipped.total} cells clipped")
    return "  \u00b7  ".join(notes)


def _heat_map(
    axes: Axes, side: Side, picture: LayerPicture, style: Style, room: tuple[float, float]
) -> None:
    tokens = style.tokens
    rows = picture.image.shape[0]
    table = colour_table(picture.palette, tokens.dark) / 255.0
    colours = ListedColormap(table).with_extremes(bad=(0.0, 0.0, 0.0, 0.0))
    left, right = picture.extent
    # Where a layer has no sample, its axes must not look like zero.
    axes.set_facecolor(tokens.raised)
    if picture.n_not_finite:
        # The image is transparent where there is no finite value, and this shows through.
        under = Rectangle((left, -0.5), right - left, rows, hatch="////", linewidth=0, zorder=-1)
        under.set(facecolor=tokens.ground, edgecolor=tokens.muted)
        axes.add_patch(under)
    image = axes.imshow(
        np.ma.masked_invalid(picture.image),
        cmap=colours,
        norm=Normalize(*picture.levels),
        extent=(left, right, rows - 0.5, -0.5),
        aspect="auto",
        interpolation="nearest",
    )
    if picture.vector:
        axes.set_yticks([])
    else:
        most = max(1, int(room[1] / (1.5 * style.font_size)))
        axes.yaxis.set_major_locator(
            MaxNLocator(min(most, 8), steps=[1, 2, 4, 5, 8, 10], integer=True, prune=None)
        )
        _whole_rows(axes, picture)
    _colour_bar(side.axes, image, picture, style, room[1])


def _whole_rows(axes: Axes, picture: LayerPicture) -> None:
    """Fix the ticks to rows that exist, and number them by the channels they show."""
    rows = picture.image.shape[0]
    ticks = [int(tick) for tick in axes.get_yticks() if -0.5 < tick < rows - 0.5] or [0]
    axes.set_yticks(ticks, labels=[str(picture.channel_at(tick)) for tick in ticks])
    axes.set_ylim(rows - 0.5, -0.5)


def _colour_bar(
    bar: Axes, image: ScalarMappable, picture: LayerPicture, style: Style, height: float
) -> None:
    low, high = picture.levels
    figure = bar.get_figure(root=True)
    if figure is None:
        return
    # Arrows beyond the ends say that cells are clipped; the line beside the name counts them.
    below, above = (bool(count) for count in picture.clipped)
    extend = {(0, 1): "max", (1, 0): "min", (1, 1): "both"}.get((below, above), "neither")
    tip = 0.5 * style.font_size / max(height, 1.0)
    drawn = figure.colorbar(image, cax=bar, extend=extend, extendfrac=min(tip, 0.3))
    drawn.outline.set(edgecolor=style.tokens.muted, linewidth=0.5)
    lines = height / style.line
    ticks = [low, 0.0, high] if low < 0 and lines >= 2.6 else [low, high]
    if lines < 1.5:
        ticks = [high]
    labels = [number(float(f"{tick:.3g}")) for tick in ticks]
    if picture.normalised:
        # Each row was divided by its own largest magnitude, so there is no number to give.
        labels = [_share(tick) for tick in ticks]
    drawn.set_ticks(ticks, labels=labels)
    for axis in (bar.xaxis, bar.yaxis):  # empty labels need no place to be looked for
        axis.set_label_coords(0.0, 0.0)
    # The outer numbers lean inwards, so that those of the next layer do not touch them.
    for text, tick in zip(bar.get_yticklabels(), ticks, strict=True):
        text.set_verticalalignment(_lean(tick, low, high, lines))


def _share(tick: float) -> str:
    """Return a share of each row's own maximum in words."""
    if tick == 0:
        return "0"
    size = "max" if abs(tick) == 1 else f"{abs(tick):.2g} max"
    return f"\u2212{size}" if tick < 0 else size


def _lean(tick: float, low: float, high: float, lines: float) -> Literal["center", "top", "bottom"]:
    if lines < 1.5 or low < tick < high:
        return "center"
    return "top" if tick == high else "bottom"


def _lines(
    axes: Axes, picture: LayerPicture, style: Style, room: tuple[float, float]
) -> list[Item]:
    plain_frame(axes)
    most = int(np.clip(room[1] / (2.6 * style.font_size), 2, 7))
    axes.axhline(0, color=style.tokens.line, linewidth=style.font_size / 12, zorder=1)
    if picture.vector:
        heights = picture.values.astype(np.float64).ravel()
        axes.bar(
            np.arange(heights.size),
            np.nan_to_num(heights, posinf=0, neginf=0),
            width=0.8,
            color=curve_colour(0, style.tokens.dark),
        )
        axes.set_ylabel(value_axis(axes, LINEAR, np.append(heights, 0), "value", most))
        return []
    values = np.concatenate([curve.y for curve in (*picture.pooled, *picture.curves)])
    axes.set_ylabel(value_axis(axes, LINEAR, np.append(values, 0), "value", most))
    for curve in picture.pooled:
        _line(axes, picture, curve, style, faded=True)
    items = [
        (_line(axes, picture, curve, style, faded=False), curve.name) for curve in picture.curves
    ]
    if picture.pooled:
        (sample,) = axes.plot([], [], color=style.tokens.muted, linewidth=0.8, linestyle=":")
        items.append((sample, "before pooling"))
    return items


def _line(axes: Axes, picture: LayerPicture, curve: Curve, style: Style, *, faded: bool) -> Artist:
    unit = style.font_size / 9
    x, y = picture.index_scale.forward(curve.x), curve.y
    if picture.pooled and not faded:
        # A pooled output is a step as wide as what it stands for.
        x, y = np.repeat(_borders(x), 2)[1:-1], np.repeat(y, 2)
    (line,) = axes.plot(
        x,
        y,
        color=curve_colour(curve.colour, style.tokens.dark),
        linewidth=(0.9 if faded else 1.4) * unit,
        linestyle=":" if faded else "-",
        marker="o" if x.size == 1 else "",
        markersize=3 * unit,
    )
    return line


def _borders(x: NDArray[np.float64]) -> NDArray[np.float64]:
    if x.size == 1:
        return np.array([x[0] - 0.5, x[0] + 0.5])
    middles = (x[1:] + x[:-1]) / 2
    return np.concatenate(([2 * x[0] - middles[0]], middles, [2 * x[-1] - middles[-1]]))


def label_lines(layer: LayerContents, style: Style, width: float) -> float:
    """Return the height that the numbers or names under a vector take, in lines of text."""
    labels = layer.picture.labels if layer.picture is not None else ()
    cell = width / max(len(labels), 1)
    if not labels or cell < 0.95 * style.font_size:
        return 2.5
    longest = max(len(label) for label in labels) * 0.6 * style.font_size
    return 1.3 if longest < 0.9 * cell else longest / style.line + 0.4


def _label_units(axes: Axes, picture: LayerPicture, style: Style, width: float) -> None:
    figure = axes.get_figure(root=True)
    labels = picture.labels
    cell = width / max(len(labels), 1)
    if not labels or cell < 0.95 * style.font_size or figure is None:
        axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], integer=True))
        axes.set_xlabel("unit")
        return
    size = style.small()
    longest = max(text_width(figure, label, size) for label in labels)
    turned = 0 if longest < 0.9 * cell else 90
    axes.set_xticks(range(len(labels)), labels=list(labels), rotation=turned)


def _mark_cell(axes: Axes, layer: LayerContents, heat_map: bool, style: Style) -> None:
    low, high = axes.get_ylim()
    ink: dict[str, Any] = {"fill": False, "linewidth": 1.4, "zorder": 5}
    if layer.marks.window is not None:
        left, right = layer.marks.window
        window = Rectangle((left, low), right - left, high - low, **ink)
        window.set_edgecolor(style.tokens.accent)
        axes.add_patch(window)
    if layer.marks.cell is not None:
        left, right, channel = layer.marks.cell
        bottom, tall = (channel - 0.5, 1.0) if heat_map else (low, high - low)
        cell = Rectangle((left, bottom), right - left, tall, **ink)
        cell.set_edgecolor(style.tokens.ink)
        axes.add_patch(cell)
