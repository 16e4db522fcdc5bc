"""Tells a recorded network without Keras: layers, shapes, receptive fields."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.trace import LayerInfo
from spectracnn.nn.known_fields import KnownFields
from spectracnn.nn.planar_fields import PlanarFields
from spectracnn.nn.receptive_fields import layer_field, sliding_window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.nn.graph import Record


def describe_layers(
    records: list[Record], model_input: Any, fed: Sequence[Any]
) -> tuple[LayerInfo, ...]:
    """Describe recorded layers.

    Parameters
    ----------
    records : list of Record
        In forward order.
    model_input : KerasTensor
        What spectra become, shape (batch, steps, channels).
    fed : sequence of KerasTensor
        The same in the shapes of the network's own inputs.

    Returns
    -------
    tuple of LayerInfo
        Parallel to the records.
    """
    known = KnownFields.of_inputs(model_input, fed)
    planar = PlanarFields.of_inputs(model_input, fed)
    producers: dict[int, int] = {}
    infos: list[LayerInfo] = []
    for index, record in enumerate(records):
        info = replace(
            _describe(record, known, producers),
            planar=planar.after(type(record.layer).__name__, _config(record.layer), record),
        )
        infos.append(info)
        known.add(info, record)
        for tensor in record.outputs:
            producers[id(tensor)] = index
    return tuple(infos)


def _describe(
    record: Record,
    known: KnownFields,
    producers: dict[int, int],
) -> LayerInfo:
    layer_class = type(record.layer).__name__
    config = _config(record.layer)
    shape = tuple(int(size) for size in record.output.shape[1:])
    shapes_in = [tuple(int(size) for size in tensor.shape[1:]) for tensor in record.inputs]
    window = sliding_window(config)
    sources = tuple(producers[id(t)] for t in record.inputs if id(t) in producers)
    return LayerInfo(
        name=record.name,
        layer_class=layer_class,
        output_shape=shape,
        n_params=_n_params(record.layer),
        activation=_activation(record.layer)
        if record.before is not None
        else _own(layer_class, config),
        kernel_size=window.kernel_size if window else None,
        strides=window.strides if window else None,
        dilation=window.dilation if window else None,
        padding=str(config.get("padding", "")) if window else "",
        pools="Pooling" in layer_class,
        field=known.reshaped(layer_class, record, shape)
        or layer_field(layer_class, config, known.fields_of(record), shapes_in, shape),
        sources=sources,
        kernel_shape=_kernel_shape(config) if window else (),
    )


def _kernel_shape(config: dict[str, Any]) -> tuple[int, ...]:
    size = config.get("kernel_size", config.get("pool_size"))
    if isinstance(size, int):
        return (size,)
    return tuple(int(part) for part in size) if isinstance(size, (list, tuple)) else ()


def _config(layer: Any) -> dict[str, Any]:
    try:
        return dict(layer.get_config())
    except (NotImplementedError, AttributeError, TypeError):
        return {}  # operations such as x + y have no configuration worth the name


def _n_params(layer: Any) -> int:
    return int(sum(np.prod(weight.shape) for weight in getattr(layer, "weights", [])))


def _activation(layer: Any) -> str:
    activation = layer.activation
    return str(getattr(activation, "__name__", type(activation).__name__.lower()))


def _own(layer_class: str, config: dict[str, Any]) -> str:
    """Return what an activation layer does, so that its output can be coloured rightly."""
    if layer_class == "Activation":
        return str(config.get("activation", ""))
    return {"ReLU": "relu", "Softmax": "softmax"}.get(layer_class, "")
