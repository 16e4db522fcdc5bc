r"""How typical a spectrum is of those that a network was trained on: a p-value.

A softmax says which class fits best, never that none does. Here two distances to the nearest
training spectrum are looked at: :math:`d_1` in the network's input, and :math:`d_2` in the input
joined with the twelve numbers of :mod:`spectracnn.core.spacings`. Each training spectrum's own
distances are taken to the spectra outside its fold; against these :math:`N` distances

.. math:: p_j = \frac{1 + \#\{i : d_{ij} \ge d_j\}}{N + 1}, \qquad
          T = -2\,(\log p_1 + \log p_2).

The two are not independent, so Fisher's sum [1]_ :math:`T` is not compared with a chi-squared
distribution but with the sums of the training spectra themselves:
:math:`p = (1 + \#\{i : T_i \ge T\}) / (N + 1)`. Beyond all training spectra the least p is
:math:`1/(N + 1)`. For a shape like those trained on, p is about uniform between 0 and 1.

References
----------
.. [1] R. A. Fisher (1932), Statistical Methods for Research Workers, section 21.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.two_spaces import TwoSpaces

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNLIKE = 0.05
"""Below this p a spectrum is called unlike the training data."""

VERY_UNLIKE = 0.01
"""Below this p nothing should be read from its class."""

WEIGHT = 1.0
"""Of the statistics beside the input, both scaled to a mean square of one."""

LEAST_SPREAD = 1e-6

TAIL = 0.1
"""Share of the training distances whose tail is continued."""

LEAST_P = 1e-300


@dataclass(frozen=True, eq=False)
class Geometry:
    """The space in which the second distance is taken.

    Parameters
    ----------
    scale : float
        Root mean square of the training inputs about their mean, over all samples.
    centre, spread : ndarray, shape (12,)
        Mean and standard deviation of the training spectra's statistics.
    """

    scale: float
    centre: NDArray[np.float64]
    spread: NDArray[np.float64]

    @classmethod
    def of(cls, inputs: NDArray[Any], statistics: NDArray[Any]) -> Geometry:
        """Fit the scales to training spectra."""
        centred = inputs - inputs.mean(axis=0)
        known = statistics[np.isfinite(statistics).all(axis=1)]
        none = known.shape[0] == 0
        centre = np.zeros(statistics.shape[1]) if none else known.mean(axis=0)
        spread = np.ones(statistics.shape[1]) if none else known.std(axis=0)
        scale = float(np.sqrt((centred**2).mean()))
        return cls(max(scale, LEAST_SPREAD), centre, np.maximum(spread, LEAST_SPREAD))

    def joined(self, inputs: NDArray[Any], statistics: NDArray[Any]) -> NDArray[np.float64]:
        """Return inputs and statistics side by side, shape (n, steps + 12); unknown ones are 0."""
        plain = np.asarray(inputs, np.float64) / (self.scale * np.sqrt(inputs.shape[1]))
        return np.hstack([plain, self.scaled(statistics)])

    def scaled(self, statistics: NDArray[Any]) -> NDArray[np.float64]:
        """Return the statistics as they stand beside the inputs; unknown ones are 0."""
        numbers = (np.asarray(statistics, np.float64) - self.centre) / self.spread
        found: NDArray[np.float64] = np.nan_to_num(numbers) * WEIGHT / np.sqrt(numbers.shape[1])
        return found


@dataclass(frozen=True, eq=False)
class Known:
    """What typicality compares with.

    Parameters
    ----------
    inputs : ndarray, shape (N, values)
        The network's inputs of the training spectra, flat.
    statistics : ndarray, shape (N, 12)
        Their spacing statistics; NaN where unknown.
    distances : ndarray, shape (N, 2)
        From each to the nearest outside its fold, in both spaces.
    """

    inputs: NDArray[Any]
    statistics: NDArray[Any]
    distances: NDArray[np.float64]

    @cached_property
    def space(self) -> Geometry:
        """The space of the second distance."""
        return Geometry.of(self.inputs, self.statistics)

    @cached_property
    def points(self) -> TwoSpaces:
        """The training spectra in both spaces."""
        shrink = self.space.scale**2 * self.inputs.shape[1]
        return TwoSpaces.of(self.inputs, self.space.scaled(self.statistics), shrink)

    @cached_property
    def sums(self) -> NDArray[np.float64]:
        """Fisher's sums of the training spectra."""
        return _fisher(self.distances, self.distances, own=True)


def nearest(
    points: NDArray[Any], known: NDArray[Any], *, barred: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the Euclidean distance to the nearest known point, and which that is.

    Parameters
    ----------
    points : ndarray, shape (n, d)
        From where.
    known : ndarray, shape (N, d)
        To where.
    barred : ndarray, shape (n, N), bool, optional
        Pairs that do not count.
    """
    left, right = np.asarray(points, np.float64), np.asarray(known, np.float64)
    # The square of the distance but for the point's own square, which changes no comparison.
    squares = left @ (-2 * right.T)
    squares += np.einsum("ij,ij->i", right, right)
    if barred is not None:
        squares = np.where(barred, np.inf, squares)
    place = squares.argmin(axis=1)
    # Again from the difference: the expanded squares of close points cancel.
    apart = left - right[place]
    return np.sqrt(np.einsum("ij,ij->i", apart, apart)), place.astype(np.int64)


def out_of_fold_distances(
    inputs: NDArray[Any], statistics: NDArray[Any], folds: NDArray[Any]
) -> NDArray[np.float64]:
    """Return each training spectrum's two distances to those outside its fold, shape (N, 2).

    Parameters
    ----------
    inputs : ndarray, shape (N, values)
        The network's, flat.
    statistics : ndarray, shape (N, 12)
        Spacing statistics.
    folds : ndarray, shape (N,)
        Which fold each is in; at least two.
    """
    barred = folds[:, None] == folds[None, :]
    joined = Geometry.of(inputs, statistics).joined(inputs, statistics)
    return np.stack([nearest(each, each, barred=barred)[0] for each in (inputs, joined)], axis=1)


def typicality(
    inputs: NDArray[Any], statistics: NDArray[Any], known: Known
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return a p-value for each spectrum, and its nearest training spectrum.

    Parameters
    ----------
    inputs : ndarray, shape (n, values)
        The network's, flat.
    statistics : ndarray, shape (n, 12)
        Spacing statistics.
    known : Known
        The training spectra.

    Returns
    -------
    p : ndarray, shape (n,)
        Small for a spectrum unlike all that the network was trained on; NaN where the input is
        not finite.
    place : ndarray, shape (n,), int64
        Nearest in the network's input; -1 where the input is not finite.
    """
    finite = np.isfinite(inputs).all(axis=1)
    whole = bool(finite.all())
    kept = np.asarray(inputs if whole else np.where(finite[:, None], inputs, 0.0), np.float64)
    first, second, place = known.points.nearest(kept, known.space.scaled(statistics))
    sums = _fisher(np.stack([first, second], axis=1), known.distances)
    found = _upper_share(sums, known.sums)
    if whole:
        return found, place
    return np.where(finite, found, np.nan), np.where(finite, place, -1)


def combined(distances: NDArray[Any], known: NDArray[Any]) -> NDArray[np.float64]:
    """Turn pairs of distances into one p-value each, by Fisher's sum, recalibrated.

    Parameters
    ----------
    distances : ndarray, shape (n, 2)
        Of the spectra to be judged.
    known : ndarray, shape (N, 2)
        Of the training spectra, out of fold.

    Returns
    -------
    ndarray, shape (n,)
        Between 1 / (N + 1) and 1.
    """
    sums = _fisher(distances, known)
    return _upper_share(sums, _fisher(known, known, own=True))


def _fisher(
    distances: NDArray[Any], known: NDArray[Any], *, own: bool = False
) -> NDArray[np.float64]:
    """Return Fisher's sums; with ``own``, each row's own distance is not counted twice."""
    sums = np.zeros(len(distances))
    for place in range(known.shape[1]):
        values, ordered = distances[:, place], np.sort(known[:, place])
        share = _upper_share(values, ordered, own=own)
        top = max(int(TAIL * ordered.size), 1)
        begin = ordered[-top]
        excess = max(float((ordered[-top:] - begin).mean()), LEAST_SPREAD * float(begin), LEAST_P)
        tail = top / ordered.size * np.exp(-np.maximum(values - begin, 0) / excess)
        sums -= 2 * np.log(np.maximum(np.where(values > begin, tail, share), LEAST_P))
    return sums


def _upper_share(
    values: NDArray[Any], known: NDArray[Any], *, own: bool = False
) -> NDArray[np.float64]:
    ordered = np.sort(known)
    above = ordered.size - np.searchsorted(ordered, values, side="left")
    # A training value is among the known ones itself: it stands for the one that is added.
    more = 0 if own else 1
    share: NDArray[np.float64] = (above + more) / (ordered.size + more)
    return share
