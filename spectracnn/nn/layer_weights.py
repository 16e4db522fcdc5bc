"""Tells one layer's weights and settings without Keras."""

from __future__ import annotations

from typing import Any

import numpy as np

from spectracnn.core.weights import LayerWeights

_NO_ARITHMETIC = frozenset({"name", "trainable", "dtype", "batch_shape", "build_config", "seed"})
"""Settings that change nothing in what a layer computes."""


def layer_weights(index: int, layer: Any) -> LayerWeights:
    """Return what a layer computes with.

    Parameters
    ----------
    index : int
        Of the layer in the description.
    layer : keras.Operation
        The layer; operations such as ``x + y`` have no weights.

    Returns
    -------
    LayerWeights
        Weights of one name, as the two halves of a Bidirectional layer have, are told apart by
        the rest of Keras's path, such as ``forward_lstm/lstm_cell/kernel``.
    """
    arrays = {name: _values(weight) for name, weight in weight_variables(layer).items()}
    return LayerWeights(index, type(layer).__name__, arrays, _settings(layer))


def weight_variables(layer: Any) -> dict[str, Any]:
    """Return a layer's variables by the names that :func:`layer_weights` gives them."""
    weights = list(getattr(layer, "weights", []))
    names = [weight.name for weight in weights]
    return {
        weight.name if names.count(weight.name) == 1 else _own_path(weight.path, layer.name): weight
        for weight in weights
    }


def _own_path(path: str, layer: str) -> str:
    """Return a weight's path from below its layer."""
    parts = path.split("/")
    return "/".join(parts[parts.index(layer) + 1 :]) if layer in parts else path


def _values(weight: Any) -> Any:
    from keras import ops

    return np.asarray(ops.convert_to_numpy(weight), np.float32)


def _settings(layer: Any) -> dict[str, Any]:
    try:
        config = layer.get_config()
    except (NotImplementedError, AttributeError, TypeError):
        return {}  # operations have no configuration worth the name
    settings = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in config.items()
        if key not in _NO_ARITHMETIC and _is_plain(value)
    }
    mode = getattr(layer, "quantization_mode", None)
    if mode is not None:
        settings["quantised"] = str(mode)
    activation = getattr(layer, "activation", None)
    if activation is not None:
        settings["activation"] = getattr(activation, "__name__", type(activation).__name__.lower())
    return settings


def _is_plain(value: Any) -> bool:
    """Tell numbers, words and sequences of them from Keras's objects."""
    if isinstance(value, (tuple, list)):
        return all(_is_plain(item) for item in value)
    return value is None or isinstance(value, (bool, int, float, str))
