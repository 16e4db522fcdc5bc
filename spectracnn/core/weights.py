"""One layer's weights and settings, told without Keras: what the arithmetic of a sample needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class LayerWeights:
    """What a layer computes with.

    Parameters
    ----------
    layer : int
        Index in ``ModelDescription.layers``.
    layer_class : str
        Keras's class name.
    arrays : mapping of str to ndarray, float32
        By Keras's own names: ``kernel`` of shape (window, channels in, filters) for Conv1D or
        (in, units) for Dense, ``bias``, ``gamma``, ``beta``, ``moving_mean``, ... Read-only.
    settings : mapping of str to plain values
        The layer's configuration: ``strides``, ``dilation_rate``, ``padding``, ``groups``,
        ``pool_size``, ``epsilon``, ...
    """

    layer: int
    layer_class: str
    arrays: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        frozen = {name: frozen_array(array, np.float32) for name, array in self.arrays.items()}
        object.__setattr__(self, "arrays", frozen)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        for array in self.arrays.values():  # pickling forgets it
            array.flags.writeable = False
