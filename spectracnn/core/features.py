"""One vector a spectrum: how a layer's output becomes one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

INPUT = -1
"""The layer that stands for the model's input."""


class Reduction(StrEnum):
    """How a layer's output becomes one vector."""

    FLAT = "flat"
    MEAN = "mean over steps"
    MAX = "maximum over steps"


@dataclass(frozen=True, eq=False)
class Axes:
    """Directions that vectors are projected onto, so that little of very many is kept.

    Parameters
    ----------
    centre : ndarray, shape (d,), float64
        Is subtracted first.
    directions : ndarray, shape (d, k), float64
        Orthonormal columns.
    shares : tuple of float
        Of the variance along each, of the spectra that the directions were found from.
    found_from : int
        How many these were.
    """

    centre: NDArray[np.float64]
    directions: NDArray[np.float64]
    shares: tuple[float, ...]
    found_from: int

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the coordinates of vectors: shape (n, k)."""
        return np.asarray((vectors - self.centre) @ self.directions, np.float32)


def reduced(outputs: NDArray[np.float32], reduction: Reduction) -> NDArray[np.float32]:
    """Return one vector a spectrum.

    Parameters
    ----------
    outputs : ndarray, shape (n, ..., channels)
        Of one layer. Of a vector, shape (n, units), there are no steps to reduce.
    reduction : Reduction
        How.

    Returns
    -------
    ndarray, shape (n, d), float32
        ``d`` is the number of all values when flat, else that of the channels.

    Examples
    --------
    >>> outputs = np.array([[[1, 2], [3, 6]]], np.float32)
    >>> reduced(outputs, Reduction.MEAN)
    array([[2., 4.]], dtype=float32)
    """
    if reduction is Reduction.FLAT or outputs.ndim < 3:
        return outputs.reshape(
            len(outputs), -1 if len(outputs) else int(np.prod(outputs.shape[1:]))
        )
    steps = tuple(range(1, outputs.ndim - 1))
    reduce = np.mean if reduction is Reduction.MEAN else np.max
    return np.asarray(reduce(outputs, axis=steps), np.float32)
