"""A Conv2D file over 48 structures and 200 eigenvalues, as the tutorial's: all against Keras.

What the window and the Python API compute of it: maps, mean of a group, difference, filters, the
arithmetic of a sample, attribution. Keras is called directly for each.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import spectracnn as sc
from spectracnn.core.attribution import Method
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, write_card
from spectracnn.core.outputs import Arrangement
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import DropZeros, Take
from spectracnn.nn.layer_weights import layer_weights
from spectracnn.state.selection import LayerOptions, Sample
from spectracnn.view.filters import plane_response
from spectracnn.view.inspect.arithmetic import inspect
from spectracnn.view.planes import layer_plane, plane_values

ROWS, COLUMNS, SUBJECTS = 48, 200, 3
NAMES = tuple(f"tract {place:02d}" for place in range(ROWS))
CONVOLVING = ("first", "second", "apart")


@pytest.fixture(scope="module")
def network(keras):
    keras.utils.set_random_seed(11)
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((ROWS, COLUMNS, 1)),
            layers.Conv2D(8, (3, 5), activation="relu", name="first", bias_initializer="normal"),
            layers.MaxPooling2D((2, 3), name="pool"),
            layers.Conv2D(6, (3, 3), strides=(1, 2), padding="same", name="second"),
            layers.ReLU(name="relu"),
            layers.DepthwiseConv2D(3, activation="tanh", name="apart"),
            layers.AveragePooling2D(2, name="mean"),
            layers.GlobalAveragePooling2D(name="global"),
            layers.Dropout(0.5, name="drop"),
            layers.Dense(2, activation="softmax", name="classes"),
        ]
    )


@pytest.fixture(scope="module")
def values():
    draw = np.random.default_rng(2)
    return np.cumsum(draw.uniform(0.2, 1.4, (SUBJECTS, ROWS, COLUMNS)), axis=2) / 100


@pytest.fixture(scope="module")
def scene(network, values, tmp_path_factory):
    path = tmp_path_factory.mktemp("planes") / "tracts.keras"
    network.save(path)
    card = ModelCard(
        Preprocessing((DropZeros(), Take(COLUMNS))),
        ("female", "male"),
        structures=NAMES,
        arrangement=Arrangement.ROWS,
    )
    write_card(card, card_path(path))
    spectra = [
        Spectrum(name, np.append(0.0, row), subject=f"s{number}", structure=name)
        for number, rows in enumerate(values)
        for name, row in zip(NAMES, rows, strict=True)
    ]
    return sc.Scene(spectra, sc.open_model(path))


@pytest.fixture(scope="module")
def direct(keras, network, values):
    """Every layer's output for each subject, by Keras itself."""
    outputs = [layer.output for layer in network.layers]
    whole = keras.Model(network.inputs[0], outputs)
    inputs = values.astype(np.float32)[..., None]
    names = [layer.name for layer in network.layers]
    return dict(zip(names, [np.asarray(item) for item in whole(inputs)], strict=True))


def place_of(scene, name):
    return [layer.name for layer in scene.model.description.layers].index(name)


def test_maps_are_keras_own(scene, direct):
    largest = 0.0
    for subject in range(SUBJECTS):
        traces = scene.trace(subject * ROWS + 5)
        for name, expected in direct.items():
            found = np.asarray(traces.layer(name)[0])
            assert found.shape == expected[subject].shape, name
            largest = max(largest, float(np.abs(found - expected[subject]).max()))
    assert largest < 1e-6


def test_the_panel_shows_a_channel_with_a_row_for_each_structure(scene, direct):
    model = scene.model.description
    trace = scene._traced(scene._document, scene._selection, 1)
    for name in CONVOLVING:
        at = place_of(scene, name)
        info = model.layers[at]
        for channel in range(info.output_shape[-1]):
            plane = layer_plane(model, info, channel)
            shown = plane_values(trace.layers[at].output, plane)
            np.testing.assert_allclose(shown.T, direct[name][0, :, :, channel], atol=1e-6)
    assert model.structures == NAMES
    chosen = replace(LayerOptions(), channels=(3,))
    assert chosen.channels == (3,)


def test_groups_and_their_difference(scene, direct):
    found = scene.compare([0, ROWS], [2 * ROWS])
    for name in CONVOLVING:
        at = place_of(scene, name)
        mean = direct[name][:2].mean(axis=0)
        np.testing.assert_allclose(found.first.layers[at].output, mean, atol=1e-6)
        np.testing.assert_allclose(found.second.layers[at].output, direct[name][2], atol=1e-6)


def test_filters_are_the_kernels_as_images(scene, network):
    for name in CONVOLVING:
        kernel = network.get_layer(name).kernel.numpy().astype(float)
        found = scene.filters(0, name)
        flat = kernel if name != "apart" else kernel.reshape(3, 3, 1, -1)
        assert found.bank.images
        np.testing.assert_array_equal(found.kernels, np.moveaxis(flat, -1, 0))
        for channel, response in enumerate(found.responses):
            expected = plane_response(flat[..., channel])[2]
            np.testing.assert_allclose(response, expected)
            centre = found.bank.row_frequencies == 0
            gain = np.sqrt((flat[..., channel].sum(axis=(0, 1)) ** 2).sum())
            assert response[centre, 0] == pytest.approx(gain)


def test_the_arithmetic_of_samples(scene, network, direct):
    """Window, weights and products of random samples add up to what Keras says."""
    model = scene.model.description
    trace = scene._traced(scene._document, scene._selection, 1)
    draw = np.random.default_rng(8)
    for name in ("first", "pool", "second", "relu", "apart", "mean", "global", "classes"):
        at = place_of(scene, name)
        weights = layer_weights(at, network.get_layer(name))
        output = direct[name][0]
        flat = output.reshape(-1, output.shape[-1]) if output.ndim == 3 else output[:, None]
        for _ in range(12):
            step, channel = draw.integers(flat.shape[0]), draw.integers(flat.shape[1])
            found = inspect(model, trace, weights, Sample(at, int(step), int(channel)))
            assert found.check is not None, name
            assert found.check.agrees, (name, step, channel)
            assert found.check.computed == pytest.approx(float(flat[step, channel]), abs=1e-5)


def test_attribution_is_gradient_times_input(scene, network, values):
    import tensorflow as tf

    inputs = tf.constant(values[:1].astype(np.float32)[..., None])
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        before = network.layers[-1].input
        body = network.layers
        hidden = inputs
        for layer in body[:-1]:
            hidden = layer(hidden, training=False)
        last = body[-1]
        logit = (hidden @ last.kernel + last.bias)[0, 1]
    assert before is not None
    expected = np.asarray(tape.gradient(logit, inputs) * inputs)[0]
    found = scene.explain(0, Method.GRADIENT_INPUT, target=1)
    own = np.asarray(found.values[0]).reshape(expected.shape)
    np.testing.assert_allclose(own, expected, atol=1e-6)


def test_a_weight_edit_is_keras_with_that_weight(scene, network, keras, values):
    kernel = network.get_layer("first").kernel.numpy().copy()
    kernel[1, 2, 0, 3] += 0.7
    edit = sc.WeightEdit(place_of(scene, "first"), "kernel", kernel, "by hand")
    changed = sc.Scene(scene.spectra, scene.model, weights=[edit])
    twin = keras.models.clone_model(network)
    twin.set_weights(network.get_weights())
    twin.get_layer("first").kernel.assign(kernel)
    expected = np.asarray(twin(values[:1].astype(np.float32)[..., None]))[0]
    np.testing.assert_allclose(changed.trace(0).probabilities[0], expected, atol=1e-6)
