"""Where a network's scores are before they become probabilities."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from spectracnn.core.outputs import Output, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, ModelDescription, Trace

_TO_PROBABILITIES = frozenset({"softmax", "sigmoid"})
_ACTIVATIONS = frozenset({"Softmax", "Activation", "ReLU", "LeakyReLU", "ELU", "PReLU"})
"""Layers that are nothing but an activation; others have it fused."""
_SAME_VALUES = frozenset(
    """Flatten Reshape Permute Dropout GaussianNoise GaussianDropout AlphaDropout SpatialDropout1D
    SpatialDropout2D Identity ActivityRegularization Cropping1D Cropping2D UpSampling1D Squeeze
    ExpandDims Transpose""".split()
)
"""Layers after which the values mean what they meant before."""
_MEANS = frozenset(
    """Average GlobalAveragePooling1D GlobalAveragePooling2D AveragePooling1D Mean
    Concatenate""".split()
)
"""Layers after which probabilities are still probabilities."""


class LogitsPlace(NamedTuple):
    """Where a trace holds the logits: in a layer's values before its activation, or its output."""

    layer: int
    before: bool


def describe_output(name: str, layers: Sequence[LayerInfo], layer: int | None) -> Output:
    """Describe an output by the layer that it comes from.

    Parameters
    ----------
    name : str
        What to call it.
    layers : sequence of LayerInfo
        Of the network, in forward order.
    layer : int or None
        Which of them; None where the input itself comes out.
    """
    if layer is None:
        return Output(name, (), "")
    shape = layers[layer].output_shape
    activation, place, same = _last_act(layers, layer)
    if place is None or not same or activation not in _TO_PROBABILITIES:
        return Output(name, shape, activation, layer)
    return Output(name, shape, activation, layer, place.layer, place.before)


def _last_act(layers: Sequence[LayerInfo], layer: int) -> tuple[str, LogitsPlace | None, bool]:
    """Return the last activation, where its argument is, and whether the output is its values."""
    info = layers[layer]
    if info.activation and info.layer_class in _ACTIVATIONS:
        sources = [s for s in info.sources if layers[s].output_shape == info.output_shape]
        place = LogitsPlace(sources[0], before=False) if len(sources) == 1 else None
        if info.activation == "linear" and sources:
            return _last_act(layers, sources[0])
        return info.activation, place, True
    if info.activation:
        return info.activation, LogitsPlace(layer, before=True), True
    if info.layer_class in _SAME_VALUES | _MEANS and info.sources:
        found = [_last_act(layers, source) for source in info.sources]
        sizes = {math.prod(layers[source].output_shape) for source in info.sources}
        same = info.layer_class in _SAME_VALUES - {"Permute", "Transpose"} and sizes == {
            math.prod(info.output_shape)
        }
        if len({activation for activation, _, _ in found}) == 1:
            activation, place, before = found[0]
            return activation, place, same and before and len(found) == 1
        return "", None, False
    return ("linear" if _is_linear(info) else ""), None, True


def _is_linear(info: LayerInfo) -> bool:
    """Whether a layer's last act is a weighted sum that may have any sign."""
    name = info.layer_class
    return name in ("Dense", "EinsumDense", "Add", "Subtract") or "Conv" in name


def logits_place(description: ModelDescription) -> LogitsPlace | None:
    """Return where the logits of a network are; None where they are its output."""
    output = description.read
    return None if output.scores is None else LogitsPlace(output.scores, output.scores_before)


def logits(description: ModelDescription, trace: Trace) -> NDArray[np.float32]:
    """Return the network's scores before they became probabilities, one a class.

    Parameters
    ----------
    description : ModelDescription
        Of the network.
    trace : Trace
        Computed by it.

    Returns
    -------
    ndarray, shape (classes,), float32
        What the final softmax (or sigmoid) was given, be it fused with a layer or one of its own;
        without one, the output itself. One sigmoid's score ``z`` is given as ``(-z, z)``; of an
        output per step, it is the mean over the steps.
    """
    place = logits_place(description)
    values: Any = trace.output
    if place is not None:
        layer = trace.layers[place.layer]
        values = layer.output if not place.before or layer.before is None else layer.before
    output = description.read
    rows = np.asarray(values, np.float32).reshape(-1, output.width)
    row = rows[0] if len(rows) == 1 else rows.mean(axis=0)
    return np.concatenate([-row, row]) if description.reading.single else row


def needs_classes(task: Task) -> bool:
    """Whether the task names classes or labels; a regression names what it measures."""
    return task is not Task.REGRESSION
