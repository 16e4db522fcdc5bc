"""The networks: ours while it learns, ours as it is shipped, and the tutorial's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.nn.backend import load_keras

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.nn.train.recipe import Recipe

FINE_SHARE = 0.3
"""First scale of the window averages before the dense output, the flattened rest having about 1."""


def learning_network(recipe: Recipe, n_classes: int, seed: int = 0) -> Any:
    """Build the network as it learns: with batch normalisation and dropout, without softmax.

    The first layer has neither bias nor normalisation. So ReLU bends where a filter's answer
    changes its sign, also among high eigenvalues, whose logarithms differ by little; a common bias
    would put them all on one side. Half of its filters start with weights that sum to zero: they
    see spacings. Its averages over windows go to the dense output beside the flattened last pool.

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
    keras.Model
        With weights of its own.
    """
    network = _network(recipe, n_classes, seed, learning=True)
    first = network.get_layer("conv1")
    kernel = first.get_weights()[0]
    half = kernel.shape[-1] // 2
    kernel[..., :half] -= kernel[..., :half].mean(axis=0)
    first.set_weights([kernel])
    return network


def shipped_network(learned: Any, recipe: Recipe) -> Any:
    r"""Fold the batch normalisation into the neighbouring weights, and put the softmax on.

    With the scale :math:`s = \gamma / \sqrt{v + \epsilon}` of each channel, the kernel before a
    normalisation becomes :math:`W s` with the bias :math:`\beta - s m`; the kernel behind one
    becomes :math:`s W`, its bias :math:`b + (\beta - s m) W`. The same function, fewer layers.

    Parameters
    ----------
    learned : keras.Model
        From `learning_network` for `recipe`.
    recipe : Recipe
        Says how large it is.

    Returns
    -------
    keras.Model
        With ``Conv1D(activation="relu")`` and ``Dense(activation="softmax")``.
    """
    network = _network(recipe, learned.outputs[0].shape[-1], 0, learning=False)
    network.get_layer("conv1").set_weights(learned.get_layer("conv1").get_weights())
    for place in range(2, len(recipe.filters) + 1):
        scale, shift = _scale_and_shift(learned.get_layer(f"norm{place}"))
        kernel = learned.get_layer(f"conv{place}").get_weights()[0].astype(np.float64)
        network.get_layer(f"conv{place}").set_weights([kernel * scale, shift])
    scale, shift = _scale_and_shift(learned.get_layer("norm_fine"))
    kernel, bias = (
        values.astype(np.float64) for values in learned.get_layer("classes").get_weights()
    )
    fine = kernel[-len(scale) :].copy()
    kernel[-len(scale) :] = scale[:, None] * fine
    network.get_layer("classes").set_weights([kernel, bias + shift @ fine])
    return network


def merged_network(members: Sequence[Any], recipe: Recipe) -> Any:
    """Put shipped networks side by side into one, which averages them.

    Each convolution holds the members' filters behind one another; kernels between filters of
    different members are zero. The dense output is the mean of theirs before the softmax. So one
    plain network computes what the ensemble does.

    Parameters
    ----------
    members : sequence of keras.Model
        From `shipped_network`, all of one recipe.
    recipe : Recipe
        Theirs.

    Returns
    -------
    keras.Model
        With as many times the filters.
    """
    count = len(members)
    wide = replace(recipe, filters=tuple(count * filters for filters in recipe.filters))
    network = _network(wide, members[0].outputs[0].shape[-1], 0, learning=False)

    def weights(name: str) -> list[list[Any]]:
        return [member.get_layer(name).get_weights() for member in members]

    network.get_layer("conv1").set_weights(
        [np.concatenate([kernel for (kernel,) in weights("conv1")], axis=2)]
    )
    for place in range(2, len(recipe.filters) + 1):
        kernels, biases = zip(*weights(f"conv{place}"), strict=True)
        network.get_layer(f"conv{place}").set_weights(
            [_block_diagonal(kernels), np.concatenate(biases)]
        )
    kernels, biases = zip(*weights("classes"), strict=True)
    # Flatten puts channels last, so a member's rows are not together in the merged kernel.
    border = members[0].get_layer("flatten").output.shape[-1]
    parts = (
        _interleaved([kernel[:border] for kernel in kernels], recipe.filters[-1]),
        _interleaved([kernel[border:] for kernel in kernels], recipe.filters[0]),
    )
    network.get_layer("classes").set_weights(
        [np.concatenate(parts) / count, np.mean(biases, axis=0)]
    )
    return network


def _block_diagonal(kernels: Sequence[NDArray[Any]]) -> NDArray[Any]:
    width, n_in, n_out = kernels[0].shape
    merged = np.zeros((width, n_in * len(kernels), n_out * len(kernels)), np.float32)
    for place, kernel in enumerate(kernels):
        rows, columns = (slice(place * n, (place + 1) * n) for n in (n_in, n_out))
        merged[:, rows, columns] = kernel
    return merged


def _interleaved(kernels: Sequence[NDArray[Any]], channels: int) -> NDArray[Any]:
    n_classes = kernels[0].shape[1]
    parts = [kernel.reshape(-1, channels, n_classes) for kernel in kernels]
    return np.concatenate(parts, axis=1).reshape(-1, n_classes)


def _network(recipe: Recipe, n_classes: int, seed: int, *, learning: bool) -> Any:
    _, keras = load_keras()
    layers = keras.layers
    entry = layers.Input((recipe.eigenvalues, 1), name="spectrum")
    first = values = _convolution(recipe, 1, seed, entry, learning=learning)
    values = layers.MaxPooling1D(recipe.pools[0], name="pool1")(values)
    for place in range(2, len(recipe.filters) + 1):
        values = _convolution(recipe, place, seed, values, learning=learning)
        values = layers.MaxPooling1D(recipe.pools[place - 1], name=f"pool{place}")(values)
    values = layers.Flatten(name="flatten")(values)
    width = max(first.shape[1] // recipe.windows, 1)
    fine = layers.AveragePooling1D(width, name="windows")(first)
    fine = layers.Flatten(name="flatten_windows")(fine)
    if learning:
        share = keras.initializers.Constant(FINE_SHARE)
        norm = layers.BatchNormalization(momentum=0.9, gamma_initializer=share, name="norm_fine")
        fine = norm(fine)
    values = layers.Concatenate(name="both")([values, fine])
    if learning:
        values = layers.Dropout(recipe.dropout, seed=seed, name="dropout")(values)
    output = layers.Dense(
        n_classes,
        activation=None if learning else "softmax",
        kernel_initializer=keras.initializers.GlorotUniform(seed=1000 * seed),
        name="classes",
    )
    return keras.Model(entry, output(values))


def _convolution(recipe: Recipe, place: int, seed: int, values: Any, *, learning: bool) -> Any:
    _, keras = load_keras()
    layers = keras.layers
    values = layers.Conv1D(
        recipe.filters[place - 1],
        recipe.kernels[place - 1],
        # The first sees no padding: a zero beside the spectrum would look like an eigenvalue.
        padding="valid" if place == 1 else "same",
        activation=None if learning else "relu",
        use_bias=place > 1 and not learning,
        kernel_initializer=keras.initializers.HeNormal(seed=1000 * seed + place),
        name=f"conv{place}",
    )(values)
    if learning and place > 1:
        values = layers.BatchNormalization(momentum=0.9, name=f"norm{place}")(values)
    return layers.ReLU(name=f"relu{place}")(values) if learning else values


def _scale_and_shift(norm: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    gamma, beta, mean, variance = (values.astype(np.float64) for values in norm.get_weights())
    scale = gamma / np.sqrt(variance + norm.epsilon)
    return scale, beta - scale * mean


def tutorial_network(
    eigenvalues: int, n_classes: int, seed: int = 0, activation: str | None = "softmax"
) -> Any:
    """Build the network of the usual Conv1D tutorial.

    Conv1D(64, 3) twice, MaxPooling1D(3), Conv1D(64, 3) twice, global average pooling, half of it
    dropped, softmax (or nothing, for a regression).
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
                activation=activation,
                kernel_initializer=keras.initializers.GlorotUniform(seed=1000 * seed),
            ),
        ],
        name="tutorial",
    )
