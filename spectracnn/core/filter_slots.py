"""Where each filter of a layer stands in the layer's weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spectracnn.core.weights import LayerWeights

SLIDING_CLASSES = frozenset(
    """Conv1D Conv2D DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D
    Conv1DTranspose Conv2DTranspose Dense""".split()
)
"""Layers whose filters can be set by hand."""


@dataclass(frozen=True)
class FilterSlot:
    """One filter within an array of weights.

    Parameters
    ----------
    weight : str
        Name of the array.
    index : tuple
        Selects the filter; what it selects has the axes of the window, then the input channels.
    window : tuple of int
        Sizes of the window: ``(taps,)`` or ``(rows, columns)``; ``(inputs,)`` for Dense.
    channels : int
        How many input channels it reads; 1 for Dense, whose inputs are its window.
    bias : int or None
        Place in ``bias``; None where the layer has none for this filter.
    """

    weight: str
    index: tuple[Any, ...]
    window: tuple[int, ...]
    channels: int
    bias: int | None = None

    @property
    def taps(self) -> int:
        """How many weights there are for each input channel."""
        return int(np.prod(self.window))

    def read(self, arrays: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        """Return the filter's weights, shape (taps, channels)."""
        found = np.asarray(arrays[self.weight][self.index], np.float64)
        return found.reshape(self.taps, self.channels)

    def written(
        self, arrays: Mapping[str, NDArray[Any]], values: NDArray[Any]
    ) -> NDArray[np.float32]:
        """Return the whole array with this filter's weights in their place.

        Parameters
        ----------
        arrays : mapping of str to ndarray
            The layer's weights; they stay as they are.
        values : ndarray, shape (taps, channels)
            The filter.
        """
        array = np.array(arrays[self.weight], np.float32)
        array[self.index] = np.asarray(values).reshape(array[self.index].shape)
        return array


def filter_slots(weights: LayerWeights) -> tuple[FilterSlot, ...]:
    """Return where each filter of a layer stands, in the order of its output channels.

    Of separable layers these are the filters of the first step, one for each input channel and
    depth; the mixing that follows is an array of its own, ``pointwise_kernel``.

    Parameters
    ----------
    weights : LayerWeights
        Of a layer; one whose filters cannot be told apart has none.
    """
    if weights.layer_class not in SLIDING_CLASSES:
        return ()
    name = "depthwise_kernel" if "Separable" in weights.layer_class else "kernel"
    kernel = weights.arrays.get(name)
    if kernel is None:
        return ()
    if weights.layer_class == "Dense":
        inputs, units = kernel.shape
        return tuple(
            FilterSlot(name, (slice(None), unit), (inputs,), 1, _bias(weights, unit))
            for unit in range(units)
        )
    window = kernel.shape[:-2]
    if "Separable" in weights.layer_class or "Depthwise" in weights.layer_class:
        channels, times = kernel.shape[-2:]
        own = "Depthwise" in weights.layer_class
        return tuple(
            FilterSlot(
                name,
                (..., channel, depth),
                window,
                1,
                _bias(weights, channel * times + depth) if own else None,
            )
            for channel in range(channels)
            for depth in range(times)
        )
    if "Transpose" in weights.layer_class:
        filters, channels = kernel.shape[-2:]
        return tuple(
            FilterSlot(name, (..., place, slice(None)), window, channels, _bias(weights, place))
            for place in range(filters)
        )
    channels, filters = kernel.shape[-2:]
    return tuple(
        FilterSlot(name, (..., place), window, channels, _bias(weights, place))
        for place in range(filters)
    )


def _bias(weights: LayerWeights, place: int) -> int | None:
    bias = weights.arrays.get("bias")
    return place if bias is not None and place < bias.size else None
