"""Layers of windows and of weighted sums, told term by term."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.selection import SPECTRUM
from spectracnn.view.inspect.planar import planar_convolution, planar_pooling
from spectracnn.view.inspect.records import Inspection, Line
from spectracnn.view.inspect.separable import separable, transposed
from spectracnn.view.inspect.sliding import convolution, pooling
from spectracnn.view.inspect.vectors import contributions

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.view.inspect.case import Case
    from spectracnn.view.inspect.records import Convolution

_EQUALS, _PLUS = "=", "+"


def _biased(case: Case, total: float, label: str) -> tuple[list[Line], float]:
    """Return the lines from a sum to the value before the activation, and the bias."""
    bias = case.weights.arrays.get("bias")
    result = _result_name(case.info.activation)
    if bias is None:
        return [Line(_EQUALS, label, total, strong=True)], 0.0
    term = float(bias.reshape(-1)[case.unit])
    lines = [
        Line("", label, total),
        Line(_PLUS, "bias", term),
        Line(_EQUALS, result, total + term, strong=True),
    ]
    return lines, abs(term)


def _result_name(activation: str) -> str:
    if activation in ("", "linear"):
        return "value"
    return "score (logit)" if activation == "softmax" else f"before {activation.replace('_', ' ')}"


_TERMS: dict[str, Callable[..., Convolution | None]] = {
    "Conv1D": convolution,
    "DepthwiseConv1D": convolution,
    "Conv2D": planar_convolution,
    "DepthwiseConv2D": planar_convolution,
    "SeparableConv1D": separable,
    "SeparableConv2D": separable,
    "Conv1DTranspose": transposed,
}


def explain_convolution(case: Case) -> Inspection | None:
    """Return the products under a kernel, their sums for each channel, bias and activation."""
    if len(case.given) != 1:
        return None
    body = _TERMS[case.info.layer_class](case.info, case.weights, case.given[0], case.sample)
    if body is None:
        return None
    n_taps, n_channels = body.products.shape
    if n_channels == 1:
        label = f"sum of {n_taps} products"
    else:
        label = f"sum over {n_channels} channels"
    lines, bias = _biased(case, float(body.sums.sum()), label)
    size = float(np.abs(body.products).sum()) + bias
    of = case.given[0].name
    each = (
        "Each value is" if n_channels == 1 else f"In each of {n_channels} channels, each value is"
    )
    sentence = (
        f"The filter lies on {n_taps} samples of {of}. {each} multiplied by the weight under it; "
        "the products add up to one sample."
    )
    if "Separable" in case.info.layer_class:
        sentence += (
            " Each weight shown is that of the channel's own filter times that with which the "
            "channel is mixed in."
        )
    if case.info.layer_class == "Conv1DTranspose":
        sentence += " Weights that fall between two samples meet nothing (hatched)."
    elif not body.inside.all():
        sentence += " Hatched samples lie outside and count as 0."
    return case.activated(sentence, lines, size, body)


def explain_pooling(case: Case) -> Inspection | None:
    """Return the values of a window, and which one is kept, or their mean."""
    if len(case.given) != 1:
        return None
    planar = case.info.layer_class.endswith("2D")
    pool = planar_pooling if planar else pooling
    answer = pool(case.info, case.weights, case.given[0], case.sample)
    if answer is None:
        return None
    body, result = answer
    count, of = int(body.inside.sum()), case.given[0].name
    values = body.window[body.inside]
    if body.winner is None:
        lines = [
            Line("", f"sum of {count} values", float(values.sum())),
            Line("\u00f7", "their count", float(count), count=True),
            Line(_EQUALS, "mean", result, strong=True),
        ]
        sentence = f"The mean of {count} samples of {of}: how much there is, not where."
        return case.inspection(
            sentence, lines, float(np.abs(values).mean()) if count else 0.0, body
        )
    where = case.given[0].sample(int(body.taps[body.winner]), body.channel)
    lines = [Line(_EQUALS, f"the largest of {count}", result, strong=True, sample=where)]
    if count > 1:
        second = float(body.discarded.max())
        lines.insert(0, Line("", f"the largest of the {count - 1} discarded", second))
    sentence = (
        f"Of {count} samples of {of} only the largest is passed on; the other {count - 1} are "
        "discarded, and so is where in the window it stood."
    )
    return case.inspection(sentence, lines, abs(result), body)


def explain_dense(case: Case) -> Inspection | None:
    """Return the largest terms of a unit's weighted sum, the others as one, bias and activation."""
    if len(case.given) != 1:
        return None
    body = contributions(case.description, case.trace, case.weights, case.given[0], case.sample)
    if body is None:
        return None
    lines, bias = _biased(case, float(body.products.sum()), f"sum of {body.products.size} terms")
    size = float(np.abs(body.products).sum()) + bias
    of = "every eigenvalue it reads" if case.given[0].index == SPECTRUM else case.given[0].name
    sentence = (
        f"Each of the {body.products.size} numbers of {of} has a weight of its own here; "
        "what it contributes is number times weight."
    )
    return case.activated(sentence, lines, size, body)
