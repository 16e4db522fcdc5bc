"""A Keras model and how spectra enter it: what every compiled pass goes through."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.nn.backend import load_keras
from spectracnn.nn.graph import Walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.nn.graph import Splitter
    from spectracnn.nn.serving import Serving


@dataclass(frozen=True, eq=False)
class Network:
    """A model that is open.

    Parameters
    ----------
    model : keras.Model
        With its weights.
    serving : Serving
        How spectra become its input.
    splitter : Splitter
        Used for the description already.
    layers : tuple of keras.Operation
        Parallel to the description's layers; a shared layer stands there once a call.
    output : int
        Which of the network's outputs is read.
    loss : str
        The name of the loss that it was trained with; empty if the file does not say.
    """

    model: Any
    serving: Serving
    splitter: Splitter
    layers: tuple[Any, ...]
    output: int = 0
    loss: str = ""

    def run(self, inputs: Any, change: Callable[[int, Any], Any] | None = None) -> tuple[Walk, Any]:
        """Send tensors through the network.

        Parameters
        ----------
        inputs : tensor, shape (batch, *input_shape)
            Model inputs.
        change : callable, optional
            ``change(index, output)`` returns what goes on instead of a layer's output.

        Returns
        -------
        walk : Walk
            With every layer's tensors.
        output : tensor, shape (batch, ...)
            The output that is read.
        """
        _, keras = load_keras()
        walk = Walk(self.splitter, change)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras's advice to whoever built the network
            fed = packed(self.model, self.serving.to_network(inputs))
            result = walk.through(self.model, fed)
        return walk, keras.tree.flatten(result)[self.output]


def packed(model: Any, tensors: list[Any]) -> Any:
    """Return the inputs in the structure that the network takes: a tensor, a list, a dictionary."""
    if len(tensors) == 1:
        return tensors[0]
    _, keras = load_keras()
    structure = getattr(model, "_inputs_struct", None)
    return tensors if structure is None else keras.tree.pack_sequence_as(structure, tensors)
