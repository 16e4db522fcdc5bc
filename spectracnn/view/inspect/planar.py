"""Layers that slide a window over rows and columns, term by term.

Places of an image are numbered as it lies in memory, ``row * columns + column``, so that a window
of two axes becomes one row of terms, as that of one axis is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.windows import Window
from spectracnn.view.inspect.records import Convolution, Pooling
from spectracnn.view.inspect.sliding import filter_weights

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo
    from spectracnn.core.weights import LayerWeights
    from spectracnn.state.selection import Sample
    from spectracnn.view.inspect.sources import LayerInput


def _pair(value: Any) -> tuple[int, int]:
    if isinstance(value, (tuple, list)):
        return (int(value[0]), int(value[-1]))
    return int(value), int(value)


def planar_windows(settings: Mapping[str, Any]) -> tuple[Window, Window] | None:
    """Return how a layer slides along rows and columns; None where it does not."""
    size = settings.get("kernel_size", settings.get("pool_size"))
    if size is None or settings.get("data_format") == "channels_first":
        return None
    sizes, strides = _pair(size), _pair(settings.get("strides") or size)
    rates = _pair(settings.get("dilation_rate") or 1)
    padding = str(settings.get("padding", "valid"))
    rows, columns = (Window(*three, padding) for three in zip(sizes, strides, rates, strict=True))
    return rows, columns


def _read(
    windows: tuple[Window, Window], shape: tuple[int, ...], out: tuple[int, ...], step: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_], tuple[str, ...]]:
    """Return the flat places under a window, which lie inside, and what to call them."""
    at = divmod(step, out[1])
    taps = [
        window.taps(place, size_in, size_out)
        for window, place, size_in, size_out in zip(windows, at, shape, out, strict=False)
    ]
    rows, columns = (axis.ravel() for axis in np.meshgrid(*taps, indexing="ij"))
    inside = (rows >= 0) & (rows < shape[0]) & (columns >= 0) & (columns < shape[1])
    flat = np.where(inside, rows * shape[1] + columns, -1)
    labels = tuple(
        f"{row},{column}" if here else ""
        for row, column, here in zip(rows.tolist(), columns.tolist(), inside, strict=True)
    )
    return flat, inside, labels


def planar_convolution(
    info: LayerInfo, weights: LayerWeights, given: LayerInput, sample: Sample
) -> Convolution | None:
    """Return the terms of one sample of a Conv2D or DepthwiseConv2D layer.

    ``y[i, j, f] = bias[f] + sum_k sum_l sum_c x[i s + k d - p, j s + l d - p, c] w[k, l, c, f]``
    [1]_, with stride s, dilation d and padding p of each axis.

    Parameters
    ----------
    info : LayerInfo
        Of the layer.
    weights : LayerWeights
        Of the layer.
    given : LayerInput
        What it reads, shape (rows, columns, channels).
    sample : Sample
        Its step is ``row * columns + column``.

    Returns
    -------
    Convolution or None
        None where the layer computes otherwise.

    References
    ----------
    .. [1] https://keras.io/api/layers/convolution_layers/convolution2d/
    """
    windows, kernel = planar_windows(weights.settings), weights.arrays.get("kernel")
    if windows is None or kernel is None or kernel.ndim != 4 or given.values.ndim != 3:
        return None
    flat_kernel = kernel.reshape(-1, *kernel.shape[2:])
    return planar_terms(info, windows, flat_kernel, given, sample)


def planar_terms(
    info: LayerInfo,
    windows: tuple[Window, Window],
    kernel: NDArray[np.floating[Any]],
    given: LayerInput,
    sample: Sample,
) -> Convolution | None:
    """Return the terms for a kernel of shape (taps, channels in, filters)."""
    own, channels = filter_weights(info, kernel, given.values.shape[-1], sample.channel)
    if own is None or own.shape[1] != channels.size:
        return None
    taps, inside, labels = _read(windows, given.values.shape, info.output_shape, sample.step)
    table = given.values.reshape(-1, given.values.shape[-1])
    values = np.where(inside[:, None], table[np.maximum(taps, 0)][:, channels], 0.0)
    products = values * own
    sums = products.sum(axis=0)
    order = np.argsort(-np.abs(np.nan_to_num(sums)), kind="stable")
    places = np.where(inside, taps, np.nan).astype(np.float64)
    return Convolution(
        given.index, taps, inside, places, channels, values, own, products, sums, order,
        windows[1].strides, labels,
    )  # fmt: skip


def planar_pooling(
    info: LayerInfo, weights: LayerWeights, given: LayerInput, sample: Sample
) -> tuple[Pooling, float] | None:
    """Return the window of a two-dimensional pooling layer's sample, and what it makes of it.

    Padding counts neither as a value nor in the number of them, as in Keras.

    Parameters
    ----------
    info, weights, given, sample
        As for `planar_convolution`; of global pooling a vector's unit is the channel.

    Returns
    -------
    (Pooling, float) or None
        None where the layer computes otherwise.
    """
    if given.values.ndim != 3 or weights.settings.get("data_format") == "channels_first":
        return None
    rows, columns, _ = given.values.shape
    if info.layer_class.startswith("Global"):
        channel = sample.step if len(info.output_shape) == 1 else sample.channel
        taps = np.arange(rows * columns, dtype=np.int64)
        inside = np.ones(taps.size, np.bool_)
        labels = tuple(f"{place // columns},{place % columns}" for place in taps.tolist())
        stride = 1
    else:
        windows = planar_windows(weights.settings)
        if windows is None or len(info.output_shape) != 3:
            return None
        channel = sample.channel
        taps, inside, labels = _read(windows, given.values.shape, info.output_shape, sample.step)
        stride = windows[1].strides
    table = given.values.reshape(-1, given.values.shape[-1])
    values = np.where(inside, table[np.maximum(taps, 0), channel], 0.0)
    winner: int | None = None
    if "Max" in info.layer_class:
        winner = int(np.argmax(np.where(inside, values, -np.inf)))
        result = float(values[winner])
    else:
        result = float(values[inside].mean()) if inside.any() else 0.0
    places = np.where(inside, taps, np.nan).astype(np.float64)
    body = Pooling(given.index, channel, taps, inside, places, values, winner, stride, labels)
    return body, result
