"""The order of a layer's channels in its map: by number, activity, contribution or likeness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.weak_cache import weak_cache
from spectracnn.state.selection import ChannelOrder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, ModelDescription, Trace

MANY = 32
"""From so many channels on the automatic order is by contribution."""
_KEEPS = frozenset(
    """Activation ReLU LeakyReLU ELU PReLU Softmax ThresholdedReLU BatchNormalization
    LayerNormalization GroupNormalization UnitNormalization SpatialDropout1D Dropout GaussianDropout
    GaussianNoise AlphaDropout ActivityRegularization UpSampling1D ZeroPadding1D Cropping1D Masking
    DepthwiseConv1D Rescaling Normalization Identity""".split()
)
"""Layers whose channel c is made of channel c of the layer before."""


@weak_cache(1024)
def order_origin(description: ModelDescription, index: int) -> int:
    """Return the layer whose channels this layer goes on with; itself where it makes its own.

    Pooling, activations and the like keep channels apart, so they keep their order too.
    """
    info = description.layers[index]
    while len(info.sources) == 1 and keeps_channels(info):
        source = description.layers[info.sources[0]]
        if not source.is_sequence or source.output_shape[-1] != info.output_shape[-1]:
            break
        index, info = info.sources[0], source
    return index


def keeps_channels(info: LayerInfo) -> bool:
    """Return whether each channel of a layer is made of one channel of the layer before."""
    return info.is_sequence and (info.pools or info.layer_class in _KEEPS)


def order_in_use(description: ModelDescription, index: int, order: ChannelOrder) -> ChannelOrder:
    """Return the order that stands for the automatic one in this layer."""
    if order is not ChannelOrder.AUTO:
        return order
    many = description.layers[index].output_shape[-1] >= MANY
    return ChannelOrder.CONTRIBUTION if many else ChannelOrder.INDEX


@weak_cache(512)
def channel_order(
    description: ModelDescription, trace: Trace, index: int, order: ChannelOrder
) -> NDArray[np.int64] | None:
    """Return the channels of a layer in the order in which they are shown.

    Parameters
    ----------
    description : ModelDescription
        The model.
    trace : Trace
        Its pass; says what is active, and where it was asked for, what contributes.
    index : int
        Which layer.
    order : ChannelOrder
        What was chosen.

    Returns
    -------
    ndarray, shape (channels,), int64, or None
        None for the order of the numbers: also for what is no sequence, and where the trace does
        not say what is needed. Contributions run from what speaks most for the class to what
        speaks most against it. The identical object for the same arguments.
    """
    info = description.layers[index]
    if not info.is_sequence or info.output_shape[-1] < 2:
        return None
    origin = order_origin(description, index)
    chosen = order_in_use(description, origin, order)
    found: NDArray[np.int64] | None = None
    if chosen is ChannelOrder.ACTIVITY:
        found = _descending(activity(trace.layers[origin].output))
    elif trace.insight is not None and chosen is ChannelOrder.CONTRIBUTION:
        found = _descending(trace.insight.contributions[origin])
    elif trace.insight is not None and chosen is ChannelOrder.SIMILARITY:
        if trace.insight.similarity:
            found = trace.insight.similarity[origin]
    if found is None or found.shape != (info.output_shape[-1],):
        return None
    return frozen_array(found)


def activity(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean magnitude of each channel over its steps, what is not finite left out."""
    finite = np.isfinite(values)
    sizes = np.where(finite, np.abs(values), 0).sum(axis=0, dtype=np.float64)
    return np.asarray(sizes / np.maximum(finite.sum(axis=0), 1))


def _descending(keys: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return places from the largest to the smallest; equal ones keep their order, NaN is last."""
    return np.argsort(-np.asarray(keys, np.float64), kind="stable").astype(np.int64)


def order_words(
    description: ModelDescription, trace: Trace, index: int, order: ChannelOrder
) -> str:
    """Return in a few words how the rows of a layer are ordered; empty for by number."""
    if channel_order(description, trace, index, order) is None:
        return ""
    origin = order_origin(description, index)
    chosen = order_in_use(description, origin, order)
    words = {
        ChannelOrder.ACTIVITY: "channels by activity",
        ChannelOrder.SIMILARITY: "channels by similarity",
    }.get(chosen)
    if words is None:
        target = trace.insight.target if trace.insight is not None else 0
        name = description.classes[target] if target < len(description.classes) else "the output"
        words = f"channels by contribution to {name}"
    if origin != index:
        words = f"{words}, as in {description.layers[origin].name}"
    return words
