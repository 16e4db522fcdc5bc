"""Whole figures from panel contents."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from spectracnn.errors import ExportError
from spectracnn.figures.attribution import draw_attribution
from spectracnn.figures.bars import BAR, draw_bars
from spectracnn.figures.layer import draw_layer, label_lines, layer_notes
from spectracnn.figures.legend import key_beside
from spectracnn.figures.spectrum import draw_spectrum, spectrum_range
from spectracnn.figures.stack import FigureRow, Side, room_needed, rows_figure
from spectracnn.figures.style import POINTS, TALLEST, Style, active
from spectracnn.state.selection import LayerMode

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from spectracnn.figures.legend import Item
    from spectracnn.view.contents import Contents, LayerContents, PredictionContents
    from spectracnn.view.pictures import Range

Room = tuple[float, float]
_INDEX = "eigenvalue index"
_HAIRLINE = 0.4
"""Points; strips of finer units are a grey blur on paper."""
_LEAST_MAP, _LEAST_ROW = 30.0, 0.7
"""Points that a map is high at least."""


def spectrum_figure(contents: Contents, style: Style) -> Figure:
    """Return the spectrum plot, every curve from end to end, with a legend below.

    Parameters
    ----------
    contents : Contents
        What is shown.
    style : Style
        How.
    """
    height = min(250.0, 0.62 * style.width * POINTS)
    row = spectrum_row(contents, spectrum_range(contents), height, alone=True)
    with active(style):
        return rows_figure([row], style, legend_share=0.3)


def attribution_figure(contents: Contents, style: Style) -> Figure:
    """Return the spectrum, and below it which eigenvalues speak for the class.

    Parameters
    ----------
    contents : Contents
        What is shown.
    style : Style
        How.
    """
    shown = contents.index_range
    spectrum = spectrum_row(contents, shown, 150, alone=False)
    bars = _attribution_row(contents, shown, 110, alone=True)
    names: list[Item] = []

    def draw_spectrum_first(axes: Axes, side: Side, style: Style, room: Room) -> list[Item]:
        names.extend(spectrum.draw(axes, side, style, room))
        return []

    def draw_bars(axes: Axes, side: Side, style: Style, room: Room) -> list[Item]:
        # What the colours mean must not be what a long legend leaves out.
        return [*bars.draw(axes, side, style, room), *names]

    rows = [replace(spectrum, draw=draw_spectrum_first), replace(bars, draw=draw_bars)]
    with active(style):
        return rows_figure(rows, style, legend_share=0.2)


def layer_figure(contents: Contents, index: int, style: Style) -> Figure:
    """Return one layer: its heat map with a colour bar, or its lines with a legend below.

    Parameters
    ----------
    contents : Contents
        What is shown.
    index : int
        Which layer, counted in the model.
    style : Style
        How.

    Raises
    ------
    ExportError
        If there is no such layer.
    """
    layer = next((item for item in contents.layers if item.index == index), None)
    if layer is None:
        count = len(contents.layers)
        raise ExportError(f"There is no layer {index}; the model has {count} layers.")
    height = 90.0 if _is_strip(layer) else min(240.0, 0.8 * style.width * POINTS)
    with active(style):
        return rows_figure(
            [_layer_row(contents, layer, height, style, last=True, alone=True)], style
        )


def layers_figure(contents: Contents, style: Style, *, with_prediction: bool = False) -> Figure:
    """Return the spectrum and all layers below it on one index axis.

    Collapsed layers are left out, as in the window.

    Parameters
    ----------
    contents : Contents
        What is shown.
    style : Style
        How. A height too small for the rows is raised to what readable text needs.
    with_prediction : bool
        Whether the class bars close the stack.
    """
    layers = [layer for layer in contents.layers if not layer.options.collapsed]
    dropped: list[LayerContents] = []
    while True:
        rows = _stack_rows(contents, layers, dropped, style, with_prediction=with_prediction)
        victim = _least_needed(layers, style, crowded=_is_crowded(rows, style))
        if victim is None:
            break
        layers = [layer for layer in layers if layer is not victim]
        dropped.append(victim)
    with active(style):
        return rows_figure(rows, style, legend_share=0.08 if style.height is None else 0.12)


def _stack_rows(
    contents: Contents,
    layers: list[LayerContents],
    dropped: list[LayerContents],
    style: Style,
    *,
    with_prediction: bool,
) -> list[FigureRow]:
    sequences = [layer for layer in layers if layer.picture is None or not layer.picture.vector]
    alone = not sequences and contents.attribution is None
    rows = [spectrum_row(contents, contents.index_range, 110, alone=alone)]
    if contents.attribution is not None:
        rows.append(_attribution_row(contents, contents.index_range, 52, alone=not sequences))
    for layer in layers:
        last = layer in sequences[-1:]
        rows.append(_layer_row(contents, layer, _stack_height(layer), style, last=last))
    if with_prediction:
        high = 6 * BAR * style.font_size
        rows.append(prediction_row(contents.prediction, high, style, stacked=True))
    if dropped:
        names = ", ".join(layer.title for layer in sorted(dropped, key=lambda item: item.index))
        rows.append(FigureRow(_draw_nothing, 1.0, subtitle=f"Not drawn, for want of room: {names}"))
    return rows


def _draw_nothing(axes: Axes, _side: Side, _style: Style, _room: Room) -> list[Item]:
    axes.set_axis_off()
    return []


def _is_crowded(rows: list[FigureRow], style: Style) -> bool:
    """Whether rows would have to be lower than they can be read."""
    room = TALLEST if style.height is None else style.height
    return room_needed(rows, style) > room * POINTS


def _least_needed(
    layers: list[LayerContents], style: Style, *, crowded: bool
) -> LayerContents | None:
    """Return the layer to drop next: a strip of units that repeats what other layers show.

    Strips whose units would be finer than a hairline go even where there is room. The last layer
    stays, because it is the network's word.
    """
    width = style.width * POINTS - 12 * style.font_size
    strips = [
        layer
        for layer in layers[:-1]
        if layer.picture is not None and _is_strip(layer) and not layer.picture.labels
    ]
    strips.sort(key=lambda layer: -layer.picture.values.size if layer.picture else 0)
    if strips and (crowded or width / _units(strips[0]) < _HAIRLINE):
        return strips[0]
    return None


def _units(layer: LayerContents) -> int:
    return max(layer.picture.values.size, 1) if layer.picture is not None else 1


def prediction_figure(contents: Contents, style: Style) -> Figure:
    """Return the class bars in descending order, as many as there is room for.

    Parameters
    ----------
    contents : Contents
        What is shown.
    style : Style
        How.
    """
    bars = min(max(len(contents.prediction.classes), 4), 25)
    row = prediction_row(contents.prediction, bars * BAR * style.font_size, style, stacked=False)
    with active(style):
        return rows_figure([row], style)


def spectrum_row(contents: Contents, shown: Range, height: float, *, alone: bool) -> FigureRow:
    """Return the row of the spectrum plot; alone, it has the numbers of the axis."""

    def draw(axes: Axes, side: Side, style: Style, room: Room) -> list[Item]:
        return draw_spectrum(axes, contents, style, shown, room)

    empty = not contents.spectrum.curves
    return FigureRow(
        draw,
        height,
        below=1.3 if alone and not empty else 0.0,
        subtitle="  \u00b7  ".join((*contents.spectrum.notes[:1], *cut_curves(contents))),
        label=contents.spectrum.index_label if alone and not empty else "",
        ticks=alone,
        least=min(height, 2 * _LEAST_MAP),
    )


def cut_curves(contents: Contents) -> tuple[str, ...]:
    """Return what of the curves lies beyond the axis, in words."""
    return (contents.spectrum.beyond,) if contents.spectrum.beyond else ()


def _attribution_row(contents: Contents, shown: Range, height: float, *, alone: bool) -> FigureRow:
    def draw(axes: Axes, side: Side, style: Style, room: Room) -> list[Item]:
        items = draw_attribution(axes, contents, style, shown, room)
        return items if alone else []

    picture = contents.attribution
    return FigureRow(
        draw,
        height,
        below=1.3 if alone and picture is not None else 0.0,
        title="Attribution" if picture is not None else "",
        subtitle=picture.caption if picture is not None else "",
        label=_INDEX if alone and picture is not None else "",
        ticks=alone,
    )


def _is_strip(layer: LayerContents) -> bool:
    heat_map = layer.options.mode is LayerMode.HEAT_MAP
    return layer.picture is not None and layer.picture.vector and heat_map


def _stack_height(layer: LayerContents) -> float:
    """Return what a layer's axes are high in a stack, in points."""
    if _is_strip(layer):
        return 14.0
    if layer.picture is None or layer.options.mode is LayerMode.LINES:
        return 60.0
    rows: int = layer.picture.image.shape[0]
    return min(max(2.4 * rows, 26.0), 120.0)


def _least_height(layer: LayerContents, height: float) -> float:
    """Return what a layer's axes are high at least, in points: rows finer than hairlines blur."""
    if layer.picture is None or layer.options.mode is LayerMode.LINES or _is_strip(layer):
        return min(height, _LEAST_MAP)
    rows: int = layer.picture.image.shape[0]
    return min(height, max(_LEAST_MAP, min(_LEAST_ROW * rows, 2 * _LEAST_MAP)))


def _layer_row(
    contents: Contents,
    layer: LayerContents,
    height: float,
    style: Style,
    *,
    last: bool,
    alone: bool = False,
) -> FigureRow:
    vector = layer.picture is not None and layer.picture.vector
    below = 1.3 if last else 0.0
    if vector:
        below = label_lines(layer, style, style.width * POINTS - 12 * style.font_size)
    return FigureRow(
        partial(_draw_layer, contents, layer, alone),
        height,
        below=below,
        title=layer.title,
        subtitle=layer_notes(layer),
        label=_INDEX if last and not vector and layer.picture is not None else "",
        ticks=last or vector,
        least=_least_height(layer, height),
    )


def _draw_layer(
    contents: Contents,
    layer: LayerContents,
    alone: bool,
    axes: Axes,
    side: Side,
    style: Style,
    room: Room,
) -> list[Item]:
    items = draw_layer(axes, side, contents, layer, style, room)
    if alone:
        return items
    # The same colours mean other channels in the next layer, so each has its key beside it.
    if items:
        key_beside(side.axes, items, style, room[1])
    return []


def prediction_row(
    prediction: PredictionContents, height: float, style: Style, *, stacked: bool
) -> FigureRow:
    """Return the row of the class bars; stacked, other rows stand above."""

    def draw(axes: Axes, side: Side, style: Style, room: Room) -> list[Item]:
        draw_bars(axes, prediction, style, room[1], stacked=stacked)
        return []

    title = prediction.headline if prediction.classes else ""
    least = min(height, 4 * BAR * style.font_size)
    return FigureRow(draw, height, title=title, ticks=False, least=least)
