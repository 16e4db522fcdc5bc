"""The last activation of a network, and where its argument is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Protocol

from spectracnn.core.outputs import Output

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class LayerLike(Protocol):
    """What this module looks at of a :class:`spectracnn.core.trace.LayerInfo`."""

    @property
    def layer_class(self) -> str:
        """Keras's class name."""

    @property
    def activation(self) -> str:
        """Name of the fused activation."""

    @property
    def output_shape(self) -> tuple[int, ...]:
        """Without the batch axis."""

    @property
    def sources(self) -> tuple[int, ...]:
        """The layers that it reads."""


def describe_output(name: str, layers: Sequence[LayerLike], layer: int | None) -> Output:
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


def _last_act(layers: Sequence[LayerLike], layer: int) -> tuple[str, LogitsPlace | None, bool]:
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


def _is_linear(info: LayerLike) -> bool:
    """Whether a layer's last act is a weighted sum that may have any sign."""
    name = info.layer_class
    return name in ("Dense", "EinsumDense", "Add", "Subtract") or "Conv" in name
