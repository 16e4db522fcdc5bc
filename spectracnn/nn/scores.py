"""Logits of a network and their gradients, by passes that are compiled once a model."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import AttributionError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.class_scores import class_scores
from spectracnn.nn.muting import Channels

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription
    from spectracnn.nn.graph import Walk
    from spectracnn.nn.network import Network

CHUNK = 64
"""Inputs that go through at once; memory follows this and not their number."""


class Scores:
    """What attribution methods ask of a network; kept for as long as it is open.

    Parameters
    ----------
    description : ModelDescription
        What it is.
    network : Network
        The Keras model.
    """

    def __init__(self, description: ModelDescription, network: Network) -> None:
        self.description = description
        self.channels = Channels(description.layers)
        self._network = network
        self._layer_functions: dict[int, Callable[..., Any]] = {}

    def logits(self, inputs: NDArray[np.float32], kept: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the values before the final softmax; see :func:`spectracnn.core.logits.logits`.

        Parameters
        ----------
        inputs : ndarray, shape (n, *input_shape), float32
            Model inputs.
        kept : ndarray of bool
            Which channels are heard, from :class:`spectracnn.nn.muting.Channels`.

        Returns
        -------
        ndarray, shape (n, classes), float32
            Of each input.
        """
        parts = [
            np.asarray(self._forward(inputs[first : first + CHUNK], kept))
            for first in range(0, len(inputs), CHUNK)
        ]
        return np.concatenate(parts)

    def gradients(
        self, inputs: NDArray[np.float32], target: int, kept: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Return how a class's logit changes with each input value.

        Parameters
        ----------
        inputs : ndarray, shape (n, *input_shape), float32
            At most `CHUNK` model inputs.
        target : int
            Which class.
        kept : ndarray of bool
            Which channels are heard.

        Returns
        -------
        ndarray, shape (n, *input_shape), float32
            Of each input.

        Raises
        ------
        AttributionError
            If a layer has no gradient.
        """
        return np.asarray(_differentiated(self._backward, inputs, np.int32(target), kept))

    def at_layer(
        self, layer: int, values: NDArray[np.float32], target: int, kept: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return a layer's output for one input, and how a class's logit changes with it.

        Returns
        -------
        output, gradient : ndarray, shape (*output_shape), float32
            Of this layer.
        """
        if layer not in self._layer_functions:
            self._layer_functions[layer] = self._at_layer(layer)
        function = self._layer_functions[layer]
        output, gradient = _differentiated(function, values[None], np.int32(target), kept)
        return np.asarray(output)[0], np.asarray(gradient)[0]

    def _logits(self, walk: Walk, output: Any) -> Any:
        return class_scores(self.description, walk, output)

    def _signature(self, batch: int | None, *, target: bool) -> list[Any]:
        tf, _ = load_keras()
        inputs = tf.TensorSpec((batch, *self.description.input_shape), tf.float32)
        kept = tf.TensorSpec((len(self.channels),), tf.bool)
        return [inputs, tf.TensorSpec((), tf.int32), kept] if target else [inputs, kept]

    @cached_property
    def _forward(self) -> Any:
        tf, _ = load_keras()

        def run(inputs: Any, kept: Any) -> Any:
            return self._logits(*self._network.run(inputs, self.channels.muting(kept)))

        signature = self._signature(None, target=False)
        return tf.function(run, input_signature=signature, autograph=False)

    @cached_property
    def _backward(self) -> Any:
        tf, _ = load_keras()

        def run(inputs: Any, target: Any, kept: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                walk, output = self._network.run(inputs, self.channels.muting(kept))
                score = tf.reduce_sum(tf.gather(self._logits(walk, output), target, axis=1))
            return tape.gradient(score, inputs, unconnected_gradients="zero")

        signature = self._signature(None, target=True)
        return tf.function(run, input_signature=signature, autograph=False)

    def _at_layer(self, layer: int) -> Any:
        tf, _ = load_keras()

        def run(inputs: Any, target: Any, kept: Any) -> Any:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                walk, output = self._network.run(inputs, self.channels.muting(kept))
                score = tf.reduce_sum(tf.gather(self._logits(walk, output), target, axis=1))
            found = walk.records[layer].output
            gradient = tape.gradient(score, found, unconnected_gradients="zero")
            return tf.cast(found, tf.float32), tf.cast(gradient, tf.float32)

        signature = self._signature(1, target=True)
        return tf.function(run, input_signature=signature, autograph=False)


def _differentiated(function: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return function(*arguments)
    except LookupError as error:  # TensorFlow's word for an operation without a gradient
        raise AttributionError(
            f"The network has an operation without a gradient ({' '.join(str(error).split())}).",
            "Occlusion needs none.",
        ) from error
