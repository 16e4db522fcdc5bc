"""The networks: ours while it learns, ours as it is shipped, and the tutorial's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.nn.train.recipe import Recipe


def learning_network(recipe: Recipe, n_classes: int, seed: int = 0) -> Any:
    """Build the network with batch normalisation between each convolution and its ReLU.

    Its output is without the softmax, as a stable cross-entropy wants it.

    Parameters
    ----------
    recipe : Recipe
        Says how large it is.
    n_classes : int
        How many outputs.
    seed : int
        Of the first weights and of the dropout.

    Returns
    -------
    keras.Sequential
        With weights of its own.
    """
    _, keras = load_keras()
    layers = keras.layers
    network = keras.Sequential([layers.Input((recipe.eigenvalues, 1), name="spectrum")])
    stages = zip(recipe.filters, recipe.kernels, recipe.pools, strict=True)
    for place, (filters, kernel, pool) in enumerate(stages, 1):
        start = keras.initializers.HeNormal(seed=1000 * seed + place)
        network.add(
            layers.Conv1D(
                filters,
                kernel,
                padding="same",
                use_bias=False,
                kernel_initializer=start,
                name=f"conv{place}",
            )
        )
        network.add(layers.BatchNormalization(momentum=0.9, name=f"norm{place}"))
        network.add(layers.ReLU(name=f"relu{place}"))
        if pool > 1:
            network.add(layers.MaxPooling1D(pool, name=f"pool{place}"))
    network.add(layers.Flatten(name="flatten"))
    network.add(layers.Dropout(recipe.dropout, seed=seed, name="dropout"))
    start = keras.initializers.GlorotUniform(seed=1000 * seed)
    network.add(layers.Dense(n_classes, kernel_initializer=start, name="classes"))
    return network


def shipped_network(learned: Any) -> Any:
    r"""Fold the batch normalisation into the convolutions, and put the softmax on.

    With the scale :math:`s = \\gamma / \\sqrt{v + \\epsilon}` of each filter, the kernel becomes
    :math:`s W` and the bias :math:`\\beta + s (b - m)`: the same function, fewer layers.

    Parameters
    ----------
    learned : keras.Sequential
        Convolutions, each perhaps followed by normalisation and ReLU; pools; a dense output.

    Returns
    -------
    keras.Sequential
        With ``Conv1D(activation="relu")`` and ``Dense(activation="softmax")``.
    """
    _, keras = load_keras()
    layers = keras.layers
    network = keras.Sequential([layers.Input(learned.inputs[0].shape[1:], name="spectrum")])
    weights: list[list[Any]] = []
    for layer in learned.layers:
        if isinstance(layer, layers.Conv1D):
            changes = {"use_bias": True, "activation": "relu", "kernel_initializer": "zeros"}
            network.add(layers.Conv1D.from_config({**layer.get_config(), **changes}))
            weights.append(_kernel_and_bias(layer))
        elif isinstance(layer, layers.BatchNormalization):
            weights[-1] = _folded(weights[-1], layer)
        elif isinstance(layer, layers.Dense):
            changes = {"activation": "softmax", "kernel_initializer": "zeros"}
            network.add(layers.Dense.from_config({**layer.get_config(), **changes}))
            weights.append(_kernel_and_bias(layer))
        elif not isinstance(layer, layers.ReLU):
            network.add(type(layer).from_config(layer.get_config()))
    weighted = [layer for layer in network.layers if layer.weights]
    for layer, values in zip(weighted, weights, strict=True):
        layer.set_weights(values)
    return network


def _kernel_and_bias(layer: Any) -> list[Any]:
    kernel = np.asarray(layer.kernel)
    bias = np.asarray(layer.bias) if layer.use_bias else np.zeros(kernel.shape[-1], np.float32)
    return [kernel, bias]


def _folded(weights: list[Any], norm: Any) -> list[Any]:
    kernel, bias = (values.astype(np.float64) for values in weights)
    gamma, beta, mean, variance = (values.astype(np.float64) for values in norm.get_weights())
    scale = gamma / np.sqrt(variance + norm.epsilon)
    folded = (kernel * scale, beta + scale * (bias - mean))
    return [values.astype(np.float32) for values in folded]


def merged_network(members: Sequence[Any]) -> Any:
    """Put shipped networks of one shape side by side into one, which averages them.

    Each convolution holds the members' filters behind one another; kernels between filters of
    different members are zero. The dense output is the mean of theirs before the softmax. So one
    plain network computes exactly what the ensemble does.

    Parameters
    ----------
    members : sequence of keras.Sequential
        From `shipped_network`.

    Returns
    -------
    keras.Sequential
        With as many times the filters.
    """
    _, keras = load_keras()
    layers = keras.layers
    if len(members) == 1:
        return members[0]
    first = members[0]
    network = keras.Sequential([layers.Input(first.inputs[0].shape[1:], name="spectrum")])
    for layer in first.layers:
        config = layer.get_config()
        if isinstance(layer, layers.Conv1D):
            config["filters"] *= len(members)
        network.add(type(layer).from_config(config))
    for place, layer in enumerate(network.layers):
        kernels = [member.layers[place].get_weights() for member in members]
        if isinstance(layer, layers.Conv1D):
            layer.set_weights(_side_by_side(kernels, share_input=layer is network.layers[0]))
        elif isinstance(layer, layers.Dense):
            steps = network.get_layer("flatten").input.shape[1]
            layer.set_weights(_mean_output(kernels, steps))
    return network


def _side_by_side(weights: list[list[Any]], share_input: bool) -> list[Any]:
    kernels, biases = zip(*weights, strict=True)
    if share_input:
        return [np.concatenate(kernels, axis=2), np.concatenate(biases)]
    width, n_in, n_out = kernels[0].shape
    merged = np.zeros((width, n_in * len(kernels), n_out * len(kernels)), np.float32)
    for place, kernel in enumerate(kernels):
        rows = slice(place * n_in, (place + 1) * n_in)
        merged[:, rows, place * n_out : (place + 1) * n_out] = kernel
    return [merged, np.concatenate(biases)]


def _mean_output(weights: list[list[Any]], steps: int) -> list[Any]:
    kernels, biases = zip(*weights, strict=True)
    n_classes = kernels[0].shape[1]
    # Flatten puts channels last, so a member's rows are not together in the merged kernel.
    parts = [kernel.reshape(steps, -1, n_classes) for kernel in kernels]
    merged = np.concatenate(parts, axis=1).reshape(-1, n_classes)
    return [merged / len(kernels), np.mean(biases, axis=0)]


def tutorial_network(eigenvalues: int, n_classes: int, seed: int = 0) -> Any:
    """Build the network of the usual Conv1D tutorial, a baseline.

    Conv1D(64, 3) twice, MaxPooling1D(3), Conv1D(64, 3) twice, global average pooling, half of it
    dropped, softmax.
    """
    _, keras = load_keras()
    layers = keras.layers

    def convolution(place: int) -> Any:
        start = keras.initializers.GlorotUniform(seed=1000 * seed + place)
        return layers.Conv1D(64, 3, activation="relu", kernel_initializer=start)

    return keras.Sequential(
        [
            layers.Input((eigenvalues, 1)),
            convolution(1),
            convolution(2),
            layers.MaxPooling1D(3),
            convolution(3),
            convolution(4),
            layers.GlobalAveragePooling1D(),
            layers.Dropout(0.5, seed=seed),
            layers.Dense(
                n_classes,
                activation="softmax",
                kernel_initializer=keras.initializers.GlorotUniform(seed=1000 * seed),
            ),
        ]
    )
