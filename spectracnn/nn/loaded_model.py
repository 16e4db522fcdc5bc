"""A model that is open: one pass returns every layer's output."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.preprocessing import model_input
from spectracnn.core.trace import LayerTrace, ModelDescription, Trace
from spectracnn.errors import PreprocessingError, SpectraCNNError
from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.nn.graph import Record

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
    """Runs a recorded network.

    Parameters
    ----------
    description : ModelDescription
        What it is.
    model_input, output : KerasTensor
        Ends of the recorded graph.
    records : list of Record
        Parallel to the description's layers.
    """

    def __init__(
        self, description: ModelDescription, model_input: Any, records: list[Record], output: Any
    ) -> None:
        self.description = description
        self._input, self._records, self._output = model_input, records, output

    @cached_property
    def _network(self) -> Any:
        _, keras = load_keras()
        tensors = [r.before for r in self._records if r.before is not None]
        tensors += [r.output for r in self._records]
        return keras.Model(self._input, [*tensors, self._output])

    @cached_property
    def _plain_network(self) -> Any:
        _, keras = load_keras()
        return keras.Model(self._input, self._output)

    def _function(self, network: Any, batch: int | None) -> Any:
        """Compile a pass; a fixed signature is many times faster than ``predict``."""
        tf, _ = load_keras()
        signature = tf.TensorSpec((batch, *self.description.input_shape), tf.float32)

        def run(inputs: Any) -> Any:
            return network(inputs, training=False)

        return tf.function(run, input_signature=[signature], autograph=False)

    @cached_property
    def trace_function(self) -> Any:
        """The bare compiled pass for one spectrum, all layers."""
        return self._function(self._network, 1)

    @cached_property
    def batch_function(self) -> Any:
        """The bare compiled pass for any number of spectra, all layers."""
        return self._function(self._network, None)

    @cached_property
    def predict_function(self) -> Any:
        """The bare compiled pass for any number of spectra, final output only."""
        return self._function(self._plain_network, None)

    def warm_up(self) -> None:
        """Compile, so that the first spectrum does not wait."""
        zeros = np.zeros((1, *self.description.input_shape), np.float32)
        self.trace_batch(zeros, single=True)

    def prepare(self, spectra: Sequence[Spectrum]) -> Prepared:
        """Preprocess spectra; those that are refused are told with their reason."""
        rows: list[NDArray[np.float32]] = []
        taken: list[int] = []
        errors: list[SpectraCNNError | None] = []
        for place, spectrum in enumerate(spectra):
            try:
                rows.append(self._checked(spectrum, self._input_of(spectrum)))
            except PreprocessingError as error:
                errors.append(error)
            else:
                taken.append(place)
                errors.append(None)
        shape = self.description.input_shape
        inputs = np.stack(rows) if rows else np.zeros((0, *shape), np.float32)
        return Prepared(inputs, np.array(taken, dtype=np.int64), tuple(errors))

    def _input_of(self, spectrum: Spectrum) -> NDArray[np.float32]:
        return model_input(self.description.card.preprocessing, spectrum)

    def _checked(self, spectrum: Spectrum, values: NDArray[np.float32]) -> NDArray[np.float32]:
        if values.shape != self.description.input_shape:
            raise PreprocessingError(
                f"{spectrum.name}: the model reads {self.description.input_shape[0]} values; "
                f"{values.shape[0]} are left after preprocessing."
            )
        return values

    def predict(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the final output for model inputs of shape (n, steps, channels)."""
        return np.asarray(self.predict_function(inputs))

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
        arrays = [tensor.numpy() for tensor in function(inputs)]
        fused = iter(arrays)
        befores = [next(fused) if r.before is not None else None for r in self._records]
        outputs = [next(fused) for _ in self._records]
        return BatchTrace(list(zip(befores, outputs, strict=True)), arrays[-1])

    def trace(self, spectrum: Spectrum) -> Trace:
        """Preprocess one spectrum and return every layer's output in one pass.

        Raises
        ------
        PreprocessingError
            If the spectrum is too short, or lacks what the card needs.
        """
        working = self.description.card.preprocessing.apply(spectrum)
        values = self._checked(spectrum, working.values[:, None].astype(np.float32))
        batch = self.trace_batch(values[None], single=True)
        layers = tuple(
            LayerTrace(output[0], None if before is None else before[0])
            for before, output in batch.layers
        )
        sha256 = self.description.sha256
        return Trace(sha256, values, working.positions, layers, batch.output[0])
