"""Layers that change or merge single numbers, layers that copy, and all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.inspect.activations import activation_of
from spectracnn.view.inspect.records import Inspection, Line
from spectracnn.view.inspect.sources import copied, origin, source, value_at
from spectracnn.view.inspect.vectors import sample_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.view.inspect.case import Case
    from spectracnn.view.inspect.sources import LayerInput

MERGES = {
    "Add": ("+", "sum"),
    "Subtract": ("\u2212", "difference"),
    "Multiply": ("\u00d7", "product"),
    "Average": ("+", "mean"),
    "Maximum": ("|", "largest"),
    "Minimum": ("|", "smallest"),
}
_ARROW, _EQUALS, _TIMES = "\u2192", "=", " \u00d7 "


def _same_place(case: Case, given: LayerInput) -> tuple[float, Sample] | None:
    """Return the number at the sample's own place in what the layer reads."""
    sizes = given.values.shape
    if len(sizes) != len(case.info.output_shape):
        return None
    if len(sizes) == 3:  # rows, columns, channels: nothing is spread over a side of length 1
        if sizes != tuple(case.info.output_shape):
            return None
        place = Sample(0, case.sample.step, case.sample.channel)
        return value_at(given.values, place), given.sample(place.step, place.channel)
    if len(sizes) > 3:
        return None
    step = 0 if sizes[0] == 1 else case.sample.step
    channel = case.sample.channel if len(sizes) > 1 and sizes[1] > 1 else 0
    if step >= sizes[0] or (len(sizes) > 1 and channel >= sizes[1]):
        return None
    return value_at(given.values, Sample(0, step, channel)), given.sample(step, channel)


def explain_activation(case: Case) -> Inspection | None:
    """Return what an activation layer makes of the number at the same place."""
    found = _same_place(case, case.given[0]) if len(case.given) == 1 else None
    if found is None:
        return None
    value, where = found
    line = Line("", f"from {sample_name(case.description, where)}", value, sample=where)
    settings = case.weights.settings
    if "softmax" in (case.info.activation, case.info.layer_class.lower()):
        if settings.get("axis", -1) not in (-1, len(case.info.output_shape)):
            return None
        return case.shared("The scores become shares of one.", [line], 1.0)
    known = activation_of(case.info.layer_class, case.info.activation, settings)
    if known is None:
        return None
    name, call = known
    after = Line(_ARROW, f"after {name}", call(value), strong=True)
    sentence = "Each number goes through the same function by itself."
    return case.inspection(
        sentence,
        [line, after],
        abs(value),
        activation=name,
        function=call,
        before=value,
    )


def explain_normalisation(case: Case) -> Inspection | None:
    """Return the steps of a BatchNormalization layer after training.

    ``y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`` [1]_, with the mean and variance
    that were gathered while training.

    References
    ----------
    .. [1] Ioffe and Szegedy (2015), Batch Normalization, arXiv:1502.03167.
    """
    found = _same_place(case, case.given[0]) if len(case.given) == 1 else None
    arrays, settings = case.weights.arrays, case.weights.settings
    axis = settings.get("axis", -1)
    axis = axis[0] if isinstance(axis, (tuple, list)) else axis
    if (
        found is None
        or "moving_mean" not in arrays
        or axis not in (-1, len(case.info.output_shape))
    ):
        return None
    value, where = found

    def own(name: str, missing: float) -> float:
        return float(arrays[name][case.unit]) if name in arrays else missing

    mean, variance = own("moving_mean", 0.0), own("moving_variance", 1.0)
    spread = float(np.sqrt(variance + settings.get("epsilon", 1e-3)))
    gamma, beta = own("gamma", 1.0), own("beta", 0.0)
    lines = [
        Line("", f"from {sample_name(case.description, where)}", value, sample=where),
        Line("\u2212", "mean of this channel in training", mean),
        Line("\u00f7", "spread, \u221a(variance + \u03b5)", spread),
    ]
    lines += [Line("\u00d7", "scale \u03b3", gamma)] if "gamma" in arrays else []
    lines += [Line("+", "shift \u03b2", beta)] if "beta" in arrays else []
    result = gamma * (value - mean) / spread + beta
    lines.append(Line(_EQUALS, "value", result, strong=True))
    size = abs(gamma) * (abs(value) + abs(mean)) / spread + abs(beta)
    sentence = "Each channel is shifted and scaled by numbers of its own, learnt in training."
    return case.inspection(sentence, lines, size)


def explain_merge(case: Case) -> Inspection | None:
    """Return the numbers that several branches have at this place, and what becomes of them."""
    given = case.given
    if len(case.description.layers[case.sample.layer].sources) == 1:
        # The model's input is not listed among a layer's sources: it must be the other branch.
        given = (source(case.description, case.trace, SPECTRUM), *given)
    found = [_same_place(case, item) for item in given]
    if len(found) < 2:
        return None
    symbol, name = MERGES[case.info.layer_class]
    lines: list[Line] = []
    values: list[float] = []
    for item in found:
        if item is None:
            return None
        value, where = item
        label = f"from {sample_name(case.description, where)}"
        lines.append(Line(symbol if lines else "", label, value, sample=where))
        values.append(value)
    result = _merged(case.info.layer_class, np.array(values))
    if case.info.layer_class == "Average":
        lines.append(Line("\u00f7", "their count", float(len(values)), count=True))
    lines.append(Line(_EQUALS, name, result, strong=True))
    size = float(np.abs(values).sum()) + abs(result)
    inspection = case.inspection(
        "Branches meet: their numbers at the same place are put together.", lines, size
    )
    return inspection if inspection.check is not None and inspection.check.agrees else None


def _merged(layer_class: str, values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    if layer_class == "Subtract":
        return float(values[0] - values[1:].sum())
    functions: dict[str, Callable[..., Any]] = {
        "Add": np.sum,
        "Multiply": np.prod,
        "Average": np.mean,
        "Maximum": np.max,
        "Minimum": np.min,
    }
    return float(functions[layer_class](values))


def explain_copy(case: Case) -> Inspection | None:
    """Return where a number came from that the layer merely handed on."""
    if case.muted:
        return None
    where = copied(case.description, case.trace, case.sample, case.weights.settings)
    if where is None:
        return None
    first = origin(case.description, case.trace, where)
    name = sample_name(case.description, first)
    lines = [Line("", f"made in {name}", case.value, sample=first)] if first != where else []
    name = sample_name(case.description, where)
    lines.append(Line(_EQUALS, f"from {name}", case.value, strong=True, sample=where))
    sentence = "This layer computes nothing: it hands numbers on, in another shape or order."
    return case.inspection(sentence, lines, abs(case.value))


def unexplained(case: Case) -> Inspection:
    """Return the bare value, with what the layer reads."""
    shapes = ", ".join(
        f"{item.name} ({_TIMES.join(map(str, item.values.shape))})" for item in case.given
    )
    sentence = (
        f"The arithmetic of {case.info.layer_class} is not shown; the value is the network's own. "
        f"It reads {shapes}."
    )
    line = Line(_EQUALS, "value", case.value, strong=True)
    return Inspection(case.sample, "", "", sentence, lines=(line,))
