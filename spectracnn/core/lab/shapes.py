"""What a layer makes of a shape, with the formula and its numbers; where padding put zeros."""

from __future__ import annotations

import math
from dataclasses import dataclass

from spectracnn.core.lab.specs import Convolution, GlobalPool, LayerSpec, LayerStack, Pool
from spectracnn.core.windows import Window
from spectracnn.errors import LayerError


@dataclass(frozen=True)
class AxisReport:
    """What happens along one axis.

    Parameters
    ----------
    steps_in, steps_out : int
        Before and after the layer.
    formula : str
        How the second follows from the first, with the numbers filled in.
    padding : (int, int)
        How many zeros stand before the first and behind the last sample. For pooling with
        ``same`` they are no zeros: windows at the ends are shorter.
    unread : tuple of int
        Samples that no window reads, because the windows step over them or end before them.
    """

    steps_in: int
    steps_out: int
    formula: str
    padding: tuple[int, int]
    unread: tuple[int, ...]


@dataclass(frozen=True)
class LayerReport:
    """What one layer of a stack does.

    Parameters
    ----------
    output_shape : tuple of int
        Without the batch axis.
    axes : tuple of AxisReport
        One for each axis that the layer slides along; empty for global pooling.
    n_params : int
        Weights and biases.
    params_formula : str
        How they are counted, with the numbers filled in.
    """

    output_shape: tuple[int, ...]
    axes: tuple[AxisReport, ...]
    n_params: int
    params_formula: str


def reports(stack: LayerStack) -> tuple[LayerReport, ...]:
    """Return what each layer of a stack does.

    Raises
    ------
    LayerError
        If a layer has no output, or follows global pooling; the sentence names it.
    """
    found: list[LayerReport] = []
    shape = stack.input_shape
    for place, layer in enumerate(stack.layers, 1):
        if len(shape) == 1:
            raise LayerError(
                f"Layer {place}, {layer.name}: global pooling before it has left one number a "
                "map, along which nothing slides; it must be the last layer."
            )
        found.append(report(layer, shape, place))
        shape = found[-1].output_shape
    return tuple(found)


def report(layer: LayerSpec, shape: tuple[int, ...], place: int = 1) -> LayerReport:
    """Return what a layer does to an input of this shape.

    Parameters
    ----------
    layer : LayerSpec
        The layer.
    shape : tuple of int
        ``(steps, channels)`` or ``(rows, columns, channels)``.
    place : int
        Which layer of a stack this is, for the sentence.

    Raises
    ------
    LayerError
        If the output is empty.
    """
    *sizes, channels = shape
    if isinstance(layer, GlobalPool):
        return LayerReport((channels,), (), 0, "no weights")
    windows = _windows(layer)
    axes = tuple(
        _axis(layer, window, steps, place) for window, steps in zip(windows, sizes, strict=True)
    )
    filters = layer.filters if isinstance(layer, Convolution) else channels
    count, formula = _parameters(layer, channels)
    return LayerReport((*(axis.steps_out for axis in axes), filters), axes, count, formula)


def _windows(layer: Convolution | Pool) -> tuple[Window, ...]:
    if isinstance(layer, Pool):
        strides = layer.strides or layer.pool_size
        return tuple(
            Window(size, stride, 1, layer.padding)
            for size, stride in zip(layer.pool_size, strides, strict=True)
        )
    return tuple(
        Window(size, stride, rate, layer.padding)
        for size, stride, rate in zip(
            layer.kernel_size, layer.strides, layer.dilation_rate, strict=True
        )
    )


def _axis(layer: Convolution | Pool, window: Window, steps: int, place: int) -> AxisReport:
    out, formula = _steps_out(window, steps)
    if out < 1:
        what = "kernel" if isinstance(layer, Convolution) else "window"
        spans = f" spans {window.span} samples" if window.dilation > 1 else f" of {window.span}"
        raise LayerError(
            f"Layer {place}, {layer.name}: a {what}{spans} is longer than its input of {steps}; "
            "take a smaller one, or padding='same'."
        )
    first = window.first_tap(steps, out)
    last = first + (out - 1) * window.strides + window.span - 1
    read = {int(tap) for step in range(out) for tap in window.taps(step, steps, out)}
    unread = tuple(step for step in range(steps) if step not in read)
    return AxisReport(steps, out, formula, (max(-first, 0), max(last - steps + 1, 0)), unread)


def _steps_out(window: Window, steps: int) -> tuple[int, str]:
    """Return the number of outputs and its formula.

    References
    ----------
    .. [1] Dumoulin and Visin (2016), A guide to convolution arithmetic for deep learning,
       arXiv:1603.07285; ``same`` as TensorFlow has it.
    """
    stride, span = window.strides, window.span
    if window.padding != "valid":
        out = -(-steps // stride)
        return out, f"\u2308{steps} / {stride}\u2309 = {out}"
    out = (steps - span) // stride + 1
    reach = str(span)
    if window.dilation > 1:
        reach = f"({window.dilation}\u00b7({window.kernel_size} \u2212 1) + 1)"
    return out, f"\u230a({steps} \u2212 {reach}) / {stride}\u230b + 1 = {out}"


def _parameters(layer: Convolution | Pool, channels: int) -> tuple[int, str]:
    if isinstance(layer, Pool):
        return 0, "no weights"
    weights = math.prod(layer.kernel_size) * channels * layer.filters
    factors = "\u00b7".join(str(n) for n in (*layer.kernel_size, channels, layer.filters))
    bias = layer.filters if layer.use_bias else 0
    total = weights + bias
    return total, f"{factors} + {bias} = {total}" if bias else f"{factors} = {total}"
