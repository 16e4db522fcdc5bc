"""What one pass of a network computed, and what is known of its layers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from spectracnn.core.arrays import frozen_array, refreeze

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.card import ModelCard
    from spectracnn.core.fields import ReceptiveField
    from spectracnn.core.insight import Insight


@dataclass(frozen=True, eq=False)
class LayerInfo:
    """One layer as it stands in the network.

    Parameters
    ----------
    name : str
        Unique in the network; nested layers are ``outer/inner``.
    layer_class : str
        Keras's class name, such as ``Conv1D``.
    output_shape : tuple of int
        Without the batch axis; ``(steps, channels)`` for a sequence, ``(units,)`` for a vector.
    n_params : int
        Trainable and not.
    activation : str
        Name of the fused activation; empty for none or ``linear``.
    kernel_size, strides, dilation : int or None
        For convolution and pooling.
    padding : str
        ``valid``, ``same``, ``causal`` or empty.
    pools : bool
        Whether the layer summarises neighbours (any pooling layer).
    field : ReceptiveField or None
        None where no claim is made.
    sources : tuple of int
        Indices in ``ModelDescription.layers`` of the layers whose output this layer takes; empty
        when it takes the model's input.
    """

    name: str
    layer_class: str
    output_shape: tuple[int, ...]
    n_params: int = 0
    activation: str = ""
    kernel_size: int | None = None
    strides: int | None = None
    dilation: int | None = None
    padding: str = ""
    pools: bool = False
    field: ReceptiveField | None = None
    sources: tuple[int, ...] = ()

    @property
    def is_sequence(self) -> bool:
        """Whether the output has an axis of steps, which can lie along the eigenvalue index."""
        return len(self.output_shape) == 2

    @property
    def rectified(self) -> bool:
        """Whether the output cannot be negative by construction of its activation."""
        return self.activation in {"relu", "relu6", "sigmoid", "softmax", "softplus"}


@dataclass(frozen=True, eq=False)
class ModelDescription:
    """A loaded model, told without Keras.

    Parameters
    ----------
    name : str
        The file's stem or the card's title.
    path : str
        The file.
    sha256 : str
        Of the file's bytes, in hex.
    input_shape : tuple of int
        ``(steps, channels)``.
    layers : tuple of LayerInfo
        In forward order; the input layer is not among them.
    classes : tuple of str
        Names of the outputs.
    card : ModelCard
        From the file beside the model, else the assumed one.
    n_params : int
        Trainable and not.
    warnings : tuple of str
        Sentences a person should see, such as that there is no card.
    structures : tuple of str
        Names of the shapes whose spectra the model reads together, in the order of its channels;
        for a two-dimensional model, whose ``input_shape`` is ``(structures, steps, 1)``, of its
        rows. Names are empty where the card gives none; empty for a model of one spectrum.
    card_file : str
        Where the card was found; empty for one that was given or assumed.
    card_assumed : bool
        Whether there is no card, and the one above is a guess.
    open_length : bool
        Whether the network reads any number of values, so that the card decides.
    """

    name: str
    path: str
    sha256: str
    input_shape: tuple[int, ...]
    layers: tuple[LayerInfo, ...]
    classes: tuple[str, ...]
    card: ModelCard
    n_params: int
    warnings: tuple[str, ...] = ()
    structures: tuple[str, ...] = ()
    card_file: str = ""
    card_assumed: bool = False
    open_length: bool = False


@dataclass(frozen=True, eq=False)
class LayerTrace:
    """One layer's numbers for one spectrum.

    Parameters
    ----------
    output : ndarray, float32
        Shape ``(steps, channels)`` or ``(units,)``; after the activation.
    before : ndarray or None
        Same shape: before a fused activation. None where there is none.
    """

    output: NDArray[np.float32]
    before: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "output", frozen_array(self.output, np.float32))
        if self.before is not None:
            object.__setattr__(self, "before", frozen_array(self.before, np.float32))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        refreeze(self)


@dataclass(frozen=True, eq=False)
class Trace:
    """One spectrum's pass through a network.

    Parameters
    ----------
    model_sha256 : str
        Which model.
    input : ndarray, shape (steps, channels), float32
        What the network was given, after preprocessing.
    positions : ndarray, shape (steps,), int64
        Which of the file's eigenvalues each input sample came from.
    layers : tuple of LayerTrace
        Parallel to ``ModelDescription.layers``.
    probabilities : ndarray, shape (classes,), float32
        The network's final output.
    insight : Insight or None
        How much each channel speaks for the predicted class, where that was asked for.
    """

    model_sha256: str
    input: NDArray[np.float32]
    positions: NDArray[np.int64]
    layers: tuple[LayerTrace, ...]
    probabilities: NDArray[np.float32]
    insight: Insight | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "input", frozen_array(self.input, np.float32))
        object.__setattr__(self, "positions", frozen_array(self.positions, np.int64))
        object.__setattr__(self, "probabilities", frozen_array(self.probabilities, np.float32))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        refreeze(self)


_TO_PROBABILITIES = frozenset({"softmax", "sigmoid"})
_ACTIVATIONS = frozenset({"Softmax", "Activation"})
"""Layers that are nothing but an activation; others have it fused."""


def logits(description: ModelDescription, trace: Trace) -> NDArray[np.float32]:
    """Return the network's scores before they became probabilities.

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
        without one, the final output itself.
    """
    place = logits_place(description)
    if place is None:
        return trace.probabilities
    layer = trace.layers[place.layer]
    return layer.output if not place.before or layer.before is None else layer.before


class LogitsPlace(NamedTuple):
    """Where a trace holds the logits: in a layer's values before its activation, or its output."""

    layer: int
    before: bool


def logits_place(description: ModelDescription) -> LogitsPlace | None:
    """Return where the logits of a network are; None where they are its final output."""
    layers = description.layers
    used = {source for layer in layers for source in layer.sources}
    last = max(index for index in range(len(layers)) if index not in used)
    info = layers[last]
    if info.activation not in _TO_PROBABILITIES:
        return None
    if info.layer_class not in _ACTIVATIONS:
        return LogitsPlace(last, before=True)
    sources = [
        source for source in info.sources if layers[source].output_shape == info.output_shape
    ]
    return LogitsPlace(sources[0], before=False) if len(sources) == 1 else None
