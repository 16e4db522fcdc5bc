"""Runs a stack of layers that a person made: Keras's own layers, and what each one computed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, file_sha256, write_card
from spectracnn.core.lab.result import LabResult
from spectracnn.core.lab.shapes import reports
from spectracnn.core.lab.specs import Convolution, Pool, Pooling
from spectracnn.core.trace import LayerTrace
from spectracnn.errors import LayerError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.describing import describe_layers
from spectracnn.nn.graph import Splitter, Walk
from spectracnn.nn.layer_weights import layer_weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.lab.specs import LayerSpec, LayerStack

Weights = tuple["NDArray[np.float32]", ...]


def run_stack(
    stack: LayerStack, values: NDArray[np.float32], weights: Sequence[Weights | None] = ()
) -> LabResult:
    """Send one input through a stack.

    Parameters
    ----------
    stack : LayerStack
        The layers; their weights are drawn from its seed by Glorot's uniform rule.
    values : ndarray, shape ``stack.input_shape``, float32
        A spectrum or an image.
    weights : sequence of tuple of ndarray or None
        For a layer that has its own: kernel and, where it has one, bias.

    Returns
    -------
    LabResult
        Descriptions, every layer's numbers before and after its activation, and its weights.

    Raises
    ------
    LayerError
        If a layer has no output, or input or weights have another shape.
    """
    if values.shape != stack.input_shape:
        raise LayerError(f"The stack reads {stack.input_shape}; the input is {values.shape}.")
    tf, keras = load_keras()
    layers = keras_layers(stack, weights)
    splitter = Splitter()
    fresh = keras.Input(stack.input_shape)
    described = Walk(splitter)
    _through(described, layers, fresh)
    infos = describe_layers(described.records, fresh, [fresh])
    walk = Walk(splitter)
    _through(walk, layers, tf.constant(values[None], tf.float32))
    traces = tuple(
        LayerTrace(
            np.asarray(record.output)[0],
            None if record.before is None else np.asarray(record.before)[0],
        )
        for record in walk.records
    )
    found = tuple(layer_weights(index, layer) for index, layer in enumerate(layers))
    return LabResult(stack, infos, traces, found)


def _through(walk: Walk, layers: Sequence[Any], inputs: Any) -> None:
    for layer in layers:
        inputs = walk.call(layer, inputs)


def keras_layers(stack: LayerStack, weights: Sequence[Weights | None] = ()) -> list[Any]:
    """Return the stack as built Keras layers.

    Raises
    ------
    LayerError
        If a layer has no output, or weights have another shape.
    """
    _, keras = load_keras()
    described = reports(stack)
    layers = []
    shape = stack.input_shape
    for place, (spec, report) in enumerate(zip(stack.layers, described, strict=True)):
        layer = _keras_layer(keras, spec, place, stack.seed)
        layer.build((None, *shape))
        own = weights[place] if place < len(weights) else None
        if own is not None:
            _set_weights(layer, own, place)
        layers.append(layer)
        shape = report.output_shape
    return layers


def grown_network(
    stack: LayerStack, n_outputs: int, *, softmax: bool = True, seed: int | None = None
) -> Any:
    """Return a stack as a whole network, untrained.

    A stack that ends in maps gets a global average behind it, and every one a Dense layer.

    Parameters
    ----------
    stack : LayerStack
        Of one axis.
    n_outputs : int
        Classes, or 1.
    softmax : bool
        Whether the outputs are shares of classes.
    seed : int, optional
        Of the weights; the stack's own if not given.
    """
    _, keras = load_keras()
    drawn = stack if seed is None else replace(stack, seed=seed)
    layers = keras_layers(drawn)
    if len(reports(drawn)[-1].output_shape if layers else drawn.input_shape) > 1:
        layers.append(keras.layers.GlobalAveragePooling1D(name="global_average"))
    layers.append(
        keras.layers.Dense(
            n_outputs,
            activation="softmax" if softmax else None,
            kernel_initializer=keras.initializers.GlorotUniform(
                seed=1000 * drawn.seed + len(layers)
            ),
            name="classes" if softmax else "value",
        )
    )
    return keras.Sequential([keras.Input(drawn.input_shape), *layers], name="stack")


def save_stack(stack: LayerStack, card: ModelCard, path: Path) -> Path:
    """Write a stack as a network that classifies, untrained.

    A stack that ends in maps gets a global average behind it, and every one a Dense layer with a
    softmax over the card's classes, drawn from the stack's seed.

    Parameters
    ----------
    stack : LayerStack
        Of one axis: what spectra can be the input of.
    card : ModelCard
        Says how spectra become its input, and what the classes are called.
    path : Path
        A ``.keras`` file.

    Raises
    ------
    LayerError
        If a spectrum cannot be its input, a layer has no output, or the path has another suffix.
    ExportError
        If it cannot be written.
    """
    if len(stack.input_shape) != 2:
        raise LayerError("A network on spectra slides along one axis; this stack reads an image.")
    if path.suffix != ".keras":
        raise LayerError(f"{path.name}: a new model is written as a .keras file.")
    if not card.classes:
        raise LayerError("The network needs names of classes; the open model has none.")
    model = grown_network(stack, len(card.classes))
    with atomic_path(path) as temporary:
        model.save(temporary)
    fresh = ModelCard(
        card.preprocessing,
        card.classes,
        title=f"{path.stem} (layer lab, untrained)",
        input_meaning=card.input_meaning,
        output_meaning="Nothing yet: the weights are random until the network is trained.",
        structures=card.structures,
        arrangement=card.arrangement,
        model_sha256=file_sha256(path),
    )
    write_card(fresh, card_path(path))
    return path


def _keras_layer(keras: Any, spec: LayerSpec, place: int, seed: int) -> Any:
    name = f"{_snake(spec.name)}_{place + 1}"
    layer_class = getattr(keras.layers, spec.name)
    if isinstance(spec, Convolution):
        return layer_class(
            spec.filters,
            spec.kernel_size,
            strides=spec.strides,
            padding=spec.padding,
            dilation_rate=spec.dilation_rate,
            activation=spec.activation,
            use_bias=spec.use_bias,
            kernel_initializer=keras.initializers.GlorotUniform(seed=1000 * seed + place),
            name=name,
        )
    if isinstance(spec, Pool):
        return layer_class(spec.pool_size, strides=spec.strides, padding=spec.padding, name=name)
    return layer_class(name=name)


def _snake(name: str) -> str:
    words = name.replace("Global", "global_").replace("Pooling", "_pooling")
    for pooling in Pooling:
        words = words.replace(pooling, pooling.lower())
    return words.lower()


def _set_weights(layer: Any, weights: Weights, place: int) -> None:
    shapes = [tuple(weight.shape) for weight in layer.weights]
    given = [tuple(array.shape) for array in weights]
    if shapes != given:
        raise LayerError(
            f"Layer {place + 1}, {type(layer).__name__}: weights of the shapes {given} were given; "
            f"it has {shapes}."
        )
    if not all(np.isfinite(array).all() for array in weights):
        raise LayerError(f"Layer {place + 1}: a weight is not a finite number.")
    layer.set_weights(list(weights))
