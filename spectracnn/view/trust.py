"""How far a prediction is to be trusted, in words: the set, typicality, the shadow."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.conformal import LEVEL, half_width, names_of_set, prediction_set
from spectracnn.core.outputs import Task
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.typicality import UNLIKE, VERY_UNLIKE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.judging import Judged
    from spectracnn.core.trace import ModelDescription

MOST_IN_SET = 5


def set_words(model: ModelDescription, probabilities: NDArray[Any], level: float = LEVEL) -> str:
    """Return the classes that cannot be ruled out, such as ``chair or table (90 %)``.

    Parameters
    ----------
    model : ModelDescription
        With the scores in its card.
    probabilities : ndarray, shape (classes,)
        Calibrated.
    level : float
        How often the set shall hold the true class.

    Returns
    -------
    str
        Empty where nothing is known.
    """
    scores = model.card.conformal
    if not scores or model.task is not Task.CLASSIFICATION or not np.isfinite(probabilities).all():
        return ""
    chosen = prediction_set(np.asarray(probabilities)[None], scores, level)[0]
    names = names_of_set(chosen, probabilities, model.classes)
    more = len(names) - MOST_IN_SET
    listed = " or ".join(names[:MOST_IN_SET]) + (f" or {more} more" if more > 0 else "")
    return f"{listed} ({100 * level:g} %)"


def interval_words(model: ModelDescription, value: float, level: float = LEVEL) -> str:
    """Return where a regression's value lies as often as the level says; empty if unknown."""
    scores = model.card.conformal
    width = half_width(scores, level) if scores else math.inf
    if not math.isfinite(width):
        return ""
    ends = " to ".join(model.reading.with_unit(value + side) for side in (-width, width))
    return f"{ends} ({100 * level:g} %)"


def nearest_name(model: ModelDescription, judged: Judged) -> str:
    """Return the nearest training spectrum with its class; empty where unknown."""
    reference, place = model.reference, judged.nearest
    if reference is None or not 0 <= place < len(reference):
        return ""
    name, truth = str(reference.names[place]), float(reference.truth[place])
    if model.reading.is_values:
        return f"{name} ({model.reading.with_unit(truth)})"
    label = model.classes[int(truth)]
    return name if name.startswith(label) else f"{label} {name}"


def nearest_spectrum(model: ModelDescription, judged: Judged) -> Spectrum | None:
    """Return the nearest training spectrum itself, to be drawn; None where unknown."""
    reference, place = model.reference, judged.nearest
    if reference is None or not 0 <= place < len(reference):
        return None
    values = reference.eigenvalues[place]
    return Spectrum(nearest_name(model, judged), values[np.isfinite(values)])


def typicality_words(model: ModelDescription, judged: Judged | None) -> str:
    """Return whether a spectrum is like those that the network was trained on."""
    if judged is None or math.isnan(judged.typicality):
        return "" if model.reference is not None else "Typicality unknown"
    like = "Unlike" if judged.typicality < UNLIKE else "Like"
    near = nearest_name(model, judged)
    p = f"p = {judged.typicality:.3f}"
    return f"{like} its training data, {p}" + (f"; nearest: {near}" if near else "")


def is_unlike(judged: Judged | None) -> bool:
    """Whether a spectrum is unlike the training data."""
    return judged is not None and judged.typicality < UNLIKE


def is_very_unlike(judged: Judged | None) -> bool:
    """Whether nothing should be read from the class: its bars are grey."""
    return judged is not None and judged.typicality < VERY_UNLIKE


def shadow_class(model: ModelDescription | None, judged: Judged | None) -> str:
    """Return the class that the linear model says; empty where there is none."""
    if model is None or judged is None or model.reading.is_values:
        return ""
    if judged.shadow.size != len(model.classes) or not np.isfinite(judged.shadow).all():
        return ""
    return model.classes[int(np.argmax(judged.shadow))]
