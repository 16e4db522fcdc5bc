"""The nearest of some known points to many others, in a space and in the same one joined with more.

Squared distances to all known points are products of matrices. They are made in single precision,
which is twice as fast, and in double for those few points to which two known ones are as near as
the rounding errors reach: the nearest point is the one that double precision finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_UNIT = 2.0**-24
"""Relative rounding error in single precision."""


@dataclass(frozen=True, eq=False)
class TwoSpaces:
    """N known points of two parts.

    The first space is that of the first part; in the second the squared distance is that of the
    first part divided by ``shrink``, plus that of the second part.

    Parameters
    ----------
    first, second : ndarray, shape (N, d) and (N, e), float64
        The parts.
    shrink : float
        Positive.
    turned, lengths : tuple of ndarray
        Minus twice each part, shape (d, N) and (e, N), and its squared lengths, shape (N,).
    single : tuple of ndarray
        Both together in single precision, shape (d + 1, N) and (e + 1, N).
    """

    first: NDArray[np.float64]
    second: NDArray[np.float64]
    shrink: float
    turned: tuple[NDArray[np.float64], NDArray[np.float64]]
    lengths: tuple[NDArray[np.float64], NDArray[np.float64]]
    single: tuple[NDArray[np.float32], ...]

    @classmethod
    def of(cls, first: NDArray[Any], second: NDArray[Any], shrink: float) -> TwoSpaces:
        """Return points that are ready to be compared with."""
        one, two = np.asarray(first, np.float64), np.asarray(second, np.float64)
        turned = np.ascontiguousarray(-2 * one.T), np.ascontiguousarray(-2 * two.T)
        lengths = _squares(one), _squares(two)
        # With the lengths as a last row, which a last column of ones takes: one product does both.
        single = tuple(
            np.vstack([part, squares]).astype(np.float32)
            for part, squares in zip(turned, lengths, strict=True)
        )
        return cls(one, two, shrink, turned, lengths, single)

    def nearest(
        self, first: NDArray[np.float64], second: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Return the distance to the nearest in both spaces, and which is it in the first.

        Parameters
        ----------
        first, second : ndarray, shape (n, d) and (n, e)
            The parts of n points; finite.
        """
        own = _squares(first), _squares(second)
        with np.errstate(over="ignore", invalid="ignore"):  # then double precision decides
            squares = _beside_one(first) @ self.single[0]
            reach = np.sqrt(own[0]) + np.sqrt(self.lengths[0].max())
            place = _least(
                squares, _slack(first.shape[1], reach), lambda rows: self._exact(first[rows])
            )
            squares *= np.float32(1 / self.shrink)
            squares += _beside_one(second) @ self.single[1]
            far = self.lengths[0] / self.shrink + self.lengths[1]
            reach = np.sqrt(own[0] / self.shrink + own[1]) + np.sqrt(far.max())
            other = _least(
                squares,
                _slack(first.shape[1] + second.shape[1], reach),
                lambda rows: self._exact_joined(first[rows], second[rows]),
            )
        # From the differences: the expanded squares of close points cancel.
        near = np.sqrt(_squares(first - self.first[place]))
        joined = _squares(first - self.first[other]) / self.shrink
        return near, np.sqrt(joined + _squares(second - self.second[other])), place

    def _exact(self, first: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(first @ self.turned[0] + self.lengths[0])

    def _exact_joined(
        self, first: NDArray[np.float64], second: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        both = self._exact(first) / self.shrink
        return np.asarray(both + (second @ self.turned[1] + self.lengths[1]))


def _beside_one(points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return points in single precision with a column of ones behind."""
    wide = np.ones((len(points), points.shape[1] + 1), np.float32)
    wide[:, :-1] = points
    return wide


def _least(
    squares: NDArray[np.float32],
    slack: NDArray[np.float64],
    exact: Callable[[NDArray[np.int64]], NDArray[np.float64]],
) -> NDArray[np.int64]:
    """Return the place of the least in each row, by exact squares where two are about the same."""
    place: NDArray[np.int64] = squares.argmin(axis=1).astype(np.int64)
    rows = np.arange(len(squares))
    least = squares[rows, place].copy()
    squares[rows, place] = np.inf
    following = squares.min(axis=1, initial=np.inf)
    squares[rows, place] = least
    unsure = np.flatnonzero(~(following > least + slack))
    if unsure.size:
        place[unsure] = exact(unsure).argmin(axis=1)
    return place


def _slack(terms: int, reach: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far two squares may be apart by rounding; reach is the longest distance."""
    return np.asarray(2 * (terms + 12) * _UNIT * reach**2)


def _squares(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.einsum("ij,ij->i", points, points))
