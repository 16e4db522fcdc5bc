"""Two-dimensional, separable and transposed layers against Keras itself, sample by sample."""

from itertools import product

import numpy as np
import pytest

from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.nn.backend import load_keras
from spectracnn.nn.layer_weights import layer_weights
from spectracnn.state.selection import Sample
from spectracnn.view.inspect.arithmetic import inspect
from spectracnn.view.inspect.records import Convolution, Pooling
from spectracnn.view.inspect.strips import strip_set


@pytest.fixture(scope="module")
def keras():
    return load_keras()[1]


def explained(layer, inputs, **info):
    """Yield description, trace, each sample's inspection, and the value of Keras."""
    output = np.asarray(layer(inputs[None]))[0]
    described = LayerInfo("layer", type(layer).__name__, output.shape, **info)
    model = ModelDescription("m", "", "", inputs.shape, (described,), (), None, 0)
    trace = Trace("", inputs, np.arange(inputs.shape[-2]), (LayerTrace(output),), np.zeros(1))
    weights = layer_weights(0, layer)
    flat = output.reshape(-1, output.shape[-1]) if output.ndim > 1 else output[:, None]
    for step, channel in np.ndindex(flat.shape):
        sample = Sample(0, step, channel)
        yield model, trace, inspect(model, trace, weights, sample), float(flat[step, channel])


PLANAR = [
    (kernel, stride, rate, padding)
    for kernel, stride, rate, padding in product(
        ((1, 3), (2, 2), (3, 2)), ((1, 1), (2, 2)), ((1, 1), (2, 1)), ("valid", "same")
    )
    if stride == (1, 1) or rate == (1, 1)
]


@pytest.mark.parametrize(("kernel", "stride", "rate", "padding"), PLANAR)
@pytest.mark.parametrize("kind", ["Conv2D", "DepthwiseConv2D", "SeparableConv2D"])
def test_planar_convolutions(keras, kind, kernel, stride, rate, padding):
    keras.utils.set_random_seed(3)
    options = {"strides": stride, "dilation_rate": rate, "padding": padding}
    options["bias_initializer"] = "normal"
    if kind == "Conv2D":
        layer = keras.layers.Conv2D(3, kernel, activation="relu", **options)
    elif kind == "DepthwiseConv2D":
        layer = keras.layers.DepthwiseConv2D(kernel, depth_multiplier=2, **options)
    else:
        layer = keras.layers.SeparableConv2D(3, kernel, depth_multiplier=2, **options)
    inputs = np.random.default_rng(1).normal(size=(5, 7, 2)).astype(np.float32)
    activation = "relu" if kind == "Conv2D" else ""
    for _, _, found, value in explained(layer, inputs, activation=activation):
        assert isinstance(found.body, Convolution)
        assert found.check.agrees
        assert found.check.computed == pytest.approx(value, abs=2e-5)


def test_groups(keras):
    layer = keras.layers.Conv2D(4, 2, groups=2)
    inputs = np.random.default_rng(1).normal(size=(4, 4, 6)).astype(np.float32)
    for _, _, found, value in explained(layer, inputs):
        assert found.body.channels.size == 3
        assert found.check.computed == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kind", ["MaxPooling2D", "AveragePooling2D"])
def test_planar_pooling(keras, kind, padding):
    layer = getattr(keras.layers, kind)((2, 3), strides=(2, 1), padding=padding)
    inputs = -np.random.default_rng(0).uniform(1, 2, (5, 6, 2)).astype(np.float32)
    for _, _, found, value in explained(layer, inputs, pools=True):
        assert isinstance(found.body, Pooling)
        assert found.check.computed == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("kind", ["GlobalMaxPooling2D", "GlobalAveragePooling2D"])
def test_global_planar_pooling(keras, kind):
    layer = getattr(keras.layers, kind)()
    inputs = np.random.default_rng(0).normal(size=(4, 5, 3)).astype(np.float32)
    for _, _, found, value in explained(layer, inputs, pools=True):
        assert found.check.computed == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_separable_convolution_along_one_axis(keras, padding):
    layer = keras.layers.SeparableConv1D(3, 4, depth_multiplier=2, padding=padding)
    inputs = np.random.default_rng(0).normal(size=(11, 2)).astype(np.float32)
    info = {"kernel_size": 4, "strides": 1, "dilation": 1, "padding": padding}
    for _, _, found, value in explained(layer, inputs, **info):
        assert found.check.computed == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize(
    ("kernel", "stride", "padding"), list(product((1, 2, 3, 5), (1, 2, 3), ("valid", "same")))
)
def test_transposed_convolution(keras, kernel, stride, padding):
    layer = keras.layers.Conv1DTranspose(
        3, kernel, strides=stride, padding=padding, bias_initializer="normal"
    )
    inputs = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
    info = {"kernel_size": kernel, "strides": stride, "dilation": 1, "padding": padding}
    for _, _, found, value in explained(layer, inputs, **info):
        assert isinstance(found.body, Convolution)
        assert found.check.computed == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("shape", [(6,), (5, 6), (3, 4, 6)])
def test_layer_normalisation(keras, shape):
    layer = keras.layers.LayerNormalization(
        beta_initializer="normal", gamma_initializer="random_uniform"
    )
    inputs = np.random.default_rng(0).normal(2, 3, size=shape).astype(np.float32)
    if len(shape) == 1:
        output = np.asarray(layer(inputs[None]))[0]
        info = LayerInfo("n", "LayerNormalization", output.shape)
        model = ModelDescription("m", "", "", (6, 1), (info,), (), None, 0)
        trace = Trace("", inputs, np.arange(6), (LayerTrace(output),), np.zeros(1))
        weights = layer_weights(0, layer)
        for unit in range(6):
            found = inspect(model, trace, weights, Sample(0, unit))
            assert found.check.computed == pytest.approx(float(output[unit]), abs=1e-5)
        return
    for _, _, found, value in explained(layer, inputs):
        assert found.check.computed == pytest.approx(value, abs=1e-5)


@pytest.mark.parametrize("shared", [None, [1]])
def test_prelu(keras, shared):
    layer = keras.layers.PReLU(alpha_initializer="random_uniform", shared_axes=shared)
    inputs = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)
    for _, _, found, value in explained(layer, inputs):
        assert found.check.computed == pytest.approx(value, abs=1e-6)


def test_strips_name_row_and_column(keras):
    layer = keras.layers.Conv2D(2, (2, 2), padding="same")
    inputs = np.random.default_rng(0).normal(size=(3, 4, 1)).astype(np.float32)
    *_, (model, trace, found, _) = explained(layer, inputs)
    strips = strip_set(model, trace, found)
    assert strips.heading == "row,column"
    assert strips.labels == ("2,3", "", "", "")
    assert strips.inside.tolist() == [True, False, False, False]
    assert "row 2, column 3" in found.subtitle
