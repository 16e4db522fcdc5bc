"""The plain network: one chain that can be read from top to bottom."""

from __future__ import annotations

from typing import Any

import numpy as np

from spectracnn.nn.backend import load_keras

FILTERS = (16, 32)
KERNELS = (7, 5)
POOLS = (4, 3)
DROPOUT = 0.1
NORMALISED = "norm2"


def chain_sizes(n_values: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the kernels and pools for an input of this length: small ones for short inputs.

    Parameters
    ----------
    n_values : int
        Eigenvalues that are read.

    Examples
    --------
    >>> chain_sizes(100), chain_sizes(8)
    (((7, 5), (4, 3)), ((3, 3), (1, 1)))
    """
    if n_values >= 80:
        return KERNELS, POOLS
    if n_values >= 40:
        return KERNELS, (3, 2)
    if n_values >= 16:
        return (5, 3), (2, 2)
    return (3, 3), (1, 1)


def plain_chain(n_values: int, n_outputs: int, *, softmax: bool = True) -> Any:
    """Build Conv1D, MaxPooling1D, Conv1D, MaxPooling1D, Flatten, Dense, as it is written.

    The first convolution sees no padding, because a zero beside a spectrum would look like an
    eigenvalue, and has no bias: so ReLU bends where a filter's answer changes its sign, among low
    eigenvalues, whose logarithms differ much, as among high ones.

    Parameters
    ----------
    n_values, n_outputs : int
        Eigenvalues of the input; classes, or 1.
    softmax : bool
        Whether a softmax ends it.

    Returns
    -------
    keras.Model
        Its weights mean nothing yet.
    """
    return _chain(n_values, n_outputs, 0, "softmax" if softmax else None, learning=False)


def learning_chain(n_values: int, n_outputs: int, seed: int = 0) -> Any:
    """Build the chain as it learns: with batch normalisation and dropout, without softmax.

    Half of the first filters start with weights that sum to zero: they see spacings.

    Parameters
    ----------
    n_values, n_outputs : int
        Eigenvalues of the input; classes, or 1.
    seed : int
        Of the first weights and of the dropout.
    """
    network = _chain(n_values, n_outputs, seed, None, learning=True)
    first = network.get_layer("conv1")
    kernel = first.get_weights()[0]
    half = kernel.shape[-1] // 2
    kernel[..., :half] -= kernel[..., :half].mean(axis=0)
    first.set_weights([kernel])
    return network


def folded_weights(learned: Any) -> list[Any]:
    r"""Return the weights of the chain that computes what a learning one does.

    With the scale :math:`s = \gamma / \sqrt{v + \epsilon}` of each channel, the kernel before the
    normalisation becomes :math:`W s` with the bias :math:`\beta - s m`: the same function, a layer
    fewer.

    Parameters
    ----------
    learned : keras.Model
        From `learning_chain`.
    """
    norm = learned.get_layer(NORMALISED)
    gamma, beta, mean, variance = (values.astype(np.float64) for values in norm.get_weights())
    scale = gamma / np.sqrt(variance + norm.epsilon)
    first, second = (learned.get_layer(f"conv{place}").get_weights()[0] for place in (1, 2))
    dense = learned.layers[-1].get_weights()
    return [first, second.astype(np.float64) * scale, beta - scale * mean, *dense]


def sorted_weights(weights: list[Any]) -> list[Any]:
    """Put the first filters in the order of their frequency, smooth ones first.

    Parameters
    ----------
    weights : list of ndarray
        From `folded_weights`.

    Returns
    -------
    list of ndarray
        Of the same function.
    """
    first, second, *others = weights
    order = by_frequency(first[:, 0, :])
    return [first[..., order], second[:, order, :], *others]


def by_frequency(filters: Any) -> Any:
    """Return the order of filters from the smoothest to the roughest.

    Parameters
    ----------
    filters : ndarray, shape (width, n)
        By the mean frequency of their power spectra.
    """
    power = np.abs(np.fft.rfft(filters, n=64, axis=0)) ** 2
    centre = (np.arange(len(power))[:, None] * power).sum(axis=0) / (power.sum(axis=0) + 1e-12)
    return np.argsort(centre, kind="stable")


def _chain(n_values: int, n_outputs: int, seed: int, last: str | None, *, learning: bool) -> Any:
    _, keras = load_keras()
    layers, starts = keras.layers, keras.initializers
    kernels, pools = chain_sizes(n_values)
    values = entry = layers.Input((n_values, 1), name="spectrum")
    for place, filters in enumerate(FILTERS):
        normalised = learning and place > 0
        values = layers.Conv1D(
            filters,
            kernels[place],
            padding="same" if place else "valid",
            activation=None if normalised else "relu",
            use_bias=place > 0 and not learning,
            kernel_initializer=starts.HeNormal(seed=1000 * seed + place + 1),
            name=f"conv{place + 1}",
        )(values)
        if normalised:
            values = layers.BatchNormalization(momentum=0.9, name=NORMALISED)(values)
            values = layers.ReLU(name="relu2")(values)
        values = layers.MaxPooling1D(pools[place], name=f"pool{place + 1}")(values)
    values = layers.Flatten(name="flatten")(values)
    if learning:
        values = layers.Dropout(DROPOUT, seed=seed, name="dropout")(values)
    output = layers.Dense(
        n_outputs,
        activation=last,
        kernel_initializer=starts.GlorotUniform(seed=1000 * seed),
        name="classes" if n_outputs > 1 else "value",
    )
    return keras.Model(entry, output(values), name="plain")
