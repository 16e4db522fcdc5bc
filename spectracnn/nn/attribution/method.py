"""What a method is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.core.attribution import AttributionOptions
    from spectracnn.nn.scores import Scores


@dataclass(frozen=True, eq=False)
class MethodInput:
    """Ask which samples of an input drive a class.

    Parameters
    ----------
    scores : Scores
        The network's.
    values : ndarray, shape (*input_shape), float32
        What the network is given.
    target : int
        Which class.
    options : AttributionOptions
        Of all methods.
    kept : ndarray of bool
        Which of the network's channels are heard.
    backgrounds : callable
        Returns model inputs to compare with, shape (m, *input_shape), m > 0; raises
        `AttributionError` where there are none.
    """

    scores: Scores
    values: NDArray[np.float32]
    target: int
    options: AttributionOptions
    kept: NDArray[np.bool_]
    backgrounds: Callable[[], NDArray[np.float32]]

    def logits(self, inputs: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the class's logit of each input, shape (n,)."""
        found = self.scores.logits(np.asarray(inputs, np.float32), self.kept)
        return found[:, self.target].astype(np.float64)

    def gradients(self, inputs: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the gradients of the class's logit, shape (n, *input_shape)."""
        given = np.asarray(inputs, np.float32)
        return self.scores.gradients(given, self.target, self.kept).astype(np.float64)


@dataclass(frozen=True, eq=False)
class MethodResult:
    """What a method found.

    Parameters
    ----------
    values : ndarray, shape (*input_shape)
        One a sample of the input.
    baseline_logit : float or None
        The class's logit at the baseline, of a method that has one.
    layer : int or None
        The layer that was looked at, of a method that looks at one.
    points : int or None
        How many points of the way were computed, of a method that integrates.
    """

    values: NDArray[np.float64]
    baseline_logit: float | None = None
    layer: int | None = None
    points: int | None = None
