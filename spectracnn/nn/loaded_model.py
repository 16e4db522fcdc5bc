"""A model that is open: one pass returns every layer's output."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.trace import LayerTrace, ModelDescription, Trace
from spectracnn.errors import PreprocessingError, SpectraCNNError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.graph import Walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.nn.graph import Splitter
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
    output : ndarray, shape (n, classes), float32
        The network's final output.
    """

    layers: Layers
    output: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Model inputs of those spectra that the preprocessing takes.

    Parameters
    ----------
    inputs : ndarray, shape (m, steps, channels), float32
        One a taken spectrum.
    taken : ndarray, shape (m,), int64
        Which spectra those are.
    errors : tuple of SpectraCNNError or None
        One a spectrum: why it was refused.
    """

    inputs: NDArray[np.float32]
    taken: NDArray[np.int64]
    errors: tuple[SpectraCNNError | None, ...]


class LoadedModel:
    """Runs a network and keeps what every layer computed.

    Parameters
    ----------
    description : ModelDescription
        What it is.
    model : keras.Model
        The network.
    serving : Serving
        How spectra become its input.
    splitter : Splitter
        Used for the description already.
    """

    def __init__(
        self, description: ModelDescription, model: Any, serving: Serving, splitter: Splitter
    ) -> None:
        self.description = description
        self._model, self._serving, self._splitter = model, serving, splitter
        self._fused = [False] * len(description.layers)

    def _function(self, batch: int | None, *, every_layer: bool) -> Any:
        """Compile a pass; a fixed signature is many times faster than ``predict``."""
        tf, _ = load_keras()
        signature = tf.TensorSpec((batch, *self.description.input_shape), tf.float32)

        def run(inputs: Any) -> Any:
            walk = Walk(self._splitter)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Keras's advice to whoever built the network
                result = walk.through(self._model, self._serving.to_network(inputs))
            output = tf.nest.flatten(result)[0]  # some models return a list of one
            if not every_layer:
                return output
            self._fused = [record.before is not None for record in walk.records]
            befores = [record.before for record in walk.records if record.before is not None]
            return [*befores, *(record.output for record in walk.records), output]

        return tf.function(run, input_signature=[signature], autograph=False)

    @cached_property
    def trace_function(self) -> Any:
        """The bare compiled pass for one spectrum, all layers."""
        return self._function(1, every_layer=True)

    @cached_property
    def batch_function(self) -> Any:
        """The bare compiled pass for any number of spectra, all layers."""
        return self._function(None, every_layer=True)

    @cached_property
    def predict_function(self) -> Any:
        """The bare compiled pass for any number of spectra, final output only."""
        return self._function(None, every_layer=False)

    def warm_up(self) -> None:
        """Compile, so that the first spectrum does not wait."""
        zeros = np.zeros((1, *self.description.input_shape), np.float32)
        self.trace_batch(zeros, single=True)

    def prepare(self, spectra: Sequence[Spectrum]) -> Prepared:
        """Preprocess spectra; those that are refused are told with their reason.

        A model of several structures takes the spectra of one file together; each of them then
        stands for the whole.
        """
        rows: list[NDArray[np.float32]] = []
        taken: list[int] = []
        errors: list[SpectraCNNError | None] = []
        for place, members in enumerate(self._subjects(spectra)):
            try:
                rows.append(self._input_of(members)[0])
            except PreprocessingError as error:
                errors.append(error)
            else:
                taken.append(place)
                errors.append(None)
        shape = self.description.input_shape
        inputs = np.stack(rows) if rows else np.zeros((0, *shape), np.float32)
        return Prepared(inputs, np.array(taken, dtype=np.int64), tuple(errors))

    def _subjects(self, spectra: Sequence[Spectrum]) -> list[Sequence[Spectrum]]:
        """Return, for each spectrum, those that go in with it."""
        if not self.description.structures:
            return [(spectrum,) for spectrum in spectra]
        files: dict[Any, list[Spectrum]] = {}
        for spectrum in spectra:
            files.setdefault(spectrum.source, []).append(spectrum)
        return [files[spectrum.source] for spectrum in spectra]

    def _input_of(
        self, spectra: Sequence[Spectrum]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        name = spectra[0].name
        steps = self.description.card.preprocessing
        worked = [steps.apply(member) for member in self._serving.pick(spectra, name)]
        values = self._serving.stack([item.values for item in worked], name)
        return values, worked[0].positions

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the final output for model inputs of shape (n, steps, channels)."""
        return _array(self.predict_function(inputs))

    def trace_batch(self, inputs: NDArray[np.float32], *, single: bool = False) -> BatchTrace:
        """Run many spectra at once.

        Parameters
        ----------
        inputs : ndarray, shape (n, steps, channels), float32
            Model inputs.
        single : bool
            Use the function compiled for one spectrum; n must be 1.

        Returns
        -------
        BatchTrace
            Every layer's numbers.
        """
        function = self.trace_function if single else self.batch_function
        arrays = [_array(tensor) for tensor in function(inputs)]
        left = iter(arrays)
        befores = [next(left) if fused else None for fused in self._fused]
        outputs = [next(left) for _ in self._fused]
        return BatchTrace(list(zip(befores, outputs, strict=True)), arrays[-1])

    def trace(self, spectrum: Spectrum, companions: Sequence[Spectrum] = ()) -> Trace:
        """Preprocess one spectrum and return every layer's output in one pass.

        Parameters
        ----------
        spectrum : Spectrum
            From the file.
        companions : sequence of Spectrum
            For a model of several structures: the other spectra of the same subject.

        Raises
        ------
        PreprocessingError
            If the spectrum is too short, or lacks what the card needs.
        """
        values, positions = self._input_of((spectrum, *companions))
        batch = self.trace_batch(values[None], single=True)
        layers = tuple(
            LayerTrace(output[0], None if before is None else before[0])
            for before, output in batch.layers
        )
        sha256 = self.description.sha256
        return Trace(sha256, values, positions, layers, batch.output[0])


def _array(tensor: Any) -> NDArray[np.float32]:
    """Return a view of the tensor's values; networks of another precision are converted."""
    values = np.asarray(tensor)  # unlike tensor.numpy(), no copy
    return values if values.dtype == np.float32 else values.astype(np.float32)
