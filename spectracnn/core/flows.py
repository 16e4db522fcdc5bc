"""How a class's score flows through a network: from layer to layer, by their main channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

INPUT = -1
"""The source of a flow that comes from the model's input."""


@dataclass(frozen=True, eq=False)
class Group:
    """A channel of a layer, or all those that have no group of their own.

    Parameters
    ----------
    channels : tuple of int
        One, or many.
    contribution : float
        Output times gradient of the score, summed: positive speaks for the class.
    """

    channels: tuple[int, ...]
    contribution: float


@dataclass(frozen=True, eq=False)
class Flow:
    """What passes from one layer to one that reads it.

    Parameters
    ----------
    source, target : int
        Layers; `INPUT` for the model's input.
    values : ndarray, shape (groups of the source, groups of the target), float32
        How much of the score passes from each group to each. Where a layer is homogeneous (a
        convolution or Dense without bias, ReLU, pooling, merging) a column's sum over all sources
        is what the target's group contributes; a bias contributes the rest.
    """

    source: int
    target: int
    values: NDArray[np.float32]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", frozen_array(self.values, np.float32))


@dataclass(frozen=True, eq=False)
class Flows:
    """All flows of one pass.

    Parameters
    ----------
    target : int
        The class whose score is followed.
    groups : tuple of tuple of Group
        A layer each; empty for a layer that the score does not depend on.
    flows : tuple of Flow
        In forward order of their targets.
    """

    target: int
    groups: tuple[tuple[Group, ...], ...]
    flows: tuple[Flow, ...]
