"""One vector a spectrum: how a layer's output becomes one."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

INPUT = -1
"""The layer that stands for the model's input."""


class Reduction(StrEnum):
    """How a layer's output becomes one vector."""

    FLAT = "flat"
    MEAN = "mean over steps"
    MAX = "maximum over steps"


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
