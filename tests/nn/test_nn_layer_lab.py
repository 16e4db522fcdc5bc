"""The layer lab against Keras called directly, over random settings."""

import keras
import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.lab.keras_code import keras_code
from spectracnn.core.lab.shapes import reports
from spectracnn.core.lab.specs import (
    ACTIVATIONS,
    Convolution,
    GlobalPool,
    LayerStack,
    Pool,
    Pooling,
)
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import DropZeros, Take
from spectracnn.errors import LayerError
from spectracnn.nn.layer_lab import run_stack, save_stack
from spectracnn.nn.loading import open_model


def random_layer(rng, rank):
    kind = rng.choice(["conv", "conv", "pool"])
    sizes = tuple(int(n) for n in rng.integers(1, 6, rank))
    strides = tuple(int(n) for n in rng.integers(1, 4, rank))
    if kind == "pool":
        pooling = Pooling(rng.choice([*Pooling]))
        given = strides if rng.random() < 0.6 else None
        return Pool(pooling, sizes, given, str(rng.choice(["valid", "same"])))
    dilation = (1,) * rank
    if rng.random() < 0.4:
        dilation, strides = tuple(int(n) for n in rng.integers(1, 4, rank)), (1,) * rank
    padding = rng.choice(["valid", "same", "causal"] if rank == 1 else ["valid", "same"])
    activation = str(rng.choice(ACTIVATIONS))
    bias = bool(rng.random() < 0.7)
    filters = int(rng.integers(1, 6))
    return Convolution(filters, sizes, strides, str(padding), dilation, activation, bias)


def random_stack(seed):
    rng = np.random.default_rng(seed)
    rank = int(rng.choice([1, 1, 2]))
    shape = (*(int(n) for n in rng.integers(12, 40, rank)), int(rng.integers(1, 4)))
    stack = LayerStack(shape, (), seed)
    for _ in range(int(rng.integers(1, 5))):
        longer = LayerStack(shape, (*stack.layers, random_layer(rng, rank)), seed)
        try:
            reports(longer)
        except LayerError:
            continue
        stack = longer
    if rng.random() < 0.3:
        last = GlobalPool(Pooling(rng.choice([*Pooling])), rank)
        stack = LayerStack(shape, (*stack.layers, last), seed)
    return stack, rng.normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("start", range(0, 200, 25))
def test_numbers_shapes_and_parameters_are_those_of_keras(start):
    for seed in range(start, start + 25):
        stack, values = random_stack(seed)
        result = run_stack(stack, values)
        tensor = values[None]
        for spec, report, info, trace, weights in zip(
            stack.layers, reports(stack), result.layers, result.traces, result.weights, strict=True
        ):
            layer = eval(keras_code(spec), {"keras": keras})
            expected_shape = layer.compute_output_shape(tensor.shape)
            layer.build(tensor.shape)
            layer.set_weights(list(weights.arrays.values()))
            tensor = np.asarray(layer(tensor))
            np.testing.assert_allclose(trace.output, tensor[0], rtol=1e-5, atol=1e-5)
            assert report.output_shape == expected_shape[1:] == info.output_shape
            assert report.n_params == layer.count_params() == info.n_params


@pytest.mark.parametrize("seed", range(40))
def test_padding_and_samples_left_out(seed):
    """A kernel of ones over ones counts the samples it reads; a spike that nobody reads is lost."""
    rng = np.random.default_rng(1000 + seed)
    spec = random_layer(rng, 1)
    while not isinstance(spec, Convolution):
        spec = random_layer(rng, 1)
    spec = Convolution(
        1, spec.kernel_size, spec.strides, spec.padding, spec.dilation_rate, use_bias=False
    )
    stack = LayerStack((23, 1), (spec,))
    (axis,) = reports(stack)[0].axes
    ones = np.ones((*spec.kernel_size, 1, 1), np.float32)
    read = []
    for step in range(23):
        spike = np.zeros((23, 1), np.float32)
        spike[step] = 1
        read.append(bool(run_stack(stack, spike, [(ones,)]).traces[0].output.any()))
    assert tuple(np.flatnonzero(~np.array(read))) == axis.unread
    counts = run_stack(stack, np.ones((23, 1), np.float32), [(ones,)]).traces[0].output[:, 0]
    before, after = axis.padding
    padded = np.concatenate([np.zeros(before), np.ones(23), np.zeros(after)])
    size, rate, stride = spec.kernel_size[0], spec.dilation_rate[0], spec.strides[0]
    expected = [
        padded[step * stride : step * stride + (size - 1) * rate + 1 : rate].sum()
        for step in range(axis.steps_out)
    ]
    np.testing.assert_array_equal(counts, expected)


def test_refusals():
    stack = LayerStack((10, 1), (Convolution(2, (3,)),))
    with pytest.raises(LayerError, match="the input is"):
        run_stack(stack, np.zeros((9, 1), np.float32))
    with pytest.raises(LayerError, match="weights of the shapes"):
        run_stack(stack, np.zeros((10, 1), np.float32), [(np.zeros((3, 1, 1), np.float32),)])
    bad = (np.full((3, 1, 2), np.nan, np.float32), np.zeros(2, np.float32))
    with pytest.raises(LayerError, match="not a finite number"):
        run_stack(stack, np.zeros((10, 1), np.float32), [bad])


def test_a_stack_becomes_a_network_that_opens(tmp_path):
    stack = LayerStack((40, 1), (Convolution(3, (5,), activation="relu"), Pool(Pooling.MAX, (2,))))
    card = ModelCard(Preprocessing((DropZeros(), Take(40))), ("cup", "ant"))
    model = open_model(save_stack(stack, card, tmp_path / "mine.keras"))
    described = model.description
    assert [layer.layer_class for layer in described.layers] == [
        "Conv1D",
        "MaxPooling1D",
        "GlobalAveragePooling1D",
        "Dense",
    ]
    assert described.classes == ("cup", "ant")
    assert "untrained" in described.name
    spectrum = Spectrum("shape", np.arange(60.0))
    trace = model.trace(spectrum)
    alone = run_stack(stack, trace.input)
    np.testing.assert_allclose(trace.layers[1].output, alone.traces[1].output, rtol=1e-6)


def test_what_is_no_network_on_spectra_is_refused(tmp_path):
    card = ModelCard(Preprocessing((Take(40),)), ("cup", "ant"))
    with pytest.raises(LayerError, match="reads an image"):
        save_stack(LayerStack((5, 5, 1), (Convolution(1, (3, 3)),)), card, tmp_path / "a.keras")
    with pytest.raises(LayerError, match=r"\.keras file"):
        save_stack(LayerStack((40, 1), (Convolution(1, (3,)),)), card, tmp_path / "a.h5")
    assert list(tmp_path.iterdir()) == []
