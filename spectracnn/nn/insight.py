"""Contributions of all channels of all layers to a class, in one pass forward and one back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from spectracnn.core.insight import Insight
from spectracnn.nn.backend import load_keras
from spectracnn.nn.class_scores import class_scores, predicted_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerTrace, ModelDescription
    from spectracnn.nn.muting import Channels
    from spectracnn.nn.network import Network


class ContributingPass(NamedTuple):
    """What such a pass returns.

    Parameters
    ----------
    tensors : list of tensor
        Values before fused activations, outputs of all layers, final output.
    target : int
        The class with the largest logit.
    contributions : tuple of ndarray, shape (channels,), float32
        A layer each.
    """

    tensors: list[Any]
    target: int
    contributions: tuple[NDArray[np.float32], ...]


class InsightFunction:
    """A compiled pass that also says how much each channel speaks for the predicted class.

    Parameters
    ----------
    description : ModelDescription
        What the network is.
    network : Network
        The Keras model.
    channels : Channels
        Its channels, some of which may be muted.
    """

    def __init__(self, description: ModelDescription, network: Network, channels: Channels) -> None:
        self._network, self._channels = network, channels
        self._description = description
        self._shape = description.input_shape
        self._function: Any = None
        self.fused: list[bool] = []

    def __call__(self, values: NDArray[np.float32], kept: NDArray[np.bool_]) -> ContributingPass:
        """Run one spectrum.

        Parameters
        ----------
        values : ndarray, shape (*input_shape), float32
            Model input.
        kept : ndarray of bool
            Which channels are heard.

        Raises
        ------
        LookupError
            If the network has an operation without a gradient.
        """
        if self._function is None:
            self._function = self._compile()
        tensors, target, parts = self._function(values[None], kept)
        return ContributingPass(tensors, int(target), tuple(np.asarray(part) for part in parts))

    def _compile(self) -> Any:
        tf, _ = load_keras()

        def run(inputs: Any, kept: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                walk, output = self._network.run(inputs, self._channels.muting(kept))
                scores = class_scores(self._description, walk, output)[0]
                target = predicted_index(self._description, scores)
                score = tf.gather(scores, target)
            outputs = [record.output for record in walk.records]
            parts = contributions(tape, score, outputs)
            self.fused = [record.before is not None for record in walk.records]
            befores = [record.before for record in walk.records if record.before is not None]
            return [*befores, *outputs, output], target, parts

        signature = [
            tf.TensorSpec((1, *self._shape), tf.float32),
            tf.TensorSpec((len(self._channels),), tf.bool),
        ]
        return tf.function(run, input_signature=signature, autograph=False)


def contributions(tape: Any, score: Any, outputs: list[Any]) -> list[Any]:
    """Return output times gradient of each layer, summed over everything but its channels."""
    tf, _ = load_keras()
    smooth = [item for item in outputs if item.dtype.is_floating]
    found = iter(tape.gradient(score, smooth, unconnected_gradients="zero"))
    parts = []
    for item in outputs:
        gradient = next(found) if item.dtype.is_floating else tf.zeros_like(item)
        product = tf.cast(item, tf.float32) * tf.cast(gradient, tf.float32)
        parts.append(tf.reduce_sum(product, axis=list(range(len(item.shape) - 1))))
    return parts


def insight(
    layers: Sequence[LayerTrace],
    found: ContributingPass,
    *,
    similarity: bool,
) -> Insight:
    """Return the record for a trace.

    Parameters
    ----------
    layers : sequence of LayerTrace
        Of the pass.
    found : ContributingPass
        What the pass returned.
    similarity : bool
        Whether channels are also to be put in the order of their likeness.
    """
    if not similarity:
        return Insight(found.target, found.contributions)
    from spectracnn.stats.likeness import similarity_order

    nothing = np.zeros(0, np.int64)
    orders = tuple(
        similarity_order(layer.output) if layer.output.ndim == 2 else nothing for layer in layers
    )
    return Insight(found.target, found.contributions, orders)
