"""Layers that slide a window: convolution and pooling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.windows import Window
from spectracnn.view.inspect.records import Convolution, Pooling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo
    from spectracnn.core.weights import LayerWeights
    from spectracnn.state.selection import Sample
    from spectracnn.view.inspect.sources import LayerInput


def _single(value: Any) -> int:
    return int(value[-1]) if isinstance(value, (tuple, list)) else int(value)


def layer_window(info: LayerInfo, settings: Mapping[str, Any]) -> Window | None:
    """Return how a layer slides; None where it does not, or not along the steps."""
    if info.kernel_size is None or settings.get("data_format") == "channels_first":
        return None
    strides = info.strides or info.kernel_size
    dilation = _single(settings.get("dilation_rate", info.dilation or 1))
    return Window(info.kernel_size, strides, dilation, info.padding or "valid")


def _read(
    window: Window, given: LayerInput, info: LayerInfo, step: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.float64]]:
    """Return the taps of a step, which of them lie inside, and what to call them."""
    steps = given.values.shape[0]
    taps = window.taps(step, steps, info.output_shape[0])
    inside = (taps >= 0) & (taps < steps)
    places = np.where(inside, given.places[np.clip(taps, 0, steps - 1)], np.nan)
    return taps, inside, places


def convolution(
    info: LayerInfo, weights: LayerWeights, given: LayerInput, sample: Sample
) -> Convolution | None:
    """Return the terms of one sample of a Conv1D or DepthwiseConv1D layer.

    ``y[t, f] = bias[f] + sum_k sum_c x[t * stride + k * dilation - padding, c] * w[k, c, f]`` [1]_;
    a filter of a grouped convolution reads the channels of its group only.

    Parameters
    ----------
    info : LayerInfo
        Of the layer.
    weights : LayerWeights
        Of the layer.
    given : LayerInput
        What it reads.
    sample : Sample
        Which step and filter.

    Returns
    -------
    Convolution or None
        None where the layer computes otherwise.

    References
    ----------
    .. [1] https://keras.io/api/layers/convolution_layers/convolution1d/
    """
    window, kernel = layer_window(info, weights.settings), weights.arrays.get("kernel")
    if window is None or kernel is None or kernel.ndim != 3 or given.values.ndim != 2:
        return None
    return convolution_terms(info, window, kernel, given, sample)


def convolution_terms(
    info: LayerInfo,
    window: Window,
    kernel: NDArray[np.floating[Any]],
    given: LayerInput,
    sample: Sample,
) -> Convolution | None:
    """Return the terms for a kernel of shape (taps, channels in, filters)."""
    own, channels = filter_weights(info, kernel, given.values.shape[1], sample.channel)
    if own is None or own.shape != (window.kernel_size, channels.size):
        return None
    taps, inside, places = _read(window, given, info, sample.step)
    steps = given.values.shape[0]
    values = given.values[np.clip(taps, 0, steps - 1)][:, channels]
    values = np.where(inside[:, None], values, 0.0)
    products = values * own
    sums = products.sum(axis=0)
    order = np.argsort(-np.abs(np.nan_to_num(sums)), kind="stable")
    return Convolution(
        given.index, taps, inside, places, channels, values, own, products, sums, order,
        window.strides,
    )  # fmt: skip


def filter_weights(
    info: LayerInfo, kernel: NDArray[np.floating[Any]], width: int, channel: int
) -> tuple[NDArray[np.float64] | None, NDArray[np.int64]]:
    """Return one filter's weights, shape (taps, channels), and the channels it reads."""
    weights = np.asarray(kernel, np.float64)
    if info.layer_class.startswith("Depthwise"):
        times = kernel.shape[2]
        read = channel // times
        return weights[:, read : read + 1, channel % times], np.array([read])
    size, filters = kernel.shape[1], kernel.shape[2]
    groups = width // size
    if groups * size != width or filters % groups or channel >= filters:
        return None, np.zeros(0, np.int64)
    first = channel // (filters // groups) * size
    return weights[:, :, channel], np.arange(first, first + size)


def pooling(
    info: LayerInfo, weights: LayerWeights, given: LayerInput, sample: Sample
) -> tuple[Pooling, float] | None:
    """Return the window of a pooling layer's sample, and what it makes of it.

    Padding counts neither as a value nor in the number of them, as in Keras.

    Parameters
    ----------
    info, weights, given, sample
        As for `convolution`; of global pooling a vector's unit is the channel.

    Returns
    -------
    (Pooling, float) or None
        None where the layer computes otherwise.
    """
    if given.values.ndim != 2 or weights.settings.get("data_format") == "channels_first":
        return None
    steps = given.values.shape[0]
    channel = sample.channel if info.is_sequence else sample.step
    if info.layer_class.startswith("Global"):
        taps = np.arange(steps, dtype=np.int64)
        inside, places, stride = np.ones(steps, np.bool_), given.places, 1
    else:
        window = layer_window(info, weights.settings)
        if window is None or not info.is_sequence:
            return None
        taps, inside, places = _read(window, given, info, sample.step)
        stride = window.strides
    values = np.where(inside, given.values[np.clip(taps, 0, steps - 1), channel], 0.0)
    winner: int | None = None
    if "Max" in info.layer_class:
        winner = int(np.argmax(np.where(inside, values, -np.inf)))
        result = float(values[winner])
    else:
        result = float(values[inside].mean()) if inside.any() else 0.0
    record = Pooling(given.index, channel, taps, inside, places, values, winner, stride)
    return record, result
