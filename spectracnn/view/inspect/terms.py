"""Ranked lists: input channels by their sums, units by what they contribute, classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.inspect.records import Convolution, WeightedSum
from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.state.selection import Sample
    from spectracnn.view.inspect.records import Inspection, Softmax

MOST_TERMS, MOST_CLASSES = 8, 5


@dataclass(frozen=True, eq=False)
class Term:
    """One row of a ranked list.

    Parameters
    ----------
    label : str
        What it is.
    detail : str
        How it comes about; empty for nothing to add.
    value : float
        The number that ranks it.
    strip : ndarray or None
        Its parts.
    place : int or None
        Which input channel, for `spectracnn.view.inspect.strips.strip_set`.
    sample : Sample or None
        Where it is from.
    """

    label: str
    detail: str
    value: float
    strip: NDArray[np.float64] | None = None
    place: int | None = None
    sample: Sample | None = None


@dataclass(frozen=True, eq=False)
class TermList:
    """A ranked list.

    Parameters
    ----------
    title : str
        Over it.
    terms : tuple of Term
        The largest magnitude first; the last may stand for all others.
    top : float
        Magnitude that fills a bar.
    strip_top : float
        The same for a bar of a strip.
    """

    title: str
    terms: tuple[Term, ...]
    top: float
    strip_top: float = 1.0


def term_list(inspection: Inspection) -> TermList | None:
    """Return what of a sample is ranked; None where there is but one term."""
    body = inspection.body
    if isinstance(body, Convolution) and body.sums.size > 1:
        return _channels(body)
    if isinstance(body, WeightedSum):
        return _contributions(body)
    return None


def _channels(body: Convolution) -> TermList:
    shown = body.order[:MOST_TERMS]
    terms = [
        Term(
            f"channel {int(body.channels[place])}",
            "",
            float(body.sums[place]),
            strip=body.products[:, place],
            place=int(place),
        )
        for place in shown
    ]
    rest = body.order[MOST_TERMS:]
    if rest.size:
        terms.append(Term(f"{rest.size} others", "", float(body.sums[rest].sum())))
    strips = np.abs(body.products[:, shown])
    return TermList(
        "Sum in each input channel",
        tuple(terms),
        _top(terms),
        float(strips.max(initial=0.0)) or 1.0,
    )


def _contributions(body: WeightedSum) -> TermList:
    terms = [
        Term(
            body.names[place],
            f"{short(float(body.inputs[place]))} \u00d7 {short(float(body.weights[place]))}",
            float(body.products[place]),
            sample=body.origins[place],
        )
        for place in range(min(MOST_TERMS, len(body.names)))
    ]
    rest = body.products[len(terms) :]
    if rest.size:
        terms.append(Term(f"{rest.size} others", "", float(rest.sum())))
    return TermList("Largest value \u00d7 weight", tuple(terms), _top(terms))


def class_list(table: Softmax) -> TermList:
    """Return the largest shares of a softmax, and the inspected one if it is not among them."""
    order = np.argsort(-table.probabilities, kind="stable")[:MOST_CLASSES].tolist()
    if table.place not in order:
        order[-1:] = [table.place]
    terms = tuple(
        Term(
            table.names[i],
            f"exp({short(float(table.logits[i]))})",
            float(table.probabilities[i]),
            place=i if i == table.place else None,
        )
        for i in order
    )
    return TermList("Softmax: exp(score) \u00f7 their sum", terms, 1.0)


def _top(terms: list[Term]) -> float:
    sizes = [abs(term.value) for term in terms if np.isfinite(term.value)]
    return max(sizes, default=0.0) or 1.0
