"""Weights as Keras has them, and passes without some channels."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.logits import logits
from spectracnn.errors import ModelError
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.spectrum import Spectrum


def opened(model: Any, tmp_path: Path) -> Any:
    path = tmp_path / "model.keras"
    model.save(path)
    return open_model(path)


def test_weights_have_kerass_names_values_and_settings(saved: Path, sequential: Any) -> None:
    model = open_model(saved)
    first = model.weights_of(0)
    kernel, bias = sequential.layers[0].get_weights()
    assert (first.layer, first.layer_class, set(first.arrays)) == (0, "Conv1D", {"kernel", "bias"})
    np.testing.assert_array_equal(first.arrays["kernel"], kernel)
    np.testing.assert_array_equal(first.arrays["bias"], bias)
    expected = {"strides": (1,), "padding": "same", "dilation_rate": (1,), "groups": 1}
    assert expected.items() <= first.settings.items()
    assert first.settings["activation"] == "relu"
    pool = model.weights_of(1)
    assert (pool.arrays, pool.settings["pool_size"]) == ({}, (2,))
    assert not first.arrays["kernel"].flags.writeable
    again = pickle.loads(pickle.dumps(first))
    assert not again.arrays["kernel"].flags.writeable
    for wrong in (-1, 6):
        with pytest.raises(ModelError, match=f"no layer {wrong}; its layers are 0 to 5"):
            model.weights_of(wrong)


def test_weights_of_nested_shared_normalising_and_two_way_layers(
    keras: Any, tmp_path: Path
) -> None:
    layers = keras.layers
    keras.utils.set_random_seed(2)
    start = keras.Input((20, 1))
    shared = layers.Dense(3, name="shared")
    inner = keras.Sequential([keras.Input((20, 3)), layers.Conv1D(2, 3, name="deep")], name="inner")
    hidden = layers.BatchNormalization(epsilon=0.01, name="norm")(
        inner(shared(shared(layers.Dense(3, name="widen")(start))))
    )
    both = layers.Bidirectional(layers.LSTM(2), name="both")(layers.Add(name="sum")([hidden] * 2))
    keras_model = keras.Model(start, layers.Dense(2, activation="softmax", name="out")(both))
    model = opened(keras_model, tmp_path)
    at = {layer.name: index for index, layer in enumerate(model.description.layers)}
    deep = model.weights_of(at["inner/deep"])
    np.testing.assert_array_equal(deep.arrays["kernel"], inner.get_layer("deep").get_weights()[0])
    norm = model.weights_of(at["norm"])
    assert set(norm.arrays) == {"gamma", "beta", "moving_mean", "moving_variance"}
    assert norm.settings["epsilon"] == 0.01
    for name in ("shared", "shared:2"):
        kernel = model.weights_of(at[name]).arrays["kernel"]
        np.testing.assert_array_equal(kernel, shared.get_weights()[0])
    ways = [name.partition("/")[0] for name in model.weights_of(at["both"]).arrays]
    # Keras numbers the names when other LSTMs were made before.
    assert [way.split("_")[0] for way in ways] == ["forward"] * 3 + ["backward"] * 3
    assert model.weights_of(at["sum"]).arrays == {}


def test_muting_equals_a_network_whose_channel_is_silent(
    saved: Path, sequential: Any, keras: Any, tmp_path: Path, spectrum: Spectrum
) -> None:
    """Of a ReLU convolution, zero kernel and bias of a filter silence it."""
    silent = keras.models.clone_model(sequential)
    silent.set_weights(sequential.get_weights())
    kernel, bias = silent.layers[0].get_weights()
    kernel[:, :, [1, 3]], bias[[1, 3]] = 0, 0
    silent.layers[0].set_weights([kernel, bias])
    expected = opened(silent, tmp_path).trace(spectrum)
    model = open_model(saved)
    whole = model.trace(spectrum)
    muted = model.trace(spectrum, muted=((0, 1), (0, 3)))
    assert not muted.layers[0].output[:, [1, 3]].any()
    np.testing.assert_array_equal(muted.layers[0].before, whole.layers[0].before)
    for ours, theirs in zip(muted.layers, expected.layers, strict=True):
        np.testing.assert_allclose(ours.output, theirs.output, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(muted.probabilities, expected.probabilities, rtol=1e-5)
    np.testing.assert_array_equal(model.trace(spectrum).probabilities, whole.probabilities)


def test_other_mutes_compile_nothing_and_none_leaves_the_plain_pass(
    saved: Path, spectrum: Spectrum
) -> None:
    model = open_model(saved)
    model.trace(spectrum)
    assert "muted_function" not in vars(model)
    for channel in range(4):
        model.trace(spectrum, muted=((0, channel), (2, channel)))
    assert model.muted_function.experimental_get_tracing_count() == 1


def test_muting_what_is_not_there_is_refused(saved: Path, spectrum: Spectrum) -> None:
    model = open_model(saved)
    with pytest.raises(ModelError, match="'first' has no channel 4; its channels are 0 to 3"):
        model.trace(spectrum, muted=((0, 4),))
    with pytest.raises(ModelError, match="no layer 9"):
        model.trace(spectrum, muted=((9, 0),))


def test_muting_keeps_which_steps_count(keras: Any, tmp_path: Path, spectrum: Spectrum) -> None:
    layers = keras.layers
    keras.utils.set_random_seed(2)
    keras_model = keras.Sequential(
        [
            keras.Input((20, 1)),
            layers.Masking(mask_value=0.0),
            layers.LSTM(3, return_sequences=True),
            layers.LSTM(3),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model = opened(keras_model, tmp_path)
    muted = model.trace(spectrum, muted=((1, 0),))
    first = keras_model.layers[1](keras_model.layers[0](muted.input[None]))
    changed = np.array(first)
    changed[:, :, 0] = 0
    counted = np.any(muted.input[None] != 0, axis=-1)
    expected = keras_model.layers[3](keras_model.layers[2](changed, mask=counted))
    assert not counted.all()
    np.testing.assert_allclose(muted.probabilities, np.array(expected)[0], rtol=1e-5)


@pytest.mark.parametrize("end", ["fused", "layer", "activation", "none"])
def test_logits_are_what_softmax_was_given(
    end: str, keras: Any, tmp_path: Path, spectrum: Spectrum
) -> None:
    layers = keras.layers
    keras.utils.set_random_seed(2)
    last = {
        "fused": [layers.Dense(3, activation="softmax")],
        "layer": [layers.Dense(3), layers.Softmax()],
        "activation": [layers.Dense(3), layers.Activation("softmax")],
        "none": [layers.Dense(3)],
    }[end]
    keras_model = keras.Sequential([keras.Input((20, 1)), layers.Flatten(), *last])
    model = opened(keras_model, tmp_path)
    trace = model.trace(spectrum)
    kernel, bias = keras_model.layers[1].get_weights()
    by_hand = trace.input[:, 0] @ kernel + bias
    np.testing.assert_allclose(logits(model.description, trace), by_hand, rtol=1e-4, atol=1e-4)
