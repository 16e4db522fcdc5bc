"""How one filter changed while it was trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class FilterHistory:
    """The filter and the errors, epoch by epoch; the first entry is before any training.

    Parameters
    ----------
    filters : ndarray, shape (epochs + 1, window), float32
    losses : ndarray, shape (epochs + 1,)
        Cross-entropy.
    accuracies : ndarray, shape (epochs + 1,)
        From 0 to 1.
    """

    filters: NDArray[np.float32]
    losses: NDArray[np.float64]
    accuracies: NDArray[np.float64]

    @property
    def first_half(self) -> int | None:
        """The first epoch whose loss is below half of the first loss; None if there is none."""
        below = np.flatnonzero(self.losses < 0.5 * self.losses[0])
        return int(below[0]) if below.size else None
