"""Where a window stands, and what it has drawn so far: one channel of input and of output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.selection import SPECTRUM
from spectracnn.view.inspect.records import Convolution, Pooling
from spectracnn.view.inspect.sources import source

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.view.inspect.records import Inspection
    from spectracnn.view.pictures import Range


@dataclass(frozen=True, eq=False)
class Track:
    """One channel along the model's input.

    Parameters
    ----------
    name : str
        For people.
    x : ndarray, shape (steps,), float64
        Centres of the receptive fields, in samples of the model's input.
    y : ndarray, shape (steps,), float64
        Values.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Slide:
    """A filter on its way.

    Parameters
    ----------
    given, made : Track
        What is read, and the feature map.
    window : Range
        What the filter lies on now, on the axis of the tracks.
    span : Range
        What it lies on from its first step to its last, padding included.
    step : int
        Of the feature map.
    other : Track or None
        The feature map of the filter that is compared.
    stride : int
        By how many samples the window moves at each step.
    """

    given: Track
    made: Track
    window: Range
    span: Range
    step: int
    other: Track | None = None
    stride: int = 1


def track(description: ModelDescription, trace: Trace, layer: int, channel: int) -> Track | None:
    """Return one channel of a layer or of the model's input; None for vectors."""
    given = source(description, trace, layer)
    if given.values.ndim != 2 or channel >= given.values.shape[1]:
        return None
    steps = given.values.shape[0]
    if layer == SPECTRUM:
        return Track(given.name, np.arange(float(steps)), given.values[:, channel])
    info = description.layers[layer]
    x = np.linspace(0, max(trace.input.shape[0] - 1, 0), steps)
    if info.field is not None and info.field.steps == steps and info.field.jump:
        x = info.field.centres
    word = "filter" if "Conv" in info.layer_class else "channel"
    return Track(f"{info.name}, {word} {channel}", x, given.values[:, channel])


def slide(
    description: ModelDescription,
    trace: Trace,
    inspection: Inspection,
    place: int = 0,
    other: int | None = None,
) -> Slide | None:
    """Return where the inspected sample's window stands.

    Parameters
    ----------
    description, trace
        The model and its pass.
    inspection : Inspection
        Of the sample.
    place : int
        Which input channel: a place in ``Convolution.channels``.
    other : int, optional
        Channel of the filter that is compared.

    Returns
    -------
    Slide or None
        None where nothing slides.
    """
    sample, body = inspection.sample, inspection.body
    if sample.layer == SPECTRUM or not isinstance(body, (Convolution, Pooling)):
        return None
    channel = int(body.channels[place]) if isinstance(body, Convolution) else body.channel
    given = track(description, trace, body.source, channel)
    made = track(description, trace, sample.layer, sample.channel)
    if given is None or made is None or made.x.size < 2:
        return None
    gap = float(given.x[1] - given.x[0]) if given.x.size > 1 else 1.0
    left, right = given.x[0] + gap * (body.taps[[0, -1]] + np.array([-0.5, 0.5]))
    compared = None if other is None else track(description, trace, sample.layer, other)
    moved = gap * body.stride
    ahead = made.x.size - 1 - sample.step
    span = (
        float(min(left - moved * sample.step, given.x[0] - gap / 2)),
        float(max(right + moved * ahead, given.x[-1] + gap / 2)),
    )
    window = float(left), float(right)
    return Slide(given, made, window, span, sample.step, compared, body.stride)
