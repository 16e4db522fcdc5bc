r"""Sets of classes, and intervals of values, that hold the truth as often as is asked for.

A nonconformity score says how badly a spectrum fits a class: here :math:`1 - p_c`, of the
calibrated probability. The scores of the training spectra at their true classes, each by a network
that was not trained on it, are kept in the model's card. A new spectrum's set holds the classes
:math:`c` whose score is no worse than most of these:

.. math:: \frac{1 + \#\{i : s_i \ge 1 - p_c\}}{n + 1} > 1 - \text{level}.

If the new shape is drawn as the training shapes were, the set holds its class with about the chosen
probability (cross-conformal prediction [1]_); the guarantee says nothing about other shapes, see
:mod:`spectracnn.core.typicality`. The most probable class is always in the set: an empty one would
help nobody.

For regression the score is the absolute error, and the set is an interval about the value.

References
----------
.. [1] V. Vovk (2015), Cross-conformal predictors, Annals of Mathematics and Artificial Intelligence
   74, 9-28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEVEL = 0.9
"""How often a set shall hold the truth, where the person chose nothing else."""

ROUNDING = 1e-9


def class_scores(probabilities: NDArray[Any], labels: NDArray[Any]) -> NDArray[np.float64]:
    """Return the nonconformity of each spectrum with its own class, shape (n,).

    Parameters
    ----------
    probabilities : ndarray, shape (n, classes)
        Calibrated, by networks that were not trained on these spectra.
    labels : ndarray, shape (n,)
        Their classes.
    """
    scores: NDArray[np.float64] = 1.0 - probabilities[np.arange(len(labels)), labels]
    return scores


def prediction_set(
    probabilities: NDArray[Any], scores: Sequence[float] | NDArray[Any], level: float = LEVEL
) -> NDArray[np.bool_]:
    """Say which classes are in the set of each spectrum.

    Parameters
    ----------
    probabilities : ndarray, shape (n, classes)
        Calibrated; NaN where a spectrum has none.
    scores : sequence of float
        From the model's card, see `class_scores`.
    level : float
        How often the set shall hold the true class, between 0 and 1.

    Returns
    -------
    ndarray, shape (n, classes), bool
        All false where the probabilities are NaN. With no scores, or too few for the level, every
        class is in the set.

    Raises
    ------
    SpectraCNNError
        If the level is not between 0 and 1.

    Examples
    --------
    >>> prediction_set(np.array([[0.6, 0.3, 0.1]]), [0.05, 0.2, 0.3, 0.75], 0.5).tolist()
    [[True, False, False]]
    """
    checked = checked_level(level)
    known = np.sort(np.asarray(scores, np.float64))
    values = np.asarray(probabilities, np.float64)
    # In whole numbers of spectra: 1 - 0.9 is not 0.1. A class is in the set where more spectra
    # than these are as bad, that is, where the last but so many is.
    others = int(np.floor((1.0 - checked) * (known.size + 1) + ROUNDING))
    limit = np.inf if others == 0 else known[-others] if others <= known.size else -np.inf
    chosen = 1.0 - values - ROUNDING <= limit
    finite = np.isfinite(values).all(axis=1)
    chosen[finite, values[finite].argmax(axis=1)] = True
    chosen[~finite] = False
    found: NDArray[np.bool_] = chosen
    return found


def half_width(scores: Sequence[float] | NDArray[Any], level: float = LEVEL) -> float:
    """Return how far an interval about a regression's value reaches to each side.

    Parameters
    ----------
    scores : sequence of float
        Absolute errors at spectra that the network was not trained on, in the target's unit.
    level : float
        How often the interval shall hold the true value.

    Returns
    -------
    float
        Infinite where the scores are too few for the level.

    Raises
    ------
    SpectraCNNError
        If the level is not between 0 and 1.
    """
    known = np.sort(np.asarray(scores, np.float64))
    rank = int(np.ceil(checked_level(level) * (known.size + 1) - ROUNDING))
    return float(known[max(rank, 1) - 1]) if rank <= known.size else float("inf")


def names_of_set(
    chosen: NDArray[np.bool_], probabilities: NDArray[Any], classes: Sequence[str]
) -> list[str]:
    """Return the classes of one spectrum's set, the most probable first.

    Parameters
    ----------
    chosen : ndarray, shape (classes,), bool
        From `prediction_set`.
    probabilities : ndarray, shape (classes,)
        Of the same spectrum.
    classes : sequence of str
        Their names.
    """
    order = np.argsort(-np.asarray(probabilities, np.float64), kind="stable")
    return [classes[place] for place in order if chosen[place]]


def checked_level(level: float) -> float:
    """Return the level, or refuse it.

    Raises
    ------
    SpectraCNNError
        If it is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise SpectraCNNError(f"The level of a prediction set is between 0 and 1; found {level:g}.")
    return float(level)
