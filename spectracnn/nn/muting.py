"""Channels whose output is set to 0 on the way through the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo


class Channels:
    """All channels of all layers, one after the other in one vector.

    The vector goes into the compiled pass as an input, so that muting others compiles nothing.

    Parameters
    ----------
    layers : sequence of LayerInfo
        Of the network; a layer's channels lie along its last axis.
    """

    def __init__(self, layers: Sequence[LayerInfo]) -> None:
        self._names = [layer.name for layer in layers]
        sizes = [layer.output_shape[-1] if layer.output_shape else 1 for layer in layers]
        self._starts = np.concatenate(([0], np.cumsum(sizes))).tolist()

    def __len__(self) -> int:
        return int(self._starts[-1])

    def kept(self, muted: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
        """Return which channels stay, shape (channels of all layers,).

        Raises
        ------
        ModelError
            If the network has no such layer or channel.
        """
        kept = np.ones(len(self), dtype=np.bool_)
        for layer, channel in muted:
            if not 0 <= layer < len(self._names):
                raise no_layer(layer, len(self._names))
            size = self._starts[layer + 1] - self._starts[layer]
            if not 0 <= channel < size:
                raise ModelError(
                    f"Layer '{self._names[layer]}' has no channel {channel}; "
                    f"its channels are 0 to {size - 1}."
                )
            kept[self._starts[layer] + channel] = False
        return kept

    def muting(self, kept: Any) -> Callable[[int, Any], Any]:
        """Return what changes each layer's output so that only the kept channels are heard.

        Parameters
        ----------
        kept : tensor, shape (channels of all layers,), bool
            From :meth:`kept`.
        """
        tf, _ = load_keras()

        def mute(layer: int, output: Any) -> Any:
            heard = kept[self._starts[layer] : self._starts[layer + 1]]
            # Chosen and not multiplied: a muted channel may hold NaN.
            changed = tf.where(heard, output, tf.zeros_like(output))
            steps = getattr(output, "_keras_mask", None)
            if steps is not None:  # which steps count, after a Masking layer
                changed._keras_mask = steps
            return changed

        return mute


def no_layer(layer: int, count: int) -> ModelError:
    """Return the error about a layer that the model of so many layers does not have."""
    return ModelError(f"The model has no layer {layer}; its layers are 0 to {count - 1}.")
