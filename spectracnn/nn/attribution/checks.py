"""Runs the checks of an attribution on the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.attribution import Attribution, AttributionOptions, Method
from spectracnn.core.attribution_checks import (
    AttributionChecks,
    area,
    importance,
    rank_correlation,
)
from spectracnn.core.reading import softmax
from spectracnn.errors import AttributionError
from spectracnn.nn.attribution.attribute import attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.reading import Reading
    from spectracnn.nn.scores import Scores

COMPARED = (Method.GRADIENT_INPUT, Method.INTEGRATED_GRADIENTS, Method.OCCLUSION, Method.SMOOTHGRAD)
"""Methods that say something of each sample and need nothing but the spectrum."""

ORDERS = 20
"""Random orders to compare with."""


def check_attribution(
    scores: Scores,
    found: Attribution,
    *,
    muted: Sequence[tuple[int, int]] = (),
    orders: int = ORDERS,
    seed: int = 0,
) -> AttributionChecks:
    """Check an attribution: completeness, agreement with other methods, deletion and insertion.

    Parameters
    ----------
    scores : Scores
        The network's.
    found : Attribution
        What is checked.
    muted : sequence of (int, int)
        Layers and channels whose output is set to 0 on the way.
    orders, seed : int
        How many random orders, and of which random numbers.

    Returns
    -------
    AttributionChecks
        Samples that are taken away become 0, the baseline: the mean of the training spectra where
        the card ends in ``standardise``.
    """
    reading = scores.description.reading
    values = np.asarray(found.input)
    kept = scores.channels.kept(muted)
    weights = _per_step(found)
    order = np.argsort(-weights, kind="stable")
    random = np.random.default_rng(seed)
    shuffled = [random.permutation(order.size) for _ in range(orders)]

    def curves(ways: list[NDArray[Any]], *, insert: bool) -> NDArray[np.float64]:
        inputs = np.concatenate([_on_the_way(values, way, insert=insert) for way in ways])
        logits = scores.logits(inputs, kept)
        return _heights(logits, found.target, reading).reshape(len(ways), -1)

    deletion = curves([order, *shuffled], insert=False)
    insertion = curves([order, *shuffled], insert=True)
    return AttributionChecks(
        found.method,
        found.target,
        found.completeness_error,
        _agreement(scores, found, weights, muted),
        deletion[0],
        insertion[0],
        np.array([area(curve) for curve in deletion[1:]]),
        np.array([area(curve) for curve in insertion[1:]]),
        "value" if reading.is_values else "probability",
    )


def _heights(logits: NDArray[np.float32], target: int, reading: Reading) -> NDArray[np.float64]:
    """Return the class's probability; of a regression the value itself."""
    own = np.asarray(logits[:, target], np.float64)
    if reading.is_values:
        return own
    if logits.shape[1] == 1 or reading.apart:  # each class has a probability of its own
        return np.asarray(0.5 * (1 + np.tanh(0.5 * own)))
    return np.asarray(softmax(logits)[:, target], np.float64)


def _steps(values: NDArray[Any]) -> int:
    """Return how many samples there are to take away: steps, or all of an image."""
    return int(np.prod(values.shape[:-1]))


def _on_the_way(
    values: NDArray[np.float32], order: NDArray[Any], *, insert: bool
) -> NDArray[np.float32]:
    """Return the inputs with 0, 1, 2, ... samples taken away, or put back."""
    count = order.size
    rank = np.empty(count, np.int64)
    rank[order] = np.arange(count)
    done = rank[None, :] < np.arange(count + 1)[:, None]
    heard = done if insert else ~done
    shape = (count + 1, *values.shape[:-1], 1)
    return np.asarray(values[None] * heard.reshape(shape), np.float32)


def _per_step(found: Attribution) -> NDArray[np.float64]:
    """Return one weight for each sample of the input; of Grad-CAM, the nearest of its layer's."""
    weights, count = importance(found.values), _steps(found.input)
    if weights.size == count:
        return weights
    place = np.minimum((np.arange(count) * weights.size) // count, weights.size - 1)
    spread: NDArray[np.float64] = weights[place]
    return spread


def _agreement(
    scores: Scores, found: Attribution, weights: NDArray[np.float64], muted: Any
) -> dict[Method, float]:
    agreed: dict[Method, float] = {}
    for method in COMPARED:
        if method is found.method:
            continue
        try:
            other = _other(scores, found, method, muted)
        except AttributionError:  # a layer without a gradient, say
            continue
        agreed[method] = rank_correlation(weights, importance(other.values))
    return agreed


def _other(scores: Scores, found: Attribution, method: Method, muted: Any) -> Attribution:
    run: Callable[..., Attribution] = attribute
    return run(
        scores,
        np.asarray(found.input),
        np.asarray(found.positions),
        method,
        target=found.target,
        options=AttributionOptions(seed=found.options.seed),
        muted=muted,
    )
