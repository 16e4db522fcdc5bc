"""Many spectra through a network: moments of all maps, all outputs, attributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.cohort_requests import Attributions, LayerOutputs, Moments
from spectracnn.errors import SpectraCNNError
from spectracnn.nn.attribution.attribute import attribute
from spectracnn.nn.groups import edited_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.core.cohort_requests import (
        CollectAttributions,
        CollectLayers,
        CollectMoments,
    )
    from spectracnn.nn.loaded_model import LoadedModel


def moments(model: LoadedModel, request: CollectMoments) -> Moments:
    """Return mean and spread of all maps of the spectra that the model takes."""
    prepared = model.prepare(request.spectra)
    inputs = edited_inputs(prepared, request.input_edits)
    positions = prepared.positions[0] if len(prepared.positions) else np.zeros(0, np.int64)
    if not len(inputs):
        inputs = np.zeros((0, *model.description.input_shape), np.float32)
        layers = [
            np.zeros((0, *layer.output_shape), np.float32) for layer in model.description.layers
        ]
        reading = model.description.reading
        last = np.zeros((0, *reading.output.shape), np.float32)
        probabilities = np.zeros((0, 0 if reading.is_values else len(reading.classes)), np.float32)
        return Moments.of([inputs, *layers, probabilities, last], positions, prepared.errors)
    batch = model.trace_batch(inputs, muted=request.muted)
    probabilities = model.description.reading.probabilities(batch.output)
    arrays = [inputs, *(output for _, output in batch.layers), probabilities, batch.output]
    return Moments.of(arrays, positions, prepared.errors)


def layer_outputs(model: LoadedModel, request: CollectLayers) -> LayerOutputs:
    """Return every layer's output as vectors, one row a spectrum."""
    prepared = model.prepare(request.spectra)
    inputs = edited_inputs(prepared, request.input_edits)
    if len(inputs):
        batch = model.trace_batch(inputs, muted=request.muted)
        outputs = [output.reshape(len(inputs), -1) for _, output in batch.layers]
        last = batch.output
    else:
        inputs = np.zeros((0, *model.description.input_shape), np.float32)
        shapes = [layer.output_shape for layer in model.description.layers]
        outputs = [np.zeros((0, int(np.prod(shape))), np.float32) for shape in shapes]
        last = np.zeros((0, *model.description.reading.output.shape), np.float32)
    return LayerOutputs(
        prepared.spread(inputs),
        tuple(prepared.spread(np.asarray(output, np.float32)) for output in outputs),
        model.description.reading.probabilities(prepared.spread(last)),
        prepared.errors,
    )


def attributions(
    model: LoadedModel,
    request: CollectAttributions,
    backgrounds: Callable[[], NDArray[np.float32]],
) -> Attributions:
    """Return how much each eigenvalue of each spectrum speaks for one class."""
    prepared = model.prepare(request.spectra)
    inputs = edited_inputs(prepared, request.input_edits)
    errors = list(prepared.errors)
    steps = model.description.input_shape[-2]
    values = np.full((len(inputs), steps), np.nan, np.float32)
    for place, (row, positions) in enumerate(zip(inputs, prepared.positions, strict=True)):
        try:
            found = attribute(
                model.scores,
                row,
                positions,
                request.method,
                target=request.target,
                options=request.options,
                muted=request.muted,
                backgrounds=backgrounds,
            )
        except SpectraCNNError as error:
            for spectrum in np.flatnonzero(prepared.rows == place):
                errors[spectrum] = error
            continue
        axes = tuple(axis for axis in range(found.values.ndim) if axis != found.values.ndim - 2)
        values[place] = found.values.sum(axis=axes)
    where = np.full((len(prepared.rows), steps), -1, np.int64)
    known = prepared.rows >= 0
    if known.any():
        where[known] = prepared.positions[prepared.rows[known]]
    return Attributions(prepared.spread(values), where, tuple(errors))
