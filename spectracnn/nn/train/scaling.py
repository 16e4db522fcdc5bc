"""A regression learns standardised values; its network says them in the target's unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spectracnn.core.outputs import Task
from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.part import FitData


def scaled_weights(weights: list[NDArray[Any]], network: Any, part: FitData) -> list[NDArray[Any]]:
    """Return weights of a network that says values in the target's unit.

    Where the last layer is linear, the unit goes into its kernel and bias; else they stay, and
    `scaled_back` puts a layer behind.
    """
    if part.task is Task.CLASSIFICATION or not _ends_linearly(network):
        return weights
    *others, kernel, bias = weights
    return [*others, kernel * part.scale, bias * part.scale + part.centre]


def scaled_back(network: Any, part: FitData) -> Any:
    """Return the network with the unit of a regression's target in it."""
    if part.task is Task.CLASSIFICATION:
        return network
    if _ends_linearly(network):
        network.set_weights(scaled_weights(network.get_weights(), network, part))
        return network
    _, keras = load_keras()
    scaled = keras.layers.Rescaling(part.scale, part.centre, name="unit")(network.outputs[0])
    return keras.Model(network.inputs, scaled, name=network.name)


def _ends_linearly(network: Any) -> bool:
    _, keras = load_keras()
    last = network.layers[-1]
    linear = getattr(last, "activation", None) is keras.activations.linear
    return isinstance(last, keras.layers.Dense) and linear and bool(last.use_bias)
