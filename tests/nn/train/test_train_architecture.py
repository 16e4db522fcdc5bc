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

pytestmark = pytest.mark.slow

SMALL = Recipe(eigenvalues=24, filters=(4, 6, 5), kernels=(5, 3, 3), pools=(2, 2, 1), windows=3)


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


@pytest.mark.parametrize("windows", [1, 3])
def test_folding_computes_the_same_function(windows):
    random = np.random.default_rng(0)
    recipe = Recipe(**{**vars(SMALL), "windows": windows})
    learned = stirred(learning_network(recipe, 3), random)
    inputs = random.normal(size=(16, 24, 1)).astype(np.float32)
    expected = keras.ops.softmax(learned(inputs, training=False))
    found = shipped_network(learned, recipe)(inputs, training=False)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_shipped_network_is_what_the_tutorial_teaches():
    network = shipped_network(learning_network(SMALL, 3), SMALL)
    convolutions = [layer for layer in network.layers if isinstance(layer, keras.layers.Conv1D)]
    assert [layer.filters for layer in convolutions] == [4, 6, 5]
    assert all(layer.activation is keras.activations.relu for layer in convolutions)
    assert network.layers[-1].activation is keras.activations.softmax
    assert network.output_shape == (None, 3)
    kinds = {type(layer).__name__ for layer in network.layers}
    assert kinds == {
        "InputLayer",
        "Conv1D",
        "MaxPooling1D",
        "AveragePooling1D",
        "Flatten",
        "Concatenate",
        "Dense",
    }


def test_merging_averages_before_the_softmax():
    random = np.random.default_rng(3)
    members = [
        shipped_network(stirred(learning_network(SMALL, 3, seed), random), SMALL)
        for seed in range(3)
    ]
    inputs = random.normal(size=(7, 24, 1)).astype(np.float32)
    logs = [np.log(np.asarray(member(inputs, training=False))) for member in members]
    # Logs of a softmax are its inputs but for a constant, which the next softmax drops.
    expected = keras.ops.softmax(np.mean(logs, axis=0))
    merged = merged_network(members, SMALL)
    np.testing.assert_allclose(merged(inputs, training=False), expected, atol=1e-5)
    assert merged.get_layer("conv2").filters == 18


def test_half_of_the_first_filters_start_blind_to_a_constant():
    kernel = learning_network(SMALL, 3).get_layer("conv1").get_weights()[0]
    np.testing.assert_allclose(kernel[..., :2].sum(axis=0), 0, atol=1e-6)
    assert (np.abs(kernel[..., 2:].sum(axis=0)) > 1e-3).all()


def test_first_layer_answers_in_proportion():
    network = shipped_network(learning_network(SMALL, 3), SMALL)
    first = keras.Model(network.input, network.get_layer("conv1").output)
    inputs = np.random.default_rng(2).normal(size=(3, 24, 1)).astype(np.float32)
    small, large = (np.asarray(first(scale * inputs)) for scale in (0.01, 1.0))
    np.testing.assert_allclose(small, 0.01 * large, rtol=1e-4, atol=1e-7)


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
