"""The inspector's sums against Keras itself, and against the bundled network, sample by sample."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from spectracnn import io
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.nn.backend import load_keras
from spectracnn.nn.layer_weights import layer_weights
from spectracnn.nn.loading import open_model
from spectracnn.resources import default_model, sample_spectra
from spectracnn.state.selection import Sample
from spectracnn.view.inspect.arithmetic import inspect
from spectracnn.view.inspect.records import Convolution, Pooling, WeightedSum

STEPS = 13


@pytest.fixture(scope="module")
def keras():
    return load_keras()[1]


def told_by(layer, inputs, info):
    """Yield each sample's inspection and the value of Keras."""
    output = np.asarray(layer(inputs[None]))[0]
    weights = layer_weights(0, layer)
    description = ModelDescription("m", "", "", inputs.shape, (info(output.shape),), (), None, 0)
    trace = Trace("", inputs, np.arange(len(inputs)), (LayerTrace(output),), np.zeros(1))
    for place in np.ndindex(output.shape):
        told = inspect(description, trace, weights, Sample(0, *place))
        yield told, float(output[place])


CONVOLUTIONS = [
    (kernel, stride, dilation, padding, groups)
    for kernel, stride, dilation, padding, groups in product(
        (1, 2, 5), (1, 2, 3), (1, 2), ("valid", "same", "causal"), (1, 2)
    )
    if stride == 1 or dilation == 1
]


@pytest.mark.parametrize(("kernel", "stride", "dilation", "padding", "groups"), CONVOLUTIONS)
def test_convolutions(keras, kernel, stride, dilation, padding, groups):
    keras.utils.set_random_seed(kernel + stride)
    layer = keras.layers.Conv1D(
        4, kernel, strides=stride, dilation_rate=dilation, padding=padding, groups=groups,
        bias_initializer="normal",
    )  # fmt: skip
    inputs = np.random.default_rng(stride).normal(size=(STEPS, 6)).astype(np.float32)
    layer.build((None, STEPS, 6))

    def info(shape):
        return LayerInfo(
            "c", "Conv1D", shape, kernel_size=kernel, strides=stride, dilation=dilation,
            padding=padding,
        )  # fmt: skip

    for told, value in told_by(layer, inputs, info):
        assert isinstance(told.body, Convolution)
        assert told.body.channels.size == 6 // groups
        assert abs(told.check.computed - value) <= 1e-5
        assert told.check.agrees


@pytest.mark.parametrize(
    ("kind", "size", "stride", "padding"),
    list(product(("MaxPooling1D", "AveragePooling1D"), (2, 3), (1, 2, 4), ("valid", "same"))),
)
def test_pooling(keras, kind, size, stride, padding):
    layer = getattr(keras.layers, kind)(size, strides=stride, padding=padding)
    # All negative: padding that counted as 0 would win every maximum.
    inputs = -np.random.default_rng(size).uniform(1, 2, (STEPS, 2)).astype(np.float32)

    def info(shape):
        return LayerInfo("p", kind, shape, kernel_size=size, strides=stride, padding=padding)

    for told, value in told_by(layer, inputs, info):
        assert isinstance(told.body, Pooling)
        assert told.check.computed == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("activation", [None, "relu", "gelu", "elu", "silu", "softplus", "mish"])
def test_dense_and_depthwise_layers(keras, activation):
    keras.utils.set_random_seed(1)
    inputs = np.random.default_rng(0).normal(size=(STEPS, 3)).astype(np.float32)
    dense = keras.layers.Dense(4, activation=activation)
    for told, value in told_by(
        dense, inputs, lambda shape: LayerInfo("d", "Dense", shape, activation=activation or "")
    ):
        assert isinstance(told.body, WeightedSum)
        assert told.check.computed == pytest.approx(value, abs=1e-5)
    deep = keras.layers.DepthwiseConv1D(3, depth_multiplier=2, activation=activation)

    def info(shape):
        return LayerInfo(
            "d", "DepthwiseConv1D", shape, kernel_size=3, strides=1, dilation=1, padding="valid",
            activation=activation or "",
        )  # fmt: skip

    for told, value in told_by(deep, inputs, info):
        assert told.check.computed == pytest.approx(value, abs=1e-5)


@pytest.fixture(scope="module")
def bundled():
    model = open_model(default_model())
    trace = model.trace(io.read(sample_spectra()[3])[0])
    return model, trace


def test_every_layer_of_the_bundled_network_adds_up(bundled):
    model, trace = bundled
    draw = np.random.default_rng(0)
    for index, info in enumerate(model.description.layers):
        weights = model.weights_of(index)
        count = int(np.prod(info.output_shape))
        for flat in draw.choice(count, min(count, 60), replace=False):
            place = np.unravel_index(flat, info.output_shape)
            told = inspect(model.description, trace, weights, Sample(index, *map(int, place)))
            assert told.check is not None
            assert told.check.agrees
            assert told.check.difference <= 1e-5


def test_networks_with_branches_and_normalisation(keras, tmp_path):
    keras.utils.set_random_seed(4)
    layers = keras.layers
    start = keras.Input((30, 1))
    hidden = layers.BatchNormalization()(layers.Conv1D(4, 3, padding="same")(start))
    hidden = layers.LeakyReLU()(hidden)
    gate = layers.Activation("sigmoid")(layers.Conv1D(4, 1)(hidden))
    both = layers.Multiply()([hidden, gate])
    both = layers.Concatenate()([layers.Add()([both, start]), layers.ZeroPadding1D((2, 0))(
        layers.Cropping1D((0, 2))(both))])  # fmt: skip
    pooled = layers.GlobalAveragePooling1D()(layers.UpSampling1D(2)(layers.Dropout(0.3)(both)))
    scores = layers.Dense(3)(layers.Reshape((8,))(pooled))
    model = keras.Model(start, layers.Softmax()(scores))
    norm = model.layers[2]
    norm.set_weights([np.random.default_rng(i).uniform(0.5, 2, 4) for i in range(4)])
    model.save(tmp_path / "branches.keras")
    opened = open_model(tmp_path / "branches.keras")
    trace = opened.trace(io.read(sample_spectra()[0])[0])
    for index, info in enumerate(opened.description.layers):
        weights = opened.weights_of(index)
        for place in list(np.ndindex(info.output_shape))[::7]:
            told = inspect(opened.description, trace, weights, Sample(index, *place))
            padded = info.layer_class == "ZeroPadding1D" and place[0] < 2
            assert (told.check is None) == padded, info.layer_class
            assert padded or told.check.agrees
