"""What the inspector shows as one record, which figures are drawn from in another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.inspect.records import Convolution
from spectracnn.view.inspect.strips import strip_set
from spectracnn.view.inspect.terms import class_list, term_list
from spectracnn.view.inspect.tracks import slide
from spectracnn.view.inspect.words import activation_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.view.inspect.records import Check, Inspection, Line
    from spectracnn.view.inspect.strips import StripSet
    from spectracnn.view.inspect.terms import TermList
    from spectracnn.view.inspect.tracks import Slide

_CURVE = 65
"""Points of an activation's curve."""


@dataclass(frozen=True, eq=False)
class ActivationCurve:
    """An activation as a curve; the function itself cannot be sent to another process.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        What goes in, and what comes out.
    points : tuple of (float, float)
        The inspected samples on it.
    words : str
        What it does with the first of them.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    points: tuple[tuple[float, float], ...]
    words: str


@dataclass(frozen=True, eq=False)
class InspectorPicture:
    """One sample taken apart; or two, of filters side by side.

    Parameters
    ----------
    title, subtitle, sentence : str
        The layer, the sample, and what the layer does.
    columns : tuple of tuple of Line
        From the terms to the value, of each inspected filter.
    slide : Slide or None
        Where the window stands.
    strips : StripSet or None
        The window, the weights and their products.
    terms : TermList or None
        What is ranked.
    place : int
        Which input channel is drawn.
    curve : ActivationCurve or None
        The activation.
    classes : TermList or None
        Shares of a softmax.
    unit : int
        Which of them is inspected.
    check : Check or None
        Whether the numbers add up.
    reach : tuple of (str, int, int)
        Layers, how many of their samples depend on the chosen eigenvalues, and of how many.
    """

    title: str
    subtitle: str
    sentence: str
    columns: tuple[tuple[Line, ...], ...]
    slide: Slide | None = None
    strips: StripSet | None = None
    terms: TermList | None = None
    place: int = 0
    curve: ActivationCurve | None = None
    classes: TermList | None = None
    unit: int = 0
    check: Check | None = None
    reach: tuple[tuple[str, int, int], ...] = ()


def eigenvalue_picture(
    inspection: Inspection, reach: tuple[tuple[str, int, int], ...] = ()
) -> InspectorPicture:
    """Return the picture of an eigenvalue, which is not computed from anything."""
    words = inspection.title, inspection.subtitle, inspection.sentence
    return InspectorPicture(*words, (inspection.lines,), reach=reach)


def inspector_picture(
    model: ModelDescription,
    trace: Trace,
    inspection: Inspection,
    other: Inspection | None = None,
    place: int | None = None,
    reach: tuple[tuple[str, int, int], ...] = (),
) -> InspectorPicture:
    """Return the picture of a sample of a layer.

    Parameters
    ----------
    model, trace
        The network and its pass.
    inspection : Inspection
        Of the sample.
    other : Inspection, optional
        Of another filter at the same step, to compare with.
    place : int, optional
        Which input channel is drawn: a place in ``Convolution.channels``; else the strongest.
    reach : tuple of (str, int, int)
        How far the chosen eigenvalues reach.
    """
    if place is None:
        body = inspection.body
        place = int(body.order[0]) if isinstance(body, Convolution) else 0
    both = (inspection,) if other is None else (inspection, other)
    channel = None if other is None else other.sample.channel
    shares = None if inspection.softmax is None else class_list(inspection.softmax)
    return InspectorPicture(
        inspection.title,
        inspection.subtitle,
        inspection.sentence,
        tuple(item.lines for item in both),
        slide(model, trace, inspection, place, channel),
        strip_set(model, trace, inspection, place, other),
        term_list(inspection),
        place,
        activation_curve(both, largest_before(trace, inspection.sample.layer)),
        shares,
        inspection.sample.step,
        inspection.check,
        reach,
    )


def largest_before(trace: Trace, layer: int) -> float:
    """Return the largest number that goes into a layer's activation."""
    before = trace.layers[layer].before
    if before is None or not before.size:
        return 0.0
    return float(np.max(np.abs(before), where=np.isfinite(before), initial=0.0))


def activation_curve(
    inspections: tuple[Inspection, ...], largest: float = 0.0
) -> ActivationCurve | None:
    """Return the activation of a layer with its samples on it; None where there is none.

    Parameters
    ----------
    inspections : tuple of Inspection
        Of one layer.
    largest : float
        The largest number that goes into the layer's activation, so that a sample's place on the
        curve can be compared with another's.
    """
    known = [item for item in inspections if item.before is not None]
    function = known[0].function if known else None
    if function is None:
        return None
    befores = [float(item.before or 0.0) for item in known]
    finite = [abs(value) for value in befores if np.isfinite(value)]
    reach = 1.05 * max([*finite, largest, 1e-6])
    x = np.linspace(-reach, reach, _CURVE)
    y = np.array([function(float(value)) for value in x])
    points = tuple((value, function(value)) for value in befores)
    return ActivationCurve(x, y, points, activation_words(known[0]))
