"""Tells a recorded network without Keras: layers, shapes, receptive fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.fields import ReceptiveField
from spectracnn.core.trace import LayerInfo
from spectracnn.nn.receptive_fields import layer_field, makes_uniform, sliding_window

if TYPE_CHECKING:
    from spectracnn.nn.graph import Record


def describe_layers(records: list[Record], model_input: Any, fed: Any) -> tuple[LayerInfo, ...]:
    """Describe recorded layers.

    Parameters
    ----------
    records : list of Record
        In forward order.
    model_input : KerasTensor
        What spectra become, shape (batch, steps, channels).
    fed : KerasTensor
        The same in the network's own shape.

    Returns
    -------
    tuple of LayerInfo
        Parallel to the records.
    """
    producers: dict[int, int] = {}
    fields: dict[int, ReceptiveField | None] = {id(fed): _input_field(model_input, fed)}
    uniform = {id(fed)} if len(fed.shape) == 3 and fed.shape[1] == 1 else set()
    infos: list[LayerInfo] = []
    for index, record in enumerate(records):
        same = all(id(tensor) in uniform for tensor in record.inputs)
        inputs = [fields.get(id(tensor)) for tensor in record.inputs]
        info = _describe(record, inputs, producers, same)
        infos.append(info)
        if makes_uniform(info.layer_class, same) and len(info.output_shape) == 1:
            uniform.add(id(record.output))
        for tensor in record.outputs:
            producers[id(tensor)] = index
            fields[id(tensor)] = info.field if tensor is record.output else None
    return tuple(infos)


def _input_field(model_input: Any, fed: Any) -> ReceptiveField | None:
    if len(model_input.shape) != 3:
        return None  # structures as rows of an image
    steps = int(model_input.shape[1])
    if len(fed.shape) == 3 and fed.shape[1] == steps:
        return ReceptiveField.of_input(steps)
    flat = len(fed.shape) == 2 or (len(fed.shape) == 3 and fed.shape[1] == 1)
    return ReceptiveField.everything(1, steps) if flat else None


def _describe(
    record: Record,
    fields: list[ReceptiveField | None],
    producers: dict[int, int],
    uniform: bool,
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
        field=layer_field(layer_class, config, fields, shapes_in, shape, uniform=uniform),
        sources=sources,
    )


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
