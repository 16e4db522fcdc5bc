"""What one pass of a network computed, and what is known of its layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array, refreeze
from spectracnn.core.judging import Judged
from spectracnn.core.last_activation import describe_output
from spectracnn.core.outputs import Arrangement, Output, Task
from spectracnn.core.reading import Reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.card import ModelCard
    from spectracnn.core.fields import PlanarField, ReceptiveField
    from spectracnn.core.insight import Insight
    from spectracnn.core.reference import Reference


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
        For convolution and pooling; along the eigenvalues where the kernel is a plane.
    kernel_shape : tuple of int
        The whole kernel or window; empty where there is none.
    padding : str
        ``valid``, ``same``, ``causal`` or empty.
    pools : bool
        Whether the layer summarises neighbours (any pooling layer).
    field : ReceptiveField or None
        None where no claim is made.
    planar : PlanarField or None
        Of a layer that slides along rows and columns; None elsewhere, and where no claim is made.
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
    kernel_shape: tuple[int, ...] = ()
    planar: PlanarField | None = None

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
        Names of the classes or labels: two for one sigmoid. Of a regression, of its values.
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
    task : Task
        What the output means.
    outputs : tuple of Output
        All that the network has; empty for one that is the last layer's.
    output : int
        Which of them is read.
    arrangement : Arrangement
        How the structures stand in the input; unspecified for a model of one spectrum.
    reference : Reference or None
        What is known of the training spectra; None if unknown.
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
    task: Task = Task.CLASSIFICATION
    outputs: tuple[Output, ...] = ()
    output: int = 0
    arrangement: Arrangement = Arrangement.UNSPECIFIED
    reference: Reference | None = None

    @property
    def values_each(self) -> int:
        """How many values of each structure the network reads."""
        steps = self.input_shape[-2]
        concatenated = self.arrangement is Arrangement.CONCATENATED
        return steps // len(self.structures) if concatenated else steps

    @cached_property
    def read(self) -> Output:
        """The output that is read."""
        if self.outputs:
            return self.outputs[self.output]
        used = {source for layer in self.layers for source in layer.sources}
        ends = [index for index in range(len(self.layers)) if index not in used]
        if ends:
            found = describe_output(self.layers[ends[-1]].name, self.layers, ends[-1])
            if found.shape == (len(self.classes),):
                return found
        return Output("", (len(self.classes),))

    @cached_property
    def reading(self) -> Reading:
        """How that output is read, by the card."""
        card = self.card
        return Reading(
            self.task, self.read, self.classes, card.threshold, card.unit, card.temperature
        )


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
        What the output says by the card; empty for a regression.
    output : ndarray, float32
        What the network computed, as it is; the probabilities where it is not given.
    insight : Insight or None
        How much each channel speaks for the predicted class, where that was asked for.
    judged : Judged
        How typical the spectrum is, and what the linear model says.
    """

    model_sha256: str
    input: NDArray[np.float32]
    positions: NDArray[np.int64]
    layers: tuple[LayerTrace, ...]
    probabilities: NDArray[np.float32]
    output: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    insight: Insight | None = None
    judged: Judged = field(default_factory=Judged)

    def __post_init__(self) -> None:
        given = self.output if self.output.size else self.probabilities
        object.__setattr__(self, "output", frozen_array(given, np.float32))
        object.__setattr__(self, "input", frozen_array(self.input, np.float32))
        object.__setattr__(self, "positions", frozen_array(self.positions, np.int64))
        object.__setattr__(self, "probabilities", frozen_array(self.probabilities, np.float32))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        refreeze(self)
