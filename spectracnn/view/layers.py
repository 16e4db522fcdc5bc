"""Layer panels: feature maps as images and lines, aligned by the centres of receptive fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.weak_cache import weak_cache
from spectracnn.state.selection import (
    ROBUST,
    ChannelOrder,
    ColourRange,
    ColourScale,
    LayerOptions,
    RangeKind,
    Stage,
)
from spectracnn.view.ordering import channel_order, order_words
from spectracnn.view.palettes import Palette
from spectracnn.view.pictures import Curve, LayerPicture, Range
from spectracnn.view.planes import is_image, layer_plane, plane_values, shown_channel
from spectracnn.view.ranges import (
    clipped,
    colour_levels,
    effective_range,
    full_top,
    network_tops,
    own_levels,
    robust_top,
)
from spectracnn.view.scales import LINEAR, AxisScale
from spectracnn.view.seams import seams
from spectracnn.view.spectra import input_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace

MOST_LINES = 6
_LOG_COLUMNS = 1024


@dataclass(frozen=True)
class Drawing:
    """What besides the numbers decides a layer's picture; hashable, so that pictures are cached."""

    options: LayerOptions
    colour_scale: ColourScale
    index_scale: AxisScale
    colour_range: ColourRange = ROBUST
    channel_order: ChannelOrder = ChannelOrder.AUTO

    @property
    def range(self) -> ColourRange:
        """The colour range that holds for this layer."""
        return effective_range(
            self.options.colour_range, self.colour_range, self.colour_scale, self.options.stage
        )


def shown_values(trace: LayerTrace, options: LayerOptions) -> NDArray[np.float32]:
    """Return the numbers of the chosen side of the activation."""
    if options.stage is Stage.BEFORE and trace.before is not None:
        return trace.before
    return trace.output


def index_positions(positions: NDArray[np.int64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return index-axis positions of places on the model's input, which may lie in the padding.

    Parameters
    ----------
    positions : ndarray, shape (inputs,), int64
        Index in the file of each input sample.
    at : ndarray, shape (n,)
        Input positions; fractions and places outside ``0 .. inputs - 1`` are allowed.

    Returns
    -------
    ndarray, shape (n,), float64
        Interpolated; outside, extended by one index a position.
    """
    axis = input_positions(positions)
    inside = np.interp(at, np.arange(axis.size), axis)
    return np.asarray(inside + np.minimum(at, 0) + np.maximum(at - (axis.size - 1), 0))


def layer_edges(
    info: LayerInfo, positions: NDArray[np.int64], steps: int | None = None
) -> NDArray[np.float64]:
    """Return the index-axis positions of the cell borders of a sequence layer, shape (steps + 1,).

    Each cell is centred on its receptive field and reaches half-way to its neighbours. Where no
    claim is made about fields, the cells share the width of the input evenly.

    Parameters
    ----------
    info : LayerInfo
        Of the layer.
    positions : ndarray, shape (inputs,), int64
        Index in the file of each input sample.
    steps : int, optional
        How many cells there are, where that is not the first of the layer's sizes.
    """
    steps = info.output_shape[0] if steps is None else steps
    if info.field is None:
        inputs = positions.size
        return index_positions(positions, np.linspace(-0.5, inputs - 0.5, steps + 1))
    centres = index_positions(positions, info.field.centres)
    if steps == 1:
        half = max(info.field.jump, 1.0) / 2
        return np.array([centres[0] - half, centres[0] + half])
    middles = (centres[1:] + centres[:-1]) / 2
    first, last = 2 * centres[0] - middles[0], 2 * centres[-1] - middles[-1]
    return np.concatenate(([first], middles, [last]))


def _resampled(
    rows: NDArray[np.float32], edges: NDArray[np.float64], scale: AxisScale
) -> tuple[NDArray[np.float32], Range]:
    """Return the rows evenly spaced in display coordinates, and their extent."""
    steps = np.diff(edges)
    if scale.is_linear and float(np.ptp(steps)) <= 1e-6 * float(steps[0]):
        return rows, (float(edges[0]), float(edges[-1]))
    borders = scale.forward(edges)
    width = (borders[-1] - borders[0]) / _LOG_COLUMNS
    middles = borders[0] + width * (np.arange(_LOG_COLUMNS) + 0.5)
    nearest = np.clip(np.searchsorted(borders, middles) - 1, 0, rows.shape[1] - 1)
    return rows[:, nearest], (float(borders[0]), float(borders[-1]))


def _strongest(values: NDArray[np.float32], most: int) -> tuple[int, ...]:
    """Return the channels that vary most, in ascending order."""
    spread = np.where(np.isfinite(values), values, 0).std(axis=0, dtype=np.float64)
    return tuple(sorted(np.argsort(spread)[::-1][:most].tolist()))


def line_channels(values: NDArray[np.float32], options: LayerOptions) -> tuple[int, ...]:
    """Return the channels that the line view draws: the chosen ones, else the strongest few."""
    if values.ndim != 2:
        return (0,)
    chosen = tuple(channel for channel in options.channels if channel < values.shape[1])
    return chosen or _strongest(values, MOST_LINES)


def channel_curves(
    values: NDArray[np.float32], at: NDArray[np.float64], channels: tuple[int, ...]
) -> tuple[Curve, ...]:
    """Return one curve a channel."""
    columns = values[:, None] if values.ndim == 1 else values
    return tuple(
        Curve(f"channel {channel}", at, columns[:, channel].astype(np.float64), place)
        for place, channel in enumerate(channels)
        if channel < columns.shape[1]
    )


def row_curves(
    values: NDArray[np.float32], at: NDArray[np.float64], rows: tuple[str, ...]
) -> tuple[Curve, ...]:
    """Return one curve for each of the first rows of an image's channel."""
    return tuple(
        Curve(name, at, values[:, row].astype(np.float64), row)
        for row, name in enumerate(rows[:MOST_LINES])
    )


def _normalised(rows: NDArray[np.float32], chosen: ColourRange) -> NDArray[np.float32]:
    """Return each row divided by its own top, robust or full."""
    top = full_top if chosen.kind is RangeKind.FULL else robust_top
    tops = np.array([top(row) for row in rows], np.float64)[:, None]
    return (rows / tops).astype(np.float32)


def layer_palette(info: LayerInfo, values: NDArray[np.float32], stage: Stage) -> Palette:
    """Return the map for these numbers: one-sided only where none of them is negative."""
    before = stage is Stage.BEFORE and bool(info.activation)
    if not before and values.size and not (values < 0).any():
        return Palette.POSITIVE
    return Palette.SIGNED


@weak_cache(256)
def layer_picture(
    description: ModelDescription, trace: Trace, index: int, drawing: Drawing
) -> LayerPicture:
    """Return one layer's picture.

    Parameters
    ----------
    description : ModelDescription
        The model.
    trace : Trace
        Its pass on the current spectrum.
    index : int
        Which layer.
    drawing : Drawing
        How.

    Returns
    -------
    LayerPicture
        The identical object for the same arguments.
    """
    info = description.layers[index]
    values = shown_values(trace.layers[index], drawing.options)
    plane, whole = None, values
    if is_image(info):
        plane = layer_plane(description, info, shown_channel(trace, index, drawing.options))
        values = plane_values(values, plane)
    elif values.ndim != 2:
        values = frozen_array(values.ravel())
    vector = values.ndim != 2
    palette = layer_palette(info, whole, drawing.options.stage)
    rows = values.T if values.ndim == 2 else values[None, :]
    each = drawing.colour_scale is ColourScale.MAP
    if each:
        rows = _normalised(rows, drawing.range)
    order = channel_order(description, trace, index, drawing.channel_order)
    if order is not None:
        rows = rows[order]
    levels = _levels(trace, info, whole, palette, drawing)
    if vector:
        edges = np.arange(values.size + 1, dtype=np.float64) - 0.5
        scale, centres = LINEAR, np.arange(values.size, dtype=np.float64)
    else:
        edges, scale = layer_edges(info, trace.positions, len(values)), drawing.index_scale
        centres = (edges[1:] + edges[:-1]) / 2
        if info.field is not None:
            centres = index_positions(trace.positions, info.field.centres)
    image, extent = _resampled(rows, edges, scale)
    channels = line_channels(values, drawing.options)
    curves = channel_curves(values, centres, channels)
    if plane is not None:
        curves = row_curves(values, centres, plane.rows)
    return LayerPicture(
        image=frozen_array(image),
        extent=extent,
        levels=levels,
        normalised=each,
        palette=palette,
        values=values,
        centres=centres,
        curves=curves,
        pooled=_pooled(description, trace, index, channels) if info.pools else (),
        vector=vector,
        n_not_finite=int(np.count_nonzero(~np.isfinite(values))),
        n_infinite=int(np.count_nonzero(np.isinf(values))),
        clipped=clipped(rows, levels),
        full_top=1.0 if each else full_top(whole),
        colour_range=drawing.range,
        index_scale=scale,
        labels=description.classes if vector and values.size == len(description.classes) else (),
        plane=plane,
        order=() if order is None else tuple(order.tolist()),
        order_words=order_words(description, trace, index, drawing.channel_order),
        seams=() if vector else seams(description, trace),
    )


def _levels(
    trace: Trace,
    info: LayerInfo,
    values: NDArray[np.float32],
    palette: Palette,
    drawing: Drawing,
) -> Range:
    """Return the ends of the colours of one layer."""
    chosen = drawing.range
    if drawing.colour_scale is ColourScale.LAYER:
        shares = info.activation in {"softmax", "sigmoid"} and drawing.options.stage is Stage.AFTER
        return colour_levels(values, palette, chosen, bounded=shares)
    if chosen.kind is RangeKind.OWN:
        return own_levels(chosen, palette)
    top = 1.0
    if drawing.colour_scale is ColourScale.NETWORK:
        top = network_tops(trace)[chosen.kind is RangeKind.FULL]
    return (0.0, top) if palette is Palette.POSITIVE else (-top, top)


def _pooled(
    description: ModelDescription, trace: Trace, index: int, channels: tuple[int, ...]
) -> tuple[Curve, ...]:
    """Return what a pooling layer pooled, as curves."""
    sources = description.layers[index].sources
    if len(sources) != 1:
        return ()
    before = description.layers[sources[0]]
    values = trace.layers[sources[0]].output
    if values.ndim != 2 or before.field is None or before.field.steps != values.shape[0]:
        return ()
    at = index_positions(trace.positions, before.field.centres)
    return channel_curves(values, at, channels)
