r"""Probabilities that can be read as frequencies: the softmax at a fitted temperature.

A network's softmax :math:`p_c \propto e^{z_c}` is often too sure, or not sure enough. Dividing all
logits by one number, the temperature :math:`T`, changes no decision and makes the probabilities
agree with how often the class is right [1]_. :math:`T` is fitted to spectra that the network was
not trained on, and stands in the model's card; the network itself stays as it is.

References
----------
.. [1] C. Guo, G. Pleiss, Y. Sun, K. Weinberger (2017), On calibration of modern neural networks,
   arXiv:1706.04599.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST, MOST = 0.05, 20.0
"""Between which temperatures one is looked for."""

TINY = 1e-38
"""The least share that a float32 softmax tells from none."""


def softmax_at(logits: NDArray[Any], temperature: float = 1.0) -> NDArray[np.float64]:
    """Return the softmax of logits that are divided by a temperature.

    Parameters
    ----------
    logits : ndarray, shape (..., classes)
        Before the softmax.
    temperature : float
        Above 1 the classes come nearer to each other, below 1 they part.

    Examples
    --------
    >>> softmax_at(np.log([0.2, 0.8]), 0.5).round(3).tolist()
    [0.059, 0.941]
    """
    scaled = np.asarray(logits, np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def calibrated(probabilities: NDArray[Any], temperature: float) -> NDArray[np.float64]:
    """Return what a network's softmax would be at a temperature.

    The logarithm of a softmax is its logits but for a constant, which the next softmax drops.

    Parameters
    ----------
    probabilities : ndarray, shape (..., classes)
        The network's own; NaN where it has none.
    temperature : float
        From the model's card.
    """
    if temperature == 1.0:
        return np.asarray(probabilities, np.float64)
    return softmax_at(np.log(np.maximum(probabilities, TINY)), temperature)


def fitted_temperature(logits: NDArray[Any], labels: NDArray[Any]) -> float:
    r"""Return the temperature at which the true classes are most likely.

    With :math:`\beta = 1/T` the mean negative log likelihood is convex, and its slope is the mean
    of the expected logit minus the true class's: it is followed to zero by bisection.

    Parameters
    ----------
    logits : ndarray, shape (n, classes)
        Of spectra that the network was not trained on.
    labels : ndarray, shape (n,)
        Their classes.

    Returns
    -------
    float
        Between `LEAST` and `MOST`; 1 if there is nothing to fit.
    """
    values = np.asarray(logits, np.float64)
    if values.size == 0 or values.shape[1] < 2:
        return 1.0
    true = values[np.arange(len(values)), labels]
    low, high = np.log(LEAST), np.log(MOST)
    for _ in range(60):
        middle = (low + high) / 2
        expected = (softmax_at(values, float(np.exp(middle))) * values).sum(axis=1)
        if (expected - true).mean() > 0:  # beta is too large: the temperature must rise
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))


@dataclass(frozen=True, eq=False)
class Reliability:
    """How often the class is right among spectra of about one probability.

    Parameters
    ----------
    confidence : ndarray, shape (bins,)
        Mean probability of the class in each bin; bins without a spectrum are left out.
    accuracy : ndarray, shape (bins,)
        Share of them whose class is right.
    count : ndarray, shape (bins,)
        How many they are.
    """

    confidence: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    count: NDArray[np.int64]

    @property
    def error(self) -> float:
        """The expected calibration error: the mean gap between the two, weighted by count."""
        gaps = np.abs(self.confidence - self.accuracy)
        return float((gaps * self.count).sum() / max(self.count.sum(), 1))


def reliability(probabilities: NDArray[Any], labels: NDArray[Any], bins: int = 10) -> Reliability:
    """Return what a reliability diagram shows.

    Parameters
    ----------
    probabilities : ndarray, shape (n, classes)
        Of spectra that the network was not trained on.
    labels : ndarray, shape (n,)
        Their classes.
    bins : int
        Equally wide, from 0 to 1.
    """
    best = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.clip(np.ceil(best * bins).astype(np.int64) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    some = count > 0
    return Reliability(
        np.bincount(place, best, bins)[some] / count[some],
        np.bincount(place, right, bins)[some] / count[some],
        count[some],
    )
