"""A model that is open: one pass returns every layer's output."""

from __future__ import annotations

from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.block import picked
from spectracnn.core.edits import edited_input
from spectracnn.core.judging import Judgements, judge
from spectracnn.core.trace import LayerTrace, ModelDescription, Trace
from spectracnn.nn.backend import load_keras
from spectracnn.nn.flows import flows as follow
from spectracnn.nn.insight import InsightFunction, insight
from spectracnn.nn.layer_weights import layer_weights
from spectracnn.nn.muting import Channels, no_layer
from spectracnn.nn.preparing import prepare_all, prepare_one, subject
from spectracnn.nn.scores import Scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.edits import Edit
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.weights import LayerWeights
    from spectracnn.nn.graph import Walk
    from spectracnn.nn.insight import ContributingPass
    from spectracnn.nn.network import Network
    from spectracnn.nn.preparing import Prepared
    from spectracnn.nn.serving import Serving

Layers = list[tuple["NDArray[np.float32] | None", "NDArray[np.float32]"]]


@dataclass(frozen=True, eq=False)
class BatchTrace:
    """Every layer's numbers for many spectra.

    Parameters
    ----------
    layers : list of (ndarray or None, ndarray)
        Before a fused activation and after it, shape (n, ...), parallel to the description's
        layers.
    output : ndarray, shape (n, ...), float32
        The network's output that is read, as it is.
    """

    layers: Layers
    output: NDArray[np.float32]


class LoadedModel:
    """Runs a network and keeps what every layer computed.

    Parameters
    ----------
    description : ModelDescription
        What it is.
    network : Network
        The Keras model.
    """

    def __init__(self, description: ModelDescription, network: Network) -> None:
        self.description = description
        self.network = network
        self._channels = Channels(description.layers)
        self._fused = [False] * len(description.layers)

    def serving_as(self, description: ModelDescription, serving: Serving) -> LoadedModel:
        """Return the same network with another card; what was compiled is shared.

        Parameters
        ----------
        description : ModelDescription
            Of the same layers.
        serving : Serving
            Of the same shapes.
        """
        other = copy(self)
        other.description = description
        other.network = replace(self.network, serving=serving)
        return other

    def _function(self, batch: int | None, *, every_layer: bool) -> Any:
        """Compile a pass; a fixed signature is many times faster than ``predict``."""
        tf, _ = load_keras()

        def run(inputs: Any) -> Any:
            walk, output = self.network.run(inputs)
            return self._tensors(walk, output) if every_layer else output

        return tf.function(run, input_signature=[self._input(batch)], autograph=False)

    def _input(self, batch: int | None) -> Any:
        tf, _ = load_keras()
        return tf.TensorSpec((batch, *self.description.input_shape), tf.float32)

    def _tensors(self, walk: Walk, output: Any) -> list[Any]:
        self._fused = [record.before is not None for record in walk.records]
        befores = [record.before for record in walk.records if record.before is not None]
        return [*befores, *(record.output for record in walk.records), output]

    @cached_property
    def trace_function(self) -> Any:
        """The bare compiled pass for one spectrum, all layers."""
        return self._function(1, every_layer=True)

    @cached_property
    def muted_function(self) -> Any:
        """The bare compiled pass for one spectrum, all layers, and which channels stay."""
        tf, _ = load_keras()

        def run(inputs: Any, kept: Any) -> Any:
            return self._tensors(*self.network.run(inputs, self._channels.muting(kept)))

        signature = [self._input(1), tf.TensorSpec((len(self._channels),), tf.bool)]
        return tf.function(run, input_signature=signature, autograph=False)

    @cached_property
    def batch_function(self) -> Any:
        """The bare compiled pass for any number of spectra, all layers."""
        return self._function(None, every_layer=True)

    @cached_property
    def predict_function(self) -> Any:
        """The bare compiled pass for any number of spectra, final output only."""
        return self._function(None, every_layer=False)

    @cached_property
    def scores(self) -> Scores:
        """Logits and their gradients, for the attribution methods."""
        return Scores(self.description, self.network)

    @cached_property
    def contributions(self) -> InsightFunction:
        """A pass that also says how much each channel speaks for the predicted class."""
        return InsightFunction(self.description, self.network, self._channels)

    def warm_up(self) -> None:
        """Compile what a window asks for, so that the first spectrum does not wait."""
        zeros = np.zeros((1, *self.description.input_shape), np.float32)
        try:
            self._run_contributions(zeros[0], ())
        except LookupError:  # TensorFlow's word for an operation without a gradient
            self.trace_batch(zeros, single=True)

    def _run_contributions(
        self, values: NDArray[np.float32], muted: Sequence[tuple[int, int]]
    ) -> ContributingPass:
        found = self.contributions(values, self._channels.kept(muted))
        self._fused = self.contributions.fused
        return found

    def prepare(self, spectra: Sequence[Spectrum]) -> Prepared:
        """Preprocess spectra; see :func:`spectracnn.nn.preparing.prepare_all`."""
        return prepare_all(spectra, self.description, self.network.serving)

    def input_of(
        self,
        spectrum: Spectrum,
        companions: Sequence[Spectrum] = (),
        input_edits: Sequence[Edit] = (),
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the model's input of one spectrum, and the positions of its samples in the file.

        Raises
        ------
        PreprocessingError
            If the spectrum is too short, or lacks what the card needs.
        """
        members = subject(spectrum, companions)
        values, positions = prepare_one(members, self.description, self.network.serving)
        return edited_input(values, input_edits), positions

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the output that is read, as the network has it, for n model inputs."""
        return _array(self.predict_function(inputs))

    def judge(
        self,
        inputs: NDArray[np.float32],
        spectra: Sequence[Spectrum],
        positions: NDArray[np.int64],
    ) -> Judgements:
        """Compare spectra with the training spectra, where the model knows them.

        Parameters
        ----------
        inputs : ndarray, shape (n, steps, channels), float32
            Model inputs.
        spectra : sequence of Spectrum
            n of them, from files.
        positions : ndarray, shape (n, steps), int64
            Which of their eigenvalues the inputs were made from.
        """
        reference = self.description.reference
        # Of several structures it is not known which statistics belong to which.
        if reference is None or self.description.structures or not len(inputs):
            return Judgements.unknown(len(inputs))
        return judge(reference, self.description.task, inputs, picked(spectra, positions))

    def trace_batch(
        self,
        inputs: NDArray[np.float32],
        *,
        single: bool = False,
        muted: Sequence[tuple[int, int]] = (),
    ) -> BatchTrace:
        """Run many spectra at once.

        Parameters
        ----------
        inputs : ndarray, shape (n, steps, channels), float32
            Model inputs.
        single : bool
            Use the function compiled for one spectrum; n must be 1.
        muted : sequence of (int, int)
            Layers and channels whose output is set to 0 on the way.

        Returns
        -------
        BatchTrace
            Every layer's numbers.
        """
        if muted:
            return self._muted_batch(inputs, self._channels.kept(muted))
        function = self.trace_function if single else self.batch_function
        return self._batch_trace(function(inputs))

    def _muted_batch(self, inputs: NDArray[np.float32], kept: NDArray[np.bool_]) -> BatchTrace:
        # One by one: a pass that mutes is compiled for one spectrum only.
        runs = [[_array(t) for t in self.muted_function(row[None], kept)] for row in inputs]
        return self._batch_trace([np.concatenate(same) for same in zip(*runs, strict=True)])

    def _batch_trace(self, tensors: list[Any]) -> BatchTrace:
        arrays = [_array(tensor) for tensor in tensors]
        left = iter(arrays)
        befores = [next(left) if fused else None for fused in self._fused]
        outputs = [next(left) for _ in self._fused]
        return BatchTrace(list(zip(befores, outputs, strict=True)), arrays[-1])

    def weights_of(self, layer: int) -> LayerWeights:
        """Return what a layer computes with.

        Parameters
        ----------
        layer : int
            Index in the description's layers.

        Raises
        ------
        ModelError
            If there is no such layer.
        """
        if not 0 <= layer < len(self.network.layers):
            raise no_layer(layer, len(self.network.layers))
        return layer_weights(layer, self.network.layers[layer])

    def trace(
        self,
        spectrum: Spectrum,
        companions: Sequence[Spectrum] = (),
        *,
        muted: Sequence[tuple[int, int]] = (),
        input_edits: Sequence[Edit] = (),
        contributions: bool = False,
        similarity: bool = False,
        flows: bool = False,
    ) -> Trace:
        """Preprocess one spectrum and return every layer's output in one pass.

        Parameters
        ----------
        spectrum : Spectrum
            From the file.
        companions : sequence of Spectrum
            For a model of several structures: the spectra of the same subject. Where this
            spectrum itself is among them, they stand in the file's order; else it goes first.
        muted : sequence of (int, int)
            Layers and channels whose output is set to 0 on the way.
        input_edits : sequence of Edit
            Of these, the ones that act on the model's input are applied after preprocessing.
        contributions : bool
            Also say how much each channel speaks for the predicted class; left out where the
            network has an operation without a gradient.
        similarity : bool
            Also put the channels in the order of their likeness; means contributions too.
        flows : bool
            Also say how the class's score flows from layer to layer; means contributions too.

        Raises
        ------
        PreprocessingError
            If the spectrum is too short, or lacks what the card needs.
        ModelError
            If there is no such layer or channel.
        """
        values, positions = self.input_of(spectrum, companions, input_edits)
        found = None
        if contributions or similarity or flows:
            with suppress(LookupError):
                found = self._run_contributions(values, muted)
        if found is not None:
            batch = self._batch_trace(found.tensors)
        elif muted:
            tensors = self.muted_function(values[None], self._channels.kept(muted))
            batch = self._batch_trace(tensors)
        else:
            batch = self.trace_batch(values[None], single=True)
        layers = tuple(
            LayerTrace(output[0], None if before is None else before[0])
            for before, output in batch.layers
        )
        known = None if found is None else insight(layers, found, similarity=similarity)
        if known is not None and flows:
            kept = self._channels.kept(muted)
            followed = follow(self.description, self.network, self._channels, values, kept)
            known = replace(known, flows=followed)
        sha256, output = self.description.sha256, batch.output
        probabilities = self.description.reading.probabilities(output)
        judged = self.judge(values[None], [spectrum], positions[None])[0]
        return Trace(sha256, values, positions, layers, probabilities[0], output[0], known, judged)


def _array(tensor: Any) -> NDArray[np.float32]:
    """Return a view of the tensor's values; networks of another precision are converted."""
    values = np.asarray(tensor)  # unlike tensor.numpy(), no copy
    return values if values.dtype == np.float32 else values.astype(np.float32)
