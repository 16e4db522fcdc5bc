"""What of a pass says in which order its channels are worth looking at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.flows import Flows


@dataclass(frozen=True, eq=False)
class Insight:
    """How much each channel of each layer speaks for a class, and which channels are alike.

    Parameters
    ----------
    target : int
        The class: the predicted one.
    contributions : tuple of ndarray, shape (channels,), float32
        A layer each, parallel to ``ModelDescription.layers``: output times the gradient of the
        class's logit, summed over the steps. In a network of rectified layers without biases each
        layer's sum is the logit itself [1]_. Zero behind the logits.
    similarity : tuple of ndarray, shape (channels,), int64
        A layer each: the channels in an order in which neighbours are alike; empty where it was
        not asked for, or where there are no maps.

    flows : Flows or None
        How the score flows from layer to layer, where it was asked for.

    References
    ----------
    .. [1] Ancona et al. (2018), Towards better understanding of gradient-based attribution methods
       for deep neural networks, ICLR, arXiv:1711.06104.
    """

    target: int
    contributions: tuple[NDArray[np.float32], ...]
    similarity: tuple[NDArray[np.int64], ...] = ()
    flows: Flows | None = None

    def __post_init__(self) -> None:
        self._freeze()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._freeze()

    def _freeze(self) -> None:
        for name, kind in (("contributions", np.float32), ("similarity", np.int64)):
            arrays = tuple(frozen_array(array, kind) for array in getattr(self, name))
            object.__setattr__(self, name, arrays)
