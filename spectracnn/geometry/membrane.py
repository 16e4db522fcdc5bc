"""Modes of a flat membrane that is held at its rim, computed on a grid."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.geometry.drums import OUTLINES

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Outline(StrEnum):
    """What the membrane is cut to; each has a width of 1, the two drums of 3."""

    SQUARE = "Square"
    RECTANGLE = "Rectangle"
    DISC = "Disc"
    L_SHAPE = "L"
    FIRST_DRUM = "First drum"
    SECOND_DRUM = "Second drum"


DRUMS = (Outline.FIRST_DRUM, Outline.SECOND_DRUM)
"""Those of Gordon, Webb and Wolpert: see :mod:`spectracnn.geometry.drums`."""

DRUM_WIDTH = 3


@dataclass(frozen=True, eq=False)
class Modes:
    """The lowest modes.

    Parameters
    ----------
    eigenvalues : ndarray, shape (k,)
        Ascending, in 1/width**2.
    shapes : ndarray, shape (k, n, n), float32
        Each with a largest magnitude of 1; NaN outside the membrane. The sign is arbitrary.
    """

    eigenvalues: NDArray[np.float64]
    shapes: NDArray[np.float32]


@lru_cache(maxsize=8)
def membrane_modes(outline: Outline, count: int = 16, size: int = 63) -> Modes:
    """Return the lowest modes of a membrane whose rim does not move.

    Parameters
    ----------
    outline : Outline
        Its shape.
    count : int
        How many modes.
    size : int
        Grid points along an axis, without the rim. Of a drum, where ``size + 1`` is a multiple of
        3, its corners and its slanted sides lie on grid points. The grid's formula is symmetric
        under the reflections that map one drum to the other, so that their computed eigenvalues
        agree too, not only those of the membranes.

    Returns
    -------
    Modes
        By the five-point formula, whose error falls with the square of the grid's width; where
        the outline is curved it follows the grid in steps.

    References
    ----------
    .. [1] LeVeque (2007), Finite Difference Methods for Ordinary and Partial Differential
       Equations, chapter 3.
    """
    from scipy.sparse import diags_array, eye_array, kron
    from scipy.sparse.linalg import eigsh

    inside = _inside(outline, size)
    step = (DRUM_WIDTH if outline in DRUMS else 1.0) / (size + 1)
    line = diags_array([-1.0, 2.0, -1.0], offsets=[-1, 0, 1], shape=(size, size)) / step**2
    unit = eye_array(size)
    laplacian = (kron(line, unit) + kron(unit, line)).tocsr()
    kept = np.flatnonzero(inside)
    start = np.ones(kept.size)  # the same outcome every time
    values, vectors = eigsh(laplacian[kept][:, kept], k=count, sigma=0.0, v0=start)
    order = np.argsort(values)
    shapes = np.full((count, size * size), np.nan, np.float32)
    shapes[:, kept] = (vectors / np.abs(vectors).max(axis=0)).T[order]
    return Modes(
        frozen_array(values[order], np.float64),
        frozen_array(shapes.reshape(count, size, size), np.float32),
    )


def _inside(outline: Outline, size: int) -> NDArray[np.bool_]:
    """Return which grid points lie on the membrane, shape (size, size)."""
    at = np.arange(1, size + 1) / (size + 1)
    x, y = np.meshgrid(at, at)
    if outline is Outline.RECTANGLE:
        return np.asarray(y < 0.625)
    if outline is Outline.DISC:
        return np.asarray((x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.25)
    if outline in DRUMS:
        corners = np.array(OUTLINES[DRUMS.index(outline)]) * ((size + 1) // DRUM_WIDTH)
        return _within(corners, size)
    if outline is Outline.L_SHAPE:
        return np.asarray((x < 0.5) | (y >= 0.5))
    return np.ones((size, size), np.bool_)


def _within(corners: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Return which points of an integer grid lie within a polygon, and not on its rim.

    Parameters
    ----------
    corners : ndarray, shape (m, 2)
        Whole numbers; x to the right and y upwards, with the rows of the result from the top.
    size : int
        Points along an axis, from 1.
    """
    x, y = np.meshgrid(np.arange(1, size + 1), np.arange(size, 0, -1))
    odd, rim = np.zeros(x.shape, np.bool_), np.zeros(x.shape, np.bool_)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        side = (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
        between = (np.minimum(x0, x1) <= x) & (x <= np.maximum(x0, x1))
        between &= (np.minimum(y0, y1) <= y) & (y <= np.maximum(y0, y1))
        rim |= (side == 0) & between
        crosses = (y0 > y) != (y1 > y)
        odd ^= crosses & ((side > 0) == (y1 > y0))
    return odd & ~rim


def partners(eigenvalues: NDArray[np.float64], place: int, tolerance: float = 2e-3) -> list[int]:
    """Return which other modes have the same eigenvalue.

    Parameters
    ----------
    eigenvalues : ndarray, shape (k,)
        Of a membrane.
    place : int
        Of which mode.
    tolerance : float
        Relative difference up to which two count as the same: what the grid makes of a pair.
    """
    near = np.abs(eigenvalues - eigenvalues[place]) <= tolerance * eigenvalues[place]
    return [int(other) for other in np.flatnonzero(near) if other != place]
