"""The arithmetic of single samples against sums written out by hand."""

from __future__ import annotations

from math import exp, tanh

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.core.weights import LayerWeights
from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.inspect.activations import activation_of
from spectracnn.view.inspect.arithmetic import inspect, inspect_eigenvalue
from spectracnn.view.inspect.records import Check

CLASSES = ("ball", "cube")
INPUT = [1.0, 2.0, -1.0, 4.0]


def network(*layers, inputs=INPUT):
    """A description and a trace: pairs of what is known of a layer and its numbers."""
    infos, traces = zip(*layers, strict=True)
    values = np.array(inputs, float).reshape(len(inputs), -1)
    card = ModelCard(Preprocessing.from_json([]), CLASSES)
    description = ModelDescription("m", "m.keras", "0" * 64, values.shape, infos, CLASSES, card, 0)
    trace = Trace("0" * 64, values, np.arange(3, 3 + len(values)), traces, np.zeros(2))
    return description, trace


def layer(kind, output, before=None, sources=(), **known):
    output = np.array(output, float)
    info = LayerInfo(known.pop("name", "layer"), kind, output.shape, sources=sources, **known)
    return info, LayerTrace(output, None if before is None else np.array(before, float))


def labelled(inspection):
    return {line.label: line.value for line in inspection.lines}


def test_a_convolution_is_products_sum_bias_and_activation():
    # 'same' with a kernel of 3: one sample of padding on each side.
    kernel = np.array([0.5, -1.0, 2.0]).reshape(3, 1, 1)
    before = [[0.0 - 1 + 4 + 0.25], [0.5 - 2 - 2 + 0.25], [1 + 1 + 8 + 0.25], [-0.5 - 4 + 0.25]]
    model, trace = network(
        layer(
            "Conv1D", np.maximum(before, 0), before,
            activation="relu", kernel_size=3, strides=1, dilation=1, padding="same",
        )
    )  # fmt: skip
    weights = LayerWeights(0, "Conv1D", {"kernel": kernel, "bias": [0.25]})
    first = inspect(model, trace, weights, Sample(0, 0))
    body = first.body
    np.testing.assert_array_equal(body.window[:, 0], [0.0, 1.0, 2.0])
    np.testing.assert_array_equal(body.inside, [False, True, True])
    np.testing.assert_array_equal(body.places, [np.nan, 3.0, 4.0])
    np.testing.assert_array_equal(body.kernel[:, 0], [0.5, -1.0, 2.0])
    np.testing.assert_array_equal(body.products[:, 0], [0.0, -1.0, 4.0])
    assert labelled(first) == {
        "sum of 3 products": 3.0,
        "bias": 0.25,
        "before relu": 3.25,
        "after relu": 3.25,
    }
    assert (first.check.computed, first.check.network, first.check.size) == (3.25, 3.25, 5.25)
    assert first.check.agrees
    assert "count as 0" in first.sentence
    second = inspect(model, trace, weights, Sample(0, 1))
    assert labelled(second)["before relu"] == -3.25
    assert labelled(second)["after relu"] == 0.0
    assert (second.activation, second.before) == ("relu", -3.25)
    muted = inspect(model, trace, weights, Sample(0, 1), muted=True)
    assert muted.lines[-1].value == 0.0
    assert "muted" in muted.lines[-1].label


def test_stride_dilation_groups_and_the_order_of_channels():
    # Four channels in two groups; dilation 2 skips the sample between; filter 1 is of group 1.
    inputs = np.arange(20.0).reshape(5, 4)
    kernel = np.zeros((2, 2, 2))
    kernel[:, :, 1] = [[1.0, -2.0], [0.5, 3.0]]
    # step 1, stride 1: samples 1 and 3, channels 2 and 3.
    sums = [6.0 * 1 + 14.0 * 0.5, 7.0 * -2 + 15.0 * 3]
    output = np.zeros((3, 2))
    output[1, 1] = sum(sums)
    model, trace = network(
        layer("Conv1D", output, kernel_size=2, strides=1, dilation=2, padding="valid"),
        inputs=inputs,
    )
    weights = LayerWeights(0, "Conv1D", {"kernel": kernel}, {"groups": 2})
    told = inspect(model, trace, weights, Sample(0, 1, 1))
    np.testing.assert_array_equal(told.body.taps, [1, 3])
    np.testing.assert_array_equal(told.body.channels, [2, 3])
    np.testing.assert_array_equal(told.body.sums, sums)
    np.testing.assert_array_equal(told.body.order, [1, 0])
    assert labelled(told) == {"sum over 2 channels": sum(sums)}
    assert told.check.agrees


def test_pooling_keeps_one_or_the_mean():
    model, trace = network(
        layer("MaxPooling1D", [[2.0], [4.0]], kernel_size=2, strides=2, padding="valid"),
        layer("AveragePooling1D", [[1.5]], kernel_size=2, strides=3, padding="valid"),
        layer("GlobalMaxPooling1D", [4.0]),
        layer("GlobalAveragePooling1D", [1.5]),
    )
    best = inspect(model, trace, LayerWeights(0, "MaxPooling1D"), Sample(0, 1))
    assert (best.body.winner, best.lines[-1].value) == (1, 4.0)
    assert best.lines[-1].sample == Sample(SPECTRUM, 6)
    np.testing.assert_array_equal(best.body.discarded, [-1.0])
    mean = inspect(model, trace, LayerWeights(1, "AveragePooling1D"), Sample(1, 0))
    assert [line.value for line in mean.lines] == [3.0, 2.0, 1.5]
    assert mean.body.discarded.size == 0
    for place, value in ((2, 4.0), (3, 1.5)):
        told = inspect(model, trace, LayerWeights(place, ""), Sample(place, 0))
        assert told.body.window.size == 4
        assert told.lines[-1].value == value
        assert told.check.agrees


def test_a_dense_layer_names_the_largest_terms_and_softmax_follows():
    maps = [[1.0, -2.0], [3.0, 0.5]]
    flat = [1.0, -2.0, 3.0, 0.5]
    kernel = np.array([[0.0, 1.0], [0.0, 2.0], [0.0, -1.0], [0.0, 10.0]])
    logit = 1.0 - 4.0 - 3.0 + 5.0 + 0.5
    share = exp(logit) / (exp(logit) + exp(2.0))
    model, trace = network(
        layer("Conv1D", maps, name="maps"),
        layer("Flatten", flat, sources=(0,)),
        layer("Dense", [1 - share, share], [2.0, logit], (1,), activation="softmax"),
    )
    weights = LayerWeights(2, "Dense", {"kernel": kernel, "bias": [0.0, 0.5]})
    told = inspect(model, trace, weights, Sample(2, 1))
    np.testing.assert_array_equal(told.body.products, [5.0, -4.0, -3.0, 1.0])
    np.testing.assert_array_equal(told.body.units, [3, 1, 2, 0])
    assert told.body.origins[:2] == (Sample(0, 1, 1), Sample(0, 0, 1))
    assert told.body.names[0] == "maps · step 1 · ch 1"
    assert labelled(told)["score (logit)"] == logit
    assert told.softmax.names == CLASSES
    np.testing.assert_allclose(told.softmax.exponentials, [1.0, exp(logit - 2.0)])
    assert told.lines[-1].value == pytest.approx(share, rel=1e-12)
    assert told.check.agrees
    assert told.subtitle == "cube"


def test_normalisation_activation_merges_and_copies():
    model, trace = network(
        layer("BatchNormalization", [[0.0], [1.5], [0.0], [0.0]], name="norm"),
        layer("ReLU", [[0.0], [1.5], [0.0], [0.0]], sources=(0,)),
        layer("Add", [[1.0], [3.5], [-1.0], [4.0]], sources=(0,)),
        layer("Subtract", [[0.0], [0.0], [0.0], [0.0]], sources=(0, 1)),
        layer("Concatenate", [[0.0, 0.0], [1.5, 1.5], [0, 0], [0, 0]], sources=(0, 1)),
        layer("Cropping1D", [[1.5], [0.0], [0.0]], sources=(1,)),
        layer("LSTM", [7.0], sources=(1,)),
    )
    arrays = {"moving_mean": [1.0], "moving_variance": [3.75], "gamma": [2.0], "beta": [0.5]}
    weights = LayerWeights(0, "BatchNormalization", arrays, {"epsilon": 0.25, "axis": -1})
    norm = inspect(model, trace, weights, Sample(0, 1))
    assert [line.value for line in norm.lines] == [2.0, 1.0, 2.0, 2.0, 0.5, 1.5]
    assert norm.check.agrees
    relu = inspect(model, trace, LayerWeights(1, "ReLU"), Sample(1, 1))
    assert [line.value for line in relu.lines] == [1.5, 1.5]
    assert relu.lines[0].sample == Sample(0, 1)
    total = inspect(model, trace, LayerWeights(2, "Add"), Sample(2, 1))
    assert [line.value for line in total.lines] == [2.0, 1.5, 3.5]
    assert inspect(model, trace, LayerWeights(3, ""), Sample(3, 1)).lines[-1].value == 0.0
    joined = inspect(model, trace, LayerWeights(4, ""), Sample(4, 1, 1))
    assert joined.lines[0].sample == Sample(1, 1, 0)
    cropped = inspect(model, trace, LayerWeights(5, "", {}, {"cropping": (1, 0)}), Sample(5, 0))
    assert cropped.lines[0].sample == Sample(1, 1, 0)
    other = inspect(model, trace, LayerWeights(6, ""), Sample(6, 0))
    assert other.check is None
    assert other.lines[-1].value == 7.0
    assert "LSTM is not shown" in other.sentence
    assert "(4 × 1)" in other.sentence


def test_numbers_that_do_not_add_up_are_told():
    assert not Check(1.0, 1.1, 2.0).agrees
    assert Check(1.0, 1.0 + 1e-6, 2.0).agrees
    # Large terms that cancel: float32 cannot do better.
    assert Check(0.01, 0.02, 1e5).agrees
    assert Check(float("nan"), float("nan"), 1.0).agrees
    assert not Check(float("nan"), 1.0, 1.0).agrees


def test_an_eigenvalue_is_told_with_what_the_network_reads():
    _, trace = network(layer("Flatten", INPUT))
    spectrum = Spectrum("s", np.arange(9.0) ** 2)
    told = inspect_eigenvalue(spectrum, trace, 4)
    assert [line.value for line in told.lines] == [16.0, 2.0]
    unread = inspect_eigenvalue(spectrum, trace, 8)
    assert [line.value for line in unread.lines] == [64.0]
    assert "does not read" in unread.sentence


@pytest.mark.parametrize(
    ("kind", "name", "settings", "x", "expected"),
    [
        ("", "relu", {}, -2.0, 0.0),
        ("", "tanh", {}, 0.5, tanh(0.5)),
        ("", "sigmoid", {}, -800.0, 0.0),
        ("", "exponential", {}, 1000.0, float("inf")),
        ("", "leaky_relu", {}, -1.0, -0.2),
        ("ReLU", "relu", {"max_value": 3.0}, 5.0, 3.0),
        ("ReLU", "relu", {"threshold": 1.0, "negative_slope": 0.5}, 0.0, -0.5),
        ("LeakyReLU", "", {"negative_slope": 0.3}, -1.0, -0.3),
        ("ELU", "", {"alpha": 2.0}, -1.0, 2 * (exp(-1) - 1)),
        ("", "relu", {}, float("-inf"), 0.0),
    ],
)
def test_activations(kind, name, settings, x, expected):
    assert activation_of(kind, name, settings)[1](x) == pytest.approx(expected, abs=1e-300)


def test_softmax_is_no_function_of_one_number():
    assert activation_of("", "softmax", {}) is None
