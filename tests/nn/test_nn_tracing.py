"""Every number equals Keras's own, and a convolution done by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, write_card
from spectracnn.core.edits import Offset, Scale, Space, Zero
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.errors import CardError, PreprocessingError
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from pathlib import Path


def test_each_layer_equals_keras_called_layer_by_layer(
    saved: Path, sequential: Any, spectrum: Spectrum
) -> None:
    trace = open_model(saved).trace(spectrum)
    values = spectrum.eigenvalues[:40].astype(np.float32)[None, :, None]
    np.testing.assert_array_equal(trace.input, values[0])
    for layer, traced in zip(sequential.layers, trace.layers, strict=True):
        values = layer(values).numpy()
        np.testing.assert_allclose(traced.output, values[0], rtol=1e-6, atol=1e-6)
    direct = sequential(trace.input[None]).numpy()[0]
    np.testing.assert_array_equal(trace.probabilities, direct)


def test_before_the_activation_is_the_convolution_done_by_hand(
    saved: Path, sequential: Any, spectrum: Spectrum
) -> None:
    trace = open_model(saved).trace(spectrum)
    kernel, bias = sequential.layers[0].get_weights()
    padded = np.pad(spectrum.eigenvalues[:40], 2)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 5)
    by_hand = windows @ kernel[:, 0, :] + bias
    before = trace.layers[0].before
    assert before is not None
    np.testing.assert_allclose(before, by_hand, rtol=1e-4, atol=1e-4)
    np.testing.assert_array_equal(trace.layers[0].output, np.maximum(before, 0))
    assert trace.layers[1].before is None


def test_edits_of_the_input_are_made_after_preprocessing(
    saved: Path, sequential: Any, spectrum: Spectrum
) -> None:
    edits = (
        Scale(factor=100.0),  # of the eigenvalues: made before the spectrum was sent
        Zero(first=3, last=7, space=Space.INPUT),
        Offset(amount=0.5, first=10, last=10, space=Space.INPUT),
    )
    trace = open_model(saved).trace(spectrum, input_edits=edits)
    expected = spectrum.eigenvalues[:40].astype(np.float32)
    expected[3:8] = 0
    expected[10] += np.float32(0.5)
    np.testing.assert_allclose(trace.input[:, 0], expected, rtol=1e-7)
    direct = sequential(trace.input[None]).numpy()[0]
    np.testing.assert_array_equal(trace.probabilities, direct)


def test_batch_equals_one_by_one(saved: Path, spectrum: Spectrum) -> None:
    model = open_model(saved)
    other = Spectrum("other", spectrum.eigenvalues * 1.3)
    prepared = model.prepare([spectrum, other])
    batch = model.trace_batch(prepared.inputs)
    for row, one in enumerate((spectrum, other)):
        trace = model.trace(one)
        for (before, output), layer in zip(batch.layers, trace.layers, strict=True):
            np.testing.assert_allclose(output[row], layer.output, rtol=1e-5, atol=1e-5)
            assert (before is None) == (layer.before is None)
        np.testing.assert_allclose(batch.output[row], trace.probabilities, rtol=1e-5)
    np.testing.assert_allclose(model.predict(prepared.inputs), batch.output, rtol=1e-6)


def test_short_spectra_are_refused_one_by_one(saved: Path, spectrum: Spectrum) -> None:
    model = open_model(saved)
    short = Spectrum("short", spectrum.eigenvalues[:10])
    prepared = model.prepare([short, spectrum])
    assert prepared.accepted.tolist() == [1]
    assert isinstance(prepared.errors[0], PreprocessingError)
    assert "short" in prepared.errors[0].message
    assert prepared.errors[1] is None


def test_without_a_card_the_first_values_and_numbered_classes_are_assumed(saved: Path) -> None:
    description = open_model(saved).description
    assert description.classes == ("class 0", "class 1", "class 2")
    assert description.card.preprocessing.length == 40
    assert "no model card" in description.warnings[0]


def test_the_card_beside_the_model_is_used_and_checked(saved: Path) -> None:
    steps = Preprocessing.from_json([{"step": "drop_zeros"}, {"step": "take", "n": 40}])
    card = ModelCard(steps, ("a", "b", "c"), title="Small", model_sha256="0" * 64)
    write_card(card, card_path(saved))
    description = open_model(saved).description
    assert description.classes == ("a", "b", "c")
    assert "card was written for" in description.warnings[0]
    with pytest.raises(CardError, match="2 classes; the model has 3"):
        open_model(saved, replace(card, classes=("a", "b")))


def test_description_tells_shapes_parameters_and_sources(saved: Path, sequential: Any) -> None:
    description = open_model(saved).description
    first, pool, second, flat, drop, classes = description.layers
    assert (first.output_shape, first.n_params, first.activation) == ((40, 4), 24, "relu")
    assert (pool.pools, pool.sources, pool.kernel_size) == (True, (0,), 2)
    assert (second.strides, second.output_shape) == (2, (9, 6))
    assert (flat.output_shape, drop.sources, classes.activation) == ((54,), (3,), "softmax")
    assert description.n_params == sequential.count_params()


def test_nested_branching_and_shared_layers_are_each_traced(
    keras: Any, tmp_path: Path, spectrum: Spectrum
) -> None:
    layers = keras.layers
    keras.utils.set_random_seed(1)
    start = keras.Input((30, 1))
    left = layers.Conv1D(3, 3, padding="causal", activation="relu", name="left")(start)
    right = layers.Conv1D(3, 5, padding="same", name="right")(start)
    merged = layers.Add(name="sum")([left, right])
    shared = layers.Dense(3, activation="elu", name="shared")
    inner = keras.Sequential(
        [keras.Input((30, 3)), layers.Conv1D(2, 3, activation="relu", name="deep")], name="inner"
    )
    end = layers.GlobalMaxPooling1D(name="top")(inner(shared(shared(merged))))
    model = keras.Model(start, layers.Dense(2, activation="softmax", name="out")(end))
    path = tmp_path / "branched.keras"
    model.save(path)
    opened = open_model(path)
    names = [layer.name for layer in opened.description.layers]
    assert names == ["left", "right", "sum", "shared", "shared:2", "inner/deep", "top", "out"]
    trace = opened.trace(spectrum)
    np.testing.assert_array_equal(trace.probabilities, model(trace.input[None]).numpy()[0])
    once = shared(trace.layers[2].output[None])
    np.testing.assert_allclose(trace.layers[4].output, shared(once).numpy()[0], rtol=1e-5)
    assert opened.description.layers[2].sources == (0, 1)
