import keras
import numpy as np
import pytest

from spectracnn.nn.train.architecture import (
    learning_network,
    merged_network,
    shipped_network,
    tutorial_network,
)
from spectracnn.nn.train.recipe import Recipe

SMALL = Recipe(eigenvalues=20, filters=(4, 6), kernels=(5, 3), pools=(2, 1))


def stirred(network, random):
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            size = layer.gamma.shape
            layer.set_weights(
                [
                    random.normal(1, 0.5, size),
                    random.normal(0, 1, size),
                    random.normal(0, 2, size),
                    random.uniform(0.1, 4, size),
                ]
            )
    return network


def test_folding_computes_the_same_function():
    random = np.random.default_rng(0)
    learned = stirred(learning_network(SMALL, 3), random)
    inputs = random.normal(size=(16, 20, 1)).astype(np.float32)
    expected = keras.ops.softmax(learned(inputs, training=False))
    np.testing.assert_allclose(
        shipped_network(learned)(inputs, training=False), expected, atol=1e-5
    )


def test_folding_keeps_a_convolution_bias():
    random = np.random.default_rng(1)
    learned = keras.Sequential(
        [
            keras.layers.Input((8, 1)),
            keras.layers.Conv1D(3, 3, bias_initializer="ones"),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
            keras.layers.Flatten(),
            keras.layers.Dense(2),
        ]
    )
    stirred(learned, random)
    inputs = random.normal(size=(5, 8, 1)).astype(np.float32)
    expected = keras.ops.softmax(learned(inputs, training=False))
    np.testing.assert_allclose(
        shipped_network(learned)(inputs, training=False), expected, atol=1e-5
    )


def test_merged_network_averages_its_members():
    random = np.random.default_rng(2)
    members = [
        shipped_network(stirred(learning_network(SMALL, 3, seed), random)) for seed in range(3)
    ]
    merged = merged_network(members)
    assert [layer.filters for layer in merged.layers if hasattr(layer, "filters")] == [12, 18]
    inputs = random.normal(size=(9, 20, 1)).astype(np.float32)
    logs = [np.log(np.asarray(member(inputs, training=False))) for member in members]
    expected = keras.ops.softmax(np.mean(logs, axis=0))
    np.testing.assert_allclose(merged(inputs, training=False), expected, atol=1e-5)


def test_shipped_network_is_what_the_tutorial_teaches():
    network = shipped_network(learning_network(SMALL, 3))
    names = [type(layer).__name__ for layer in network.layers]
    assert names == ["Conv1D", "MaxPooling1D", "Conv1D", "Flatten", "Dropout", "Dense"]
    assert network.layers[0].activation is keras.activations.relu
    assert network.layers[-1].activation is keras.activations.softmax
    assert network.output_shape == (None, 3)


def test_seed_decides_the_first_weights():
    one, two, other = (learning_network(SMALL, 3, seed) for seed in (5, 5, 6))
    for left, right in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
    assert not np.array_equal(one.get_weights()[0], other.get_weights()[0])


@pytest.mark.parametrize("n_classes", [2, 20])
def test_tutorial_network(n_classes):
    network = tutorial_network(100, n_classes)
    convolutions = 1 * 3 * 64 + 64 + 3 * (64 * 3 * 64 + 64)
    assert network.count_params() == convolutions + 64 * n_classes + n_classes
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds == [
        *["Conv1D"] * 2,
        "MaxPooling1D",
        *["Conv1D"] * 2,
        "GlobalAveragePooling1D",
        "Dropout",
        "Dense",
    ]
