"""What Keras computes opens: files of Keras 2 beside tf_keras, and layers that were refused."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from spectracnn.errors import ModelError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

N = 16


@pytest.fixture(scope="module")
def old() -> Any:
    load_keras()
    return pytest.importorskip("tf_keras")


def _inputs(count: int = 3) -> Any:
    return np.random.default_rng(2).normal(size=(count, N, 1)).astype(np.float32)


def _nested(k: Any) -> Any:
    inner_start = k.Input((N, 4))
    added = k.layers.Add()([k.layers.Conv1D(4, 3, padding="same")(inner_start), inner_start])
    inner = k.Model(inner_start, added)
    start = k.Input((N, 1))
    body = inner(inner(k.layers.Conv1D(4, 3, padding="same")(start)))
    return k.Model(start, k.layers.Dense(2)(k.layers.Flatten()(body)))


def _attention(k: Any) -> Any:
    start = k.Input((N, 1))
    body = k.layers.Dense(8)(start)
    heads = k.layers.MultiHeadAttention(2, 4)(body, body)
    plain = k.layers.Attention()([body, body])
    end = k.layers.GlobalAveragePooling1D()(k.layers.Add()([heads, plain]))
    return k.Model(start, k.layers.Dense(2)(end))


def _states(k: Any) -> Any:
    start = k.Input((N, 1))
    end, h, c = k.layers.LSTM(4, return_state=True)(start)
    repeated = k.layers.RepeatVector(3)(end)
    again = k.layers.LSTM(4)(repeated, initial_state=[h, c])
    return k.Model(start, k.layers.Dense(2)(again))


def _recurrent(k: Any) -> Any:
    layers = k.layers
    return k.Sequential(
        [
            k.Input((N, 1)),
            layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
            layers.TimeDistributed(layers.Dense(3)),
            layers.RNN([layers.GRUCell(3), layers.LSTMCell(2)]),
            layers.Dense(2),
        ]
    )


def _hard(k: Any) -> Any:
    layers = k.layers
    return k.Sequential(
        [
            k.Input((N, 1)),
            layers.Conv1D(4, 3, activation="hard_sigmoid"),
            layers.LSTM(3, recurrent_activation="hard_sigmoid"),
            layers.Dense(2),
            layers.Activation("hard_sigmoid"),
        ]
    )


def _various(k: Any) -> Any:
    layers = k.layers
    return k.Sequential(
        [
            k.Input((N, 1)),
            layers.Conv1DTranspose(3, 3, strides=2, name="up/one"),
            layers.ThresholdedReLU(0.1),
            layers.SpatialDropout1D(0.2),
            layers.BatchNormalization(axis=1),
            layers.LayerNormalization(axis=[1, 2]),
            layers.Dense(2, kernel_initializer="he_normal", kernel_regularizer="l2"),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )


BUILT: list[Callable[[Any], Any]] = [_nested, _attention, _states, _recurrent, _hard, _various]


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
@pytest.mark.parametrize("build", BUILT)
@pytest.mark.filterwarnings("ignore")
def test_what_keras_2_saved_gives_its_numbers(
    build: Callable[[Any], Any], suffix: str, old: Any, tmp_path: Path
) -> None:
    old.utils.set_random_seed(3)
    model = build(old)
    random = np.random.default_rng(4)
    for weight in model.weights:
        if "variance" not in weight.name:
            weight.assign(weight + random.normal(0, 0.3, weight.shape))
    path = tmp_path / f"old{suffix}"
    model.save(path)
    given = _inputs()
    found = open_model(path).predict(given)
    np.testing.assert_allclose(found, np.asarray(model(given)), rtol=1e-5, atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_arithmetic_of_keras_2_is_refused_with_what_to_use(old: Any, tmp_path: Path) -> None:
    start = old.Input((N, 1))
    one, other = (old.layers.Conv1D(2, 3)(start) for _ in range(2))
    model = old.Model(start, old.layers.Dense(2)(old.layers.Flatten()(one + other)))
    model.save(tmp_path / "old.h5")
    with pytest.raises(ModelError, match="computes 'add' between its layers") as caught:
        open_model(tmp_path / "old.h5")
    assert "Use Add()" in caught.value.hint


def _residual() -> Any:
    _, keras = load_keras()
    layers = keras.layers
    start = keras.Input((200, 1))
    body = layers.Conv1D(64, 3, padding="same")(start)
    other = layers.Conv1D(64, 1)(start)
    joined = layers.Concatenate()([layers.Add()([body, other])] * 4)
    return keras.Model(start, layers.Dense(2)(layers.GlobalAveragePooling1D()(joined)))


def test_a_network_with_merges_is_not_absurd(tmp_path: Path) -> None:
    model = _residual()
    model.save(tmp_path / "m.keras")
    given = np.zeros((1, 200, 1), np.float32)
    np.testing.assert_array_equal(open_model(tmp_path / "m.keras").predict(given), model(given))


@pytest.mark.parametrize("suffix", [".h5", ".keras"])
def test_losses_and_metrics_of_ones_own_are_not_needed(tmp_path: Path, suffix: str) -> None:
    _, keras = load_keras()

    @keras.saving.register_keras_serializable("mine")
    def loss_of_mine(one: Any, other: Any) -> Any:
        return keras.ops.mean(one - other)

    model = _residual()
    model.compile("adam", loss=loss_of_mine, metrics=[loss_of_mine])
    path = tmp_path / f"m{suffix}"
    model.save(path)
    assert open_model(path).description.n_params == model.count_params()


def test_weights_under_backslashes_are_found(tmp_path: Path) -> None:
    model = _residual()
    path, other = tmp_path / "m.keras", tmp_path / "windows.keras"
    model.save(path)
    weights = tmp_path / "model.weights.h5"
    with zipfile.ZipFile(path) as archive:
        archive.extract("model.weights.h5", tmp_path)
        with h5py.File(weights, "r+") as store:
            for name in list(store["layers"]):
                store.move(f"layers/{name}", f"layers\\{name}")
            del store["layers"]
        with zipfile.ZipFile(other, "w") as new:
            for name in ("metadata.json", "config.json"):
                new.writestr(name, archive.read(name))
            new.write(weights, "model.weights.h5")
    given = np.ones((1, 200, 1), np.float32)
    np.testing.assert_array_equal(open_model(other).predict(given), np.asarray(model(given)))


def test_a_shape_that_is_known_while_running(tmp_path: Path) -> None:
    _, keras = load_keras()
    layers = keras.layers
    start = keras.Input((N, 1))
    body = layers.EinsumDense("abc,cd->abd", output_shape=(None, 3), activation="relu")(start)
    model = keras.Model(start, layers.Dense(2)(layers.GlobalAveragePooling1D()(body)))
    model.save(tmp_path / "m.keras")
    opened = open_model(tmp_path / "m.keras")
    assert opened.description.layers[0].output_shape == (N, 3)
    given = _inputs()
    np.testing.assert_allclose(opened.predict(given), np.asarray(model(given)), rtol=1e-6)


def test_discretization_is_as_keras_computes_eagerly(tmp_path: Path) -> None:
    _, keras = load_keras()
    layers = keras.layers
    start = keras.Input((N,))
    bins = layers.Discretization(bin_boundaries=[-0.5, 0.0, 0.5])(start)
    model = keras.Model(start, layers.Dense(2)(layers.Flatten()(layers.Embedding(4, 3)(bins))))
    model.save(tmp_path / "m.keras")
    given = _inputs()[..., 0]
    found = open_model(tmp_path / "m.keras").predict(given[..., None])
    np.testing.assert_allclose(found, np.asarray(model(given)), rtol=1e-5, atol=1e-6)


def test_other_layers_that_run_no_code_of_the_file(tmp_path: Path) -> None:
    _, keras = load_keras()
    layers = keras.layers
    start = keras.Input((N, 4, 1))
    body = layers.RandomZoom(0.1)(layers.RandomFlip()(start))
    pooled = layers.GlobalMaxPooling2D()(layers.Conv2D(3, 3)(body))
    model = keras.Model(start, layers.Dense(2)(pooled))
    model.save(tmp_path / "m.keras")
    given = np.random.default_rng(1).normal(size=(2, N, 4, 1)).astype(np.float32)
    wanted = np.asarray(model(given, training=False))
    np.testing.assert_allclose(open_model(tmp_path / "m.keras").predict(given), wanted, rtol=1e-5)


def test_the_lambda_inside_a_metric_is_never_looked_at_but_one_in_a_layer_is(
    tmp_path: Path,
) -> None:
    model = _residual()
    model.save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        config = json.loads(archive.read("config.json"))
        rest = {name: archive.read(name) for name in ("metadata.json", "model.weights.h5")}
    lambda_ = {"class_name": "__lambda__", "config": {"value": "4wE="}}
    for key, refused in (("compile_config", False), ("layers", True)):
        changed = json.loads(json.dumps(config))
        if refused:
            changed["config"]["layers"][1]["config"]["activation"] = lambda_
        else:
            changed["compile_config"] = {"loss": lambda_}
        path = tmp_path / f"{key}.keras"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("config.json", json.dumps(changed))
            for name, data in rest.items():
                archive.writestr(name, data)
        if refused:
            with pytest.raises(ModelError, match="runs code stored in the file"):
                open_model(path)
        else:
            open_model(path)
