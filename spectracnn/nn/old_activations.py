"""Activations that meant something else in Keras 2 than they do in Keras 3."""

from __future__ import annotations

from typing import Any

from spectracnn.nn.backend import load_keras

_PLACES = ("activation", "recurrent_activation")


def hard_sigmoid_of_keras_2(x: Any) -> Any:
    """Return ``max(0, min(1, 0.2 x + 0.5))``; Keras 3 divides by 6 instead of 5."""
    _, keras = load_keras()
    return keras.ops.clip(0.2 * x + 0.5, 0.0, 1.0)


def restore_activations(model: Any) -> None:
    """Give a network of Keras 2 the hard sigmoid that it was trained with.

    Files of both say ``hard_sigmoid``, and Keras 3 computes its own without a word. The LSTM and
    GRU of Keras 2.2 and older have it by default.

    Parameters
    ----------
    model : keras.Model
        From a file of Keras 2; changed in place, before anything of it was compiled.
    """
    _, keras = load_keras()
    for layer in model._flatten_layers():
        for place in _PLACES:
            if layer.__dict__.get(place) is keras.activations.hard_sigmoid:
                setattr(layer, place, hard_sigmoid_of_keras_2)
