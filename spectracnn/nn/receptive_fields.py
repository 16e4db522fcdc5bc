"""The receptive field of each layer, from what is known of its kind and its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.windows import Window
from spectracnn.nn.field_rules import (
    backwards,
    concatenated,
    everything,
    forwards,
    picked,
    repeated,
    transposed,
)
from spectracnn.nn.windows import slide, union

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.fields import ReceptiveField

Shape = tuple[int, ...]

# Layers whose every output sample depends on the input sample at the same place alone.
POINTWISE = frozenset(
    """Activation ReLU LeakyReLU PReLU ELU BatchNormalization Normalization Rescaling
    Dropout SpatialDropout1D GaussianDropout GaussianNoise AlphaDropout ActivityRegularization
    Identity Masking TimeDistributed Relu Relu6 LeakyRelu Elu Selu Gelu Silu Sigmoid Tanh Softplus
    Softsign Abs Absolute Negative Square Sqrt Exp Log Log1p Clip""".split()
)
# Layers that mix along the axes they name, usually the channels.
ALONG_AXES = frozenset("Softmax LayerNormalization RMSNormalization UnitNormalization".split())
MERGES = frozenset("Add Subtract Multiply Average Maximum Minimum Concatenate".split())
SLIDING = frozenset("Conv1D SeparableConv1D DepthwiseConv1D MaxPooling1D AveragePooling1D".split())
WHOLE = frozenset("GlobalMaxPooling1D GlobalAveragePooling1D Flatten GroupNormalization".split())
RECURRENT = frozenset("LSTM GRU SimpleRNN Bidirectional".split())


def is_uniform(layer_class: str) -> bool:
    """Whether all elements of a layer's output vector have one and the same field."""
    return layer_class == "Dense" or layer_class in RECURRENT or "Global" in layer_class


def single(value: Any) -> int:
    """Return the one number of Keras's ``(3,)``, ``[3]`` or ``3``; of two, that along the index."""
    return int(value[-1]) if isinstance(value, (tuple, list)) else int(value)


def sliding_window(config: dict[str, Any]) -> Window | None:
    """Return how a layer with this Keras configuration slides, if it does."""
    size = config.get("kernel_size", config.get("pool_size"))
    if size is None:
        return None
    return Window(
        single(size),
        single(config.get("strides") or size),
        single(config.get("dilation_rate") or 1),
        str(config.get("padding", "valid")),
    )


def layer_field(
    layer_class: str,
    config: dict[str, Any],
    fields: Sequence[ReceptiveField | None],
    shapes_in: Sequence[Shape],
    shape: Shape,
) -> ReceptiveField | None:
    """Return the receptive field of a layer's output.

    Parameters
    ----------
    layer_class : str
        Keras's class name.
    config : dict
        The layer's ``get_config()``.
    fields : sequence of ReceptiveField or None
        Of the layer's inputs; a vector has one step.
    shapes_in : sequence of tuple of int
        Of the layer's inputs, without the batch axis.
    shape : tuple of int
        Of its output, without the batch axis.

    Returns
    -------
    ReceptiveField or None
        None where nothing is claimed.
    """
    known = [field for field in fields if field is not None]
    if not known or len(known) != len(fields) or len(shape) not in (1, 2):
        return None
    if len(shape) == 2 and config.get("data_format") == "channels_first":
        return None
    field = _field(layer_class, config, known, shapes_in, shape)
    fits = field is None or field.steps == (shape[0] if len(shape) == 2 else 1)
    return field if fits else None


def _field(
    layer_class: str,
    config: dict[str, Any],
    known: list[ReceptiveField],
    shapes_in: Sequence[Shape],
    shape: Shape,
) -> ReceptiveField | None:
    steps = shape[0] if len(shape) == 2 else 1
    vector = len(shapes_in[0]) == 1
    if layer_class in MERGES:
        return _merged(layer_class, config, known, shapes_in)
    if layer_class in POINTWISE:
        return known[0]
    if layer_class in ALONG_AXES:
        return everything(known, steps) if _along_steps(config, shapes_in[0]) else known[0]
    if layer_class == "Dense":
        # On a sequence Keras applies Dense at each step by itself.
        return everything(known, 1) if vector else known[0]
    if layer_class in WHOLE or (layer_class == "RepeatVector" and vector):
        return everything(known, steps)
    if layer_class in RECURRENT:
        return _recurrent(layer_class, config, known, shape)
    if vector:
        return known[0] if layer_class == "Reshape" and len(shape) == 1 else None
    return _reshaped(layer_class, config, known, shapes_in[0], shape)


def _reshaped(
    layer_class: str,
    config: dict[str, Any],
    known: list[ReceptiveField],
    shape_in: Shape,
    shape: Shape,
) -> ReceptiveField | None:
    """Handle the layers that turn a sequence into another of a different length."""
    window = sliding_window(config)
    if window is not None and not isinstance(config.get("padding"), str):
        return None
    if layer_class in SLIDING and window is not None:
        return slide(known[0], window, shape[0])
    if layer_class == "Conv1DTranspose" and window is not None:
        return transposed(known[0], window, shape[0])
    if layer_class == "ZeroPadding1D":
        return picked(known[0], np.arange(shape[0]) - _first(config["padding"]))
    if layer_class == "Cropping1D":
        return picked(known[0], np.arange(shape[0]) + _first(config["cropping"]))
    if layer_class == "UpSampling1D":
        return repeated(known[0], single(config["size"]))
    if layer_class in ("Reshape", "Permute") and len(shape) == 1:
        return everything(known, 1)
    same = layer_class == "Reshape" and shape == shape_in
    return known[0] if same or tuple(config.get("dims", ())) == (1, 2) else None


def _first(value: Any) -> int:
    return int(value[0]) if isinstance(value, (tuple, list)) else int(value)


def _along_steps(config: dict[str, Any], shape: Shape) -> bool:
    axis = config.get("axis", -1)
    axes = axis if isinstance(axis, (tuple, list)) else (axis,)
    return any(item not in (-1, len(shape)) for item in axes)


def _recurrent(
    layer_class: str, config: dict[str, Any], known: list[ReceptiveField], shape: Shape
) -> ReceptiveField | None:
    if len(known) != 1:
        return None  # an initial state of another origin
    if len(shape) == 1:
        return everything(known, 1)
    if layer_class == "Bidirectional":
        return everything(known, shape[0])
    return backwards(known[0]) if config.get("go_backwards") else forwards(known[0])


def _merged(
    layer_class: str, config: dict[str, Any], fields: list[ReceptiveField], shapes: Sequence[Shape]
) -> ReceptiveField | None:
    if layer_class == "Concatenate" and _along_steps(config, shapes[0]):
        return concatenated(fields)
    return union(fields)
