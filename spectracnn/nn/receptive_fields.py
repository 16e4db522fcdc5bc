"""The receptive field of each layer, from what is known of its kind and its configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from spectracnn.core.fields import ReceptiveField
from spectracnn.nn.windows import Window, slide, union

Shape = tuple[int, ...]
Rule = Callable[[dict[str, Any], Sequence[ReceptiveField], Shape], "ReceptiveField | None"]

# Layers whose every output sample depends on the input sample at the same place alone.
POINTWISE = frozenset(
    """Activation ReLU LeakyReLU PReLU ELU Softmax BatchNormalization Normalization Rescaling
    Dropout SpatialDropout1D GaussianDropout GaussianNoise AlphaDropout ActivityRegularization
    LayerNormalization Identity Masking""".split()
)
MERGES = frozenset("Add Subtract Multiply Average Maximum Minimum Concatenate".split())
SLIDING = frozenset("Conv1D SeparableConv1D DepthwiseConv1D MaxPooling1D AveragePooling1D".split())
WHOLE = frozenset(
    """GlobalMaxPooling1D GlobalAveragePooling1D Flatten LSTM GRU SimpleRNN Bidirectional
    GlobalMaxPooling2D GlobalAveragePooling2D""".split()
)


def single(value: Any) -> int:
    """Return the one number of Keras's ``(3,)``, ``[3]`` or ``3``."""
    return int(value[0]) if isinstance(value, (tuple, list)) else int(value)


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


def _everything(fields: Sequence[ReceptiveField], shape: Shape) -> ReceptiveField:
    """Return a field that unites all steps; border samples that no step reads stay outside."""
    steps = shape[0] if len(shape) == 2 else 1
    seen = np.logical_or.reduce([field.mask.any(axis=0) for field in fields])
    reached = np.flatnonzero(seen)
    first, last = (float(reached[0]), float(reached[-1])) if reached.size else (0.0, 0.0)
    return ReceptiveField(
        mask=np.tile(seen, (steps, 1)),
        start=np.full(steps, first),
        stop=np.full(steps, last),
        size=int(last - first) + 1,
        jump=0.0,
    )


def _sliding(
    config: dict[str, Any], fields: Sequence[ReceptiveField], shape: Shape
) -> ReceptiveField | None:
    window = sliding_window(config)
    return None if window is None else slide(fields[0], window, shape[0])


def _picked(field: ReceptiveField, steps: np.ndarray[Any, Any]) -> ReceptiveField:
    """Return a field whose steps are those of another; -1 is padding that depends on nothing."""
    inside = (steps >= 0) & (steps < field.steps)
    at = np.clip(steps, 0, field.steps - 1)
    mask = field.mask[at] & inside[:, None]
    shift = (steps - at) * field.jump
    return ReceptiveField(
        mask, field.start[at] + shift, field.stop[at] + shift, field.size, field.jump
    )


def _padded(
    config: dict[str, Any], fields: Sequence[ReceptiveField], shape: Shape
) -> ReceptiveField:
    before = config["padding"]
    first = before[0] if isinstance(before, (tuple, list)) else before
    return _picked(fields[0], np.arange(shape[0]) - int(first))


def _cropped(
    config: dict[str, Any], fields: Sequence[ReceptiveField], shape: Shape
) -> ReceptiveField:
    before = config["cropping"]
    first = before[0] if isinstance(before, (tuple, list)) else before
    return _picked(fields[0], np.arange(shape[0]) + int(first))


def _upsampled(
    config: dict[str, Any], fields: Sequence[ReceptiveField], shape: Shape
) -> ReceptiveField:
    return _picked(fields[0], np.arange(shape[0]) // int(single(config["size"])))


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
        Of the layer's inputs.
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
    if not known or len(known) != len(fields):
        return None
    vector = len(shapes_in[0]) == 1
    if layer_class in MERGES:
        return _merged(layer_class, config, known, shapes_in)
    if layer_class in POINTWISE:
        return _pointwise(layer_class, config, known[0], shapes_in[0])
    if layer_class == "Dense":
        # On a sequence Keras applies Dense at each step by itself.
        return _everything(known, shape) if vector else known[0]
    if layer_class in WHOLE or vector:
        return _everything(known, shape) if len(shape) < 3 else None
    if layer_class in SLIDING:
        return _sliding(config, known, shape)
    rule = {
        "ZeroPadding1D": _padded,
        "Cropping1D": _cropped,
        "UpSampling1D": _upsampled,
    }.get(layer_class)
    return None if rule is None else rule(config, known, shape)


def _pointwise(
    layer_class: str, config: dict[str, Any], field: ReceptiveField, shape: Shape
) -> ReceptiveField | None:
    axis = config.get("axis", -1)
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    mixes = layer_class in {"LayerNormalization", "Softmax"}
    last = len(shape)
    if mixes and any(item not in (-1, last) for item in axes):
        return ReceptiveField.everything(field.steps, field.mask.shape[1])
    return field


def _merged(
    layer_class: str, config: dict[str, Any], fields: list[ReceptiveField], shapes: Sequence[Shape]
) -> ReceptiveField | None:
    along_steps = config.get("axis", -1) not in (-1, len(shapes[0]))
    if layer_class == "Concatenate" and along_steps:
        parts = [
            np.concatenate(item)
            for item in zip(*((f.mask, f.start, f.stop) for f in fields), strict=True)
        ]
        return ReceptiveField(
            parts[0], parts[1], parts[2], max(f.size for f in fields), fields[0].jump
        )
    return union(fields)
