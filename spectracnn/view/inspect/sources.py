"""Where a layer's numbers come from: what it reads, and which samples were merely copied."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.spectra import input_positions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, ModelDescription, Trace

PASSING = frozenset(
    """Dropout SpatialDropout1D GaussianDropout GaussianNoise AlphaDropout ActivityRegularization
    Identity Flatten Reshape""".split()
)
"""Layers that at inference hand every number on; two of them change the shape."""


@dataclass(frozen=True, eq=False)
class LayerInput:
    """What a layer reads.

    Parameters
    ----------
    index : int
        Of the layer, ``SPECTRUM`` for the model's input.
    name : str
        For people.
    values : ndarray, shape (steps, channels) or (units,), float64
        Its output.
    places : ndarray, shape (steps,), float64
        For people: the eigenvalue's index for the model's input, else the step.
    """

    index: int
    name: str
    values: NDArray[np.float64]
    places: NDArray[np.float64]

    def sample(self, step: int, channel: int = 0) -> Sample:
        """Return one of its samples; of the model's input, the eigenvalue it was made from."""
        if self.index == SPECTRUM:
            # Structures that are rows of an image lie one after the other.
            return Sample(SPECTRUM, int(self.places[step % self.places.size]))
        return Sample(self.index, step, channel)


def source(description: ModelDescription, trace: Trace, index: int) -> LayerInput:
    """Return what a layer gives to those that read it; ``SPECTRUM`` for the model's input."""
    if index == SPECTRUM:
        values = np.asarray(trace.input, np.float64)
        places = input_positions(trace.positions)
        return LayerInput(index, "the model's input", values, places)
    values = np.asarray(trace.layers[index].output, np.float64)
    return LayerInput(index, description.layers[index].name, values, np.arange(float(len(values))))


def sources(description: ModelDescription, trace: Trace, layer: int) -> tuple[LayerInput, ...]:
    """Return all that a layer reads."""
    indices = description.layers[layer].sources or (SPECTRUM,)
    return tuple(source(description, trace, index) for index in indices)


def value_at(values: NDArray[Any], sample: Sample) -> float:
    """Return one number of an output; arrays of more axes are taken as steps x channels."""
    if values.ndim < 2:
        return float(values.reshape(-1)[sample.step])
    return float(values.reshape(-1, values.shape[-1])[sample.step, sample.channel])


def copied(
    description: ModelDescription,
    trace: Trace,
    sample: Sample,
    settings: Mapping[str, Any] | None = None,
) -> Sample | None:
    """Return the sample of a layer before, of which this one is an unchanged copy.

    Parameters
    ----------
    description : ModelDescription
        The model.
    trace : Trace
        Its numbers: a claim that they do not bear out is not made.
    sample : Sample
        Of a layer.
    settings : mapping, optional
        The layer's configuration, which cropping and the like need.

    Returns
    -------
    Sample or None
        None where it was computed, or is padding; a sample of ``SPECTRUM`` is an eigenvalue.
    """
    info = description.layers[sample.layer]
    given = sources(description, trace, sample.layer)
    found: tuple[int, Sample] | None = None
    if info.layer_class == "Concatenate":
        found = _joined(given, info, sample)
    elif len(given) == 1:
        found = _moved(given[0], info, sample, settings or {})
    if found is None:
        return None
    place, at = found
    values = given[place].values
    steps = values.size // values.shape[-1] if values.ndim > 1 else values.size
    if not 0 <= at.step < steps:
        return None
    if value_at(values, at) != value_at(trace.layers[sample.layer].output, sample):
        return None
    return given[place].sample(at.step, at.channel)


def origin(description: ModelDescription, trace: Trace, sample: Sample) -> Sample:
    """Return the sample that this one is a copy of, through all layers that merely copy."""
    while sample.layer != SPECTRUM:
        before = copied(description, trace, sample)
        if before is None:
            return sample
        sample = before
    return sample


def _joined(
    given: tuple[LayerInput, ...], info: LayerInfo, sample: Sample
) -> tuple[int, Sample] | None:
    """Return which input of a Concatenate a sample is from, and where there."""
    shapes = [item.values.shape for item in given]
    if any(len(shape) != len(info.output_shape) for shape in shapes):
        return None
    along_steps = sum(shape[0] for shape in shapes) == info.output_shape[0]
    if not along_steps and sum(shape[-1] for shape in shapes) != info.output_shape[-1]:
        return None
    rest = sample.step if along_steps else sample.channel
    for place, shape in enumerate(shapes):
        size = shape[0] if along_steps else shape[-1]
        if rest < size:
            changes = {"step": rest} if along_steps else {"channel": rest}
            return place, replace(sample, **changes)
        rest -= size
    return None


def _moved(
    given: LayerInput, info: LayerInfo, sample: Sample, settings: Mapping[str, Any]
) -> tuple[int, Sample] | None:
    """Return where a layer that only moves numbers took one from."""
    if info.layer_class in PASSING:
        shape, width = given.values.shape, info.output_shape[-1]
        flat = sample.step if len(info.output_shape) == 1 else sample.step * width + sample.channel
        if len(shape) == 1:
            return 0, Sample(given.index, flat)
        return 0, Sample(given.index, *divmod(flat, shape[-1]))
    if info.layer_class == "RepeatVector":
        return 0, Sample(given.index, sample.channel)
    if info.layer_class == "ZeroPadding1D":
        return 0, replace(sample, step=sample.step - _first(settings.get("padding", 1)))
    if info.layer_class == "Cropping1D":
        return 0, replace(sample, step=sample.step + _first(settings.get("cropping", 1)))
    if info.layer_class == "UpSampling1D":
        return 0, replace(sample, step=sample.step // _first(settings.get("size", 2)))
    if info.layer_class == "Permute" and tuple(settings.get("dims", ())) == (2, 1):
        return 0, replace(sample, step=sample.channel, channel=sample.step)
    return None


def _first(value: Any) -> int:
    return int(value[0]) if isinstance(value, (tuple, list)) else int(value)
