"""Weighted sums of whole vectors, and scores that become probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.inspect.records import Softmax, WeightedSum
from spectracnn.view.inspect.sources import origin

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.core.weights import LayerWeights
    from spectracnn.view.inspect.sources import LayerInput

MOST_NAMED = 12
"""How many terms are named; the others are shown as one sum."""


def sample_name(description: ModelDescription, sample: Sample) -> str:
    """Return what to call a sample in a narrow column."""
    if sample.layer == SPECTRUM:
        return f"eigenvalue {sample.step}"
    info = description.layers[sample.layer]
    if len(info.output_shape) > 1:
        return f"{info.name} \u00b7 step {sample.step} \u00b7 ch {sample.channel}"
    return f"{info.name} \u00b7 unit {sample.step}"


def contributions(
    description: ModelDescription,
    trace: Trace,
    weights: LayerWeights,
    given: LayerInput,
    sample: Sample,
) -> WeightedSum | None:
    """Return the terms of one unit of a Dense layer, ``y[u] = bias[u] + sum_i x[i] w[i, u]``.

    Parameters
    ----------
    description, trace
        Name the samples that were flattened into the vector.
    weights : LayerWeights
        Of the layer.
    given : LayerInput
        What it reads; on a sequence Keras applies Dense at each step by itself.
    sample : Sample
        Which unit.

    Returns
    -------
    Contributions or None
        None where the layer computes otherwise.
    """
    kernel = weights.arrays.get("kernel")
    vector = description.layers[sample.layer].output_shape
    unit = sample.step if len(vector) == 1 else sample.channel
    values = given.values.reshape(-1) if len(vector) == 1 else given.values[sample.step]
    if kernel is None or kernel.ndim != 2 or kernel.shape[0] != values.size:
        return None
    column = np.asarray(kernel[:, unit], np.float64)
    products = values * column
    order = np.argsort(-np.abs(np.nan_to_num(products)), kind="stable")
    step = None if len(vector) == 1 else sample.step
    origins = tuple(_origin(description, trace, given, int(i), step) for i in order[:MOST_NAMED])
    names = tuple(sample_name(description, item) for item in origins)
    return WeightedSum(
        given.index, order, values[order], column[order], products[order], origins, names
    )


def _origin(
    description: ModelDescription, trace: Trace, given: LayerInput, unit: int, step: int | None
) -> Sample:
    if step is not None:
        return _named(description, trace, given.sample(step, unit))
    if given.values.ndim < 2:
        return _named(description, trace, given.sample(unit))
    place = np.unravel_index(unit, given.values.shape)
    # Steps of the model's input are eigenvalues, whatever axes stand before them.
    first = int(place[-2]) if given.index == SPECTRUM else unit // given.values.shape[-1]
    return _named(description, trace, given.sample(first, int(place[-1])))


def _named(description: ModelDescription, trace: Trace, sample: Sample) -> Sample:
    return sample if sample.layer == SPECTRUM else origin(description, trace, sample)


def softmax(logits: ArrayLike, place: int, names: tuple[str, ...]) -> Softmax:
    """Return the steps from scores to probabilities, ``p_i = exp(z_i) / sum_j exp(z_j)``."""
    scores = np.asarray(logits, np.float64)
    powers = np.exp(scores - scores.max())
    classes = names if len(names) == scores.size else tuple(f"unit {i}" for i in range(scores.size))
    return Softmax(classes, scores, powers, powers / powers.sum(), place)
