"""Many spectra at once: one layer's outputs as vectors, and the mean of whole traces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.edits import edited_input
from spectracnn.core.features import INPUT, reduced
from spectracnn.core.trace import LayerTrace, Trace
from spectracnn.errors import PreprocessingError
from spectracnn.nn.muting import no_layer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.edits import Edit
    from spectracnn.core.features import Reduction
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.nn.loaded_model import LoadedModel
    from spectracnn.nn.preparing import Prepared

_CHUNK = 64
"""Spectra that go through at once; memory follows this and not their number."""


def features(
    model: LoadedModel,
    inputs: NDArray[np.float32],
    layer: int,
    reduction: Reduction,
    *,
    muted: Sequence[tuple[int, int]] = (),
) -> NDArray[np.float32]:
    """Return one layer's output for many model inputs, as vectors.

    Parameters
    ----------
    model : LoadedModel
        The network.
    inputs : ndarray, shape (n, steps, channels), float32
        Model inputs.
    layer : int
        Index in the description's layers, or ``INPUT``.
    reduction : Reduction
        How an output becomes a vector.
    muted : sequence of (int, int)
        Layers and channels whose output is set to 0 on the way.

    Returns
    -------
    ndarray, shape (n, d), float32
        One row an input.

    Raises
    ------
    ModelError
        If there is no such layer.
    """
    if layer == INPUT:
        return reduced(inputs, reduction)
    layers = model.description.layers
    if not 0 <= layer < len(layers):
        raise no_layer(layer, len(layers))
    if not len(inputs):
        return reduced(np.zeros((0, *layers[layer].output_shape), np.float32), reduction)
    parts = [model.trace_batch(chunk, muted=muted).layers[layer][1] for chunk in _chunks(inputs)]
    return np.concatenate([reduced(part, reduction) for part in parts])


def edited_inputs(prepared: Prepared, input_edits: Sequence[Sequence[Edit]]) -> NDArray[np.float32]:
    """Return the model inputs with what was done to them by hand.

    Parameters
    ----------
    prepared : Prepared
        Of all spectra of a request.
    input_edits : sequence of sequence of Edit
        One a spectrum of the request; empty for none at all.

    Returns
    -------
    ndarray, shape (m, steps, channels), float32
        One a taken spectrum.
    """
    if not any(input_edits):
        return prepared.inputs
    edited = np.array(prepared.inputs)
    for row, edits in zip(prepared.rows.tolist(), input_edits, strict=True):
        if row >= 0:  # those of the structures of one subject act on its one input
            edited[row] = edited_input(edited[row], edits)
    return edited


def mean_trace(
    model: LoadedModel,
    spectra: Sequence[Spectrum],
    *,
    muted: Sequence[tuple[int, int]] = (),
    input_edits: Sequence[Sequence[Edit]] = (),
) -> Trace:
    """Average the traces of a group of spectra.

    Parameters
    ----------
    model : LoadedModel
        The network.
    spectra : sequence of Spectrum
        From files; those that the model cannot take are left out.
    muted : sequence of (int, int)
        Layers and channels whose output is set to 0 on the way.
    input_edits : sequence of sequence of Edit
        One a spectrum, those that act on the model's input; empty for none at all.

    Returns
    -------
    Trace
        The mean input, the mean of each layer's output before and after a fused activation, and
        the mean probabilities: means of what the network computed, not its answer to the mean
        input. ``positions`` are those of the first spectrum.

    Raises
    ------
    PreprocessingError
        If none is left.
    """
    prepared = model.prepare(spectra)
    if not prepared.accepted.size:
        raise _nothing_to_average(len(spectra), prepared.errors)
    inputs = edited_inputs(prepared, input_edits)
    count = len(inputs)
    sums: list[NDArray[np.float64]] = []
    fused: list[bool] = []
    for chunk in _chunks(inputs):
        batch = model.trace_batch(chunk, muted=muted)
        fused = [before is not None for before, _ in batch.layers]
        arrays = [array for pair in batch.layers for array in pair if array is not None]
        probabilities = model.description.reading.probabilities(batch.output)
        arrays += [probabilities, batch.output]
        added = [array.sum(axis=0, dtype=np.float64) for array in arrays]
        sums = [one + other for one, other in zip(sums, added, strict=True)] if sums else added
    means = iter([np.asarray(total / count, np.float32) for total in sums])
    layers = []
    for has_before in fused:
        before = next(means) if has_before else None
        layers.append(LayerTrace(next(means), before))
    values = inputs.mean(axis=0, dtype=np.float64).astype(np.float32)
    sha256 = model.description.sha256
    return Trace(sha256, values, prepared.positions[0], tuple(layers), next(means), next(means))


def _chunks(inputs: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
    for first in range(0, len(inputs), _CHUNK):
        yield inputs[first : first + _CHUNK]


def _nothing_to_average(count: int, errors: Sequence[Exception | None]) -> PreprocessingError:
    if not count:
        return PreprocessingError("There are no spectra to average.")
    return PreprocessingError(f"The model accepts none of the {count} spectra. {errors[0]}")
