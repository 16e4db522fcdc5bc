"""The gradient on the way from a baseline to the input: integrated and expected gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.nn.attribution.method import MethodInput, MethodResult
from spectracnn.nn.scores import CHUNK

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ENOUGH = 0.01
_REFINEMENTS = 3


def integrated_gradients(question: MethodInput) -> MethodResult:
    """Return the integral of the gradient on the straight way from zeros to the input.

    ``(x - b) * integral of df/dx (b + alpha (x - b)) over alpha from 0 to 1`` by the midpoint rule.
    The baseline ``b`` is zeros in the model's input: for a card that ends in ``standardise`` that
    is the mean of the training spectra. A rule of higher order gains nothing, because the gradient
    of a network with ReLU and maximum pooling jumps on the way; more points do. So each of the
    ``options.steps`` parts of the way is cut into three until the values add up to the change of
    the logit within 1 %, three times at most.

    References
    ----------
    .. [1] Sundararajan et al. (2017), Axiomatic Attribution for Deep Networks, arXiv:1703.01365.
    """
    baseline = np.zeros((1, *question.values.shape), np.float32)
    ends = question.logits(np.concatenate([baseline, question.values[None]]))
    change = float(ends[1] - ends[0])
    steps = question.options.steps
    total = _sum_on_the_way(question, baseline, (np.arange(steps) + 0.5) / steps)
    for _ in range(_REFINEMENTS):
        if abs(float(total.sum()) / steps - change) <= _ENOUGH * abs(change):
            break
        steps *= 3
        # The middle of a part stays the middle of its middle third.
        new = np.arange(steps)[np.arange(steps) % 3 != 1]
        total += _sum_on_the_way(question, baseline, (new + 0.5) / steps)
    return MethodResult(total / steps, float(ends[0]), points=steps)


def expected_gradients(question: MethodInput) -> MethodResult:
    """Return integrated gradients averaged over background spectra as baselines.

    Each background gets the same number of points, at least ``options.steps`` in all; on each way
    they are drawn at random, one from each of equal parts of it, which scatters less than drawing
    them all at will and has the same expectation.

    References
    ----------
    .. [1] Erion et al. (2021), Improving performance of deep learning models with axiomatic
       attribution priors and expected gradients, Nature Machine Intelligence 3, arXiv:1906.10670.
    """
    backgrounds = question.backgrounds()
    count = len(backgrounds)
    each = -(-question.options.steps // count)
    rng = np.random.default_rng(question.options.seed)
    alphas = (np.arange(each) + rng.uniform(size=(count, each))) / each
    total = _sum_on_the_way(question, np.repeat(backgrounds, each, axis=0), alphas.ravel())
    mean = float(question.logits(backgrounds).mean())
    return MethodResult(total / alphas.size, mean, points=alphas.size)


def _sum_on_the_way(
    question: MethodInput, baselines: NDArray[np.float32], alphas: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the sum of ``(x - b) * df/dx (b + alpha (x - b))`` over the alphas.

    There is one baseline an alpha, or one for all.
    """
    total = np.zeros(question.values.shape)
    baselines = np.broadcast_to(baselines, (len(alphas), *question.values.shape))
    axes = [-1, *[1] * question.values.ndim]
    for first in range(0, len(alphas), CHUNK):
        starts = baselines[first : first + CHUNK]
        ways = question.values.astype(np.float64) - starts
        shares: NDArray[np.float64] = alphas[first : first + CHUNK].reshape(axes)
        points = starts + shares * ways
        total += (ways * question.gradients(points)).sum(axis=0)
    return total
