"""One layer's weights and settings, told without Keras: what the arithmetic of a sample needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
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
        (in, units) for Dense, ``bias``, ``gamma``, ``beta``, ``moving_mean``, ...
    settings : mapping of str to plain values
        The layer's configuration: ``strides``, ``dilation_rate``, ``padding``, ``groups``,
        ``pool_size``, ``epsilon``, ...
    """

    layer: int
    layer_class: str
    arrays: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
