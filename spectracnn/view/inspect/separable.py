"""Separable and transposed convolutions as one weighted sum each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.windows import Window
from spectracnn.view.inspect.planar import planar_terms, planar_windows
from spectracnn.view.inspect.records import Convolution
from spectracnn.view.inspect.sliding import convolution_terms, layer_window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo
    from spectracnn.core.weights import LayerWeights
    from spectracnn.state.selection import Sample
    from spectracnn.view.inspect.sources import LayerInput


def separable(
    info: LayerInfo, weights: LayerWeights, given: LayerInput, sample: Sample
) -> Convolution | None:
    """Return the terms of a SeparableConv1D or SeparableConv2D layer.

    The layer filters each channel by itself and then mixes the results at each place. Both steps
    are linear, so a value meets one weight in the end, the product of the two, summed over the
    depth multiplier: ``w[k, c, f] = sum_m depthwise[k, c, m] * pointwise[c * M + m, f]``.

    Parameters
    ----------
    info, weights, given, sample
        As for `spectracnn.view.inspect.sliding.convolution`.

    Returns
    -------
    Convolution or None
        None where the layer computes otherwise.

    References
    ----------
    .. [1] Chollet (2017), Xception: Deep Learning with Depthwise Separable Convolutions, CVPR.
    """
    depthwise, pointwise = (weights.arrays.get(f"{n}_kernel") for n in ("depthwise", "pointwise"))
    if depthwise is None or pointwise is None:
        return None
    kernel = _combined(depthwise, pointwise)
    if depthwise.ndim == 3:
        window = layer_window(info, weights.settings)
        if window is None or given.values.ndim != 2:
            return None
        return convolution_terms(info, window, kernel, given, sample)
    windows = planar_windows(weights.settings)
    if windows is None or given.values.ndim != 3:
        return None
    return planar_terms(info, windows, kernel.reshape(-1, *kernel.shape[2:]), given, sample)


def _combined(
    depthwise: NDArray[np.float32], pointwise: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return the kernel that does both steps, shape (..., channels, filters)."""
    channels, times = depthwise.shape[-2:]
    mixing = np.asarray(pointwise, np.float64).reshape(channels, times, -1)
    both = np.einsum("...cm,cmf->...cf", np.asarray(depthwise, np.float64), mixing)
    return np.asarray(both, np.float64)


def transposed(
    info: LayerInfo, weights: LayerWeights, given: LayerInput, sample: Sample
) -> Convolution | None:
    """Return the terms of one sample of a Conv1DTranspose layer.

    ``y[o, f] = bias[f] + sum_k sum_c x[i, c] w[k, f, c]`` over the weights k for which
    ``o = i * stride + k * dilation - padding`` has a whole i; the others meet nothing.

    Parameters
    ----------
    info, weights, given, sample
        As for `spectracnn.view.inspect.sliding.convolution`.

    Returns
    -------
    Convolution or None
        None where the layer computes otherwise.
    """
    window, kernel = layer_window(info, weights.settings), weights.arrays.get("kernel")
    if window is None or kernel is None or kernel.ndim != 3 or given.values.ndim != 2:
        return None
    if weights.settings.get("output_padding") not in (None, (None,)):
        return None
    steps = given.values.shape[0]
    # The padding is that of the convolution which this one transposes.
    whole = Window(window.kernel_size, window.strides, window.dilation, window.padding)
    padding = -whole.first_tap(info.output_shape[0], steps)
    taps_out = sample.step + padding - window.dilation * np.arange(window.kernel_size)
    taps, rest = np.divmod(taps_out, window.strides)
    inside = (rest == 0) & (taps >= 0) & (taps < steps)
    own = np.asarray(kernel[:, sample.channel, :], np.float64)
    values = np.where(inside[:, None], given.values[np.clip(taps, 0, steps - 1)], 0.0)
    places = np.where(inside, given.places[np.clip(taps, 0, steps - 1)], np.nan)
    products = values * own
    sums = products.sum(axis=0)
    order = np.argsort(-np.abs(np.nan_to_num(sums)), kind="stable")
    return Convolution(
        given.index, np.where(inside, taps, -1), inside, places, np.arange(values.shape[1]),
        values, own, products, sums, order,
    )  # fmt: skip
