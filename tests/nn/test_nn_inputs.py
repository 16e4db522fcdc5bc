"""Networks of other input shapes: several structures, images, open lengths, frozen batches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, write_card
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import Standardise, Take
from spectracnn.errors import ModelError, PreprocessingError
from spectracnn.nn.loading import open_model

STEPS = 10
NAMES = ("left", "right", "stem")


def structure(name: str, file: str = "one.csv", scale: float = 1.0) -> Spectrum:
    values = scale * np.arange(15.0) * (NAMES.index(name) + 1 if name in NAMES else 9)
    return Spectrum(f"{file} {name}", values, source=Path(file), key=name)


def card(*structures: str) -> ModelCard:
    return ModelCard(Preprocessing((Take(STEPS),)), ("a", "b"), structures=structures)


def saved_model(keras: Any, folder: Path, shape: tuple[int | None, ...], *body: Any) -> Path:
    layers = keras.layers
    head = [layers.Flatten(), layers.Dense(2, activation="softmax")]
    if None in shape:
        head[0] = layers.GlobalMaxPooling1D()
    path = folder / "model.keras"
    keras.Sequential([keras.Input(shape), *body, *head]).save(path)
    return path


def test_structures_are_channels_in_the_order_of_the_card(keras: Any, tmp_path: Path) -> None:
    path = saved_model(keras, tmp_path, (STEPS, 3), keras.layers.Conv1D(4, 3, activation="relu"))
    opened = open_model(path, card(*NAMES))
    assert opened.description.structures == NAMES
    assert opened.description.input_shape == (STEPS, 3)
    shuffled = [structure(name) for name in ("stem", "other", "left", "right")]
    trace = opened.trace(shuffled[0], shuffled[1:])
    expected = np.stack([structure(name).eigenvalues[:STEPS] for name in NAMES], axis=1)
    np.testing.assert_array_equal(trace.input, expected)
    direct = keras.saving.load_model(path)(trace.input[None]).numpy()[0]
    np.testing.assert_array_equal(trace.probabilities, direct)
    field = opened.description.layers[0].field
    assert field is not None
    assert field.runs(0) == [(0, 2)]


def test_structures_of_one_file_go_together(keras: Any, tmp_path: Path) -> None:
    opened = open_model(saved_model(keras, tmp_path, (STEPS, 3)), card(*NAMES))
    first = [structure(name) for name in NAMES]
    second = [structure(name, "two.csv", 2.0) for name in NAMES[:2]]
    prepared = opened.prepare([*first, *second])
    assert prepared.accepted.tolist() == [0]
    assert prepared.rows.tolist() == [0, 0, 0, -1, -1]
    assert isinstance(prepared.errors[3], PreprocessingError)
    assert "'stem', which the file lacks" in prepared.errors[3].message


def test_structures_without_names_are_taken_in_order(keras: Any, tmp_path: Path) -> None:
    opened = open_model(saved_model(keras, tmp_path, (STEPS, 2)))
    assert opened.description.structures == ("", "")
    pair = [structure("right"), structure("left")]
    assert opened.trace(*[pair[0], pair[1:]]).input[1].tolist() == [2.0, 1.0]
    with pytest.raises(PreprocessingError, match="2 structures together; the file has 1"):
        opened.trace(pair[0])


def test_card_of_another_number_of_structures(keras: Any, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="names 3 structures; the model reads 2"):
        open_model(saved_model(keras, tmp_path, (STEPS, 2)), card(*NAMES))


def test_structures_are_rows_of_an_image(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    body = [layers.Conv2D(4, (2, 3), activation="relu"), layers.MaxPooling2D((1, 2))]
    path = saved_model(keras, tmp_path, (3, STEPS, 1), *body)
    opened = open_model(path, card(*NAMES))
    trace = opened.trace(structure("left"), [structure(name) for name in NAMES[1:]])
    assert trace.input.shape == (3, STEPS, 1)
    np.testing.assert_array_equal(trace.input[2, :, 0], structure("stem").eigenvalues[:STEPS])
    conv, pool, *_ = opened.description.layers
    assert (conv.output_shape, pool.output_shape) == ((2, 8, 4), (2, 4, 4))
    assert (conv.kernel_size, pool.strides, conv.field) == (3, 2, None)
    assert trace.layers[0].before is not None
    direct = keras.saving.load_model(path)(trace.input[None]).numpy()[0]
    np.testing.assert_array_equal(trace.probabilities, direct)


@pytest.mark.parametrize("shape", [(STEPS,), (STEPS, 1, 1), (1, STEPS), (1, STEPS, 1)])
def test_axes_of_length_one_do_not_matter(
    shape: tuple[int, ...], keras: Any, tmp_path: Path
) -> None:
    path = saved_model(keras, tmp_path, shape)
    opened = open_model(path)
    assert opened.description.input_shape == (STEPS, 1)
    trace = opened.trace(structure("left"))
    direct = keras.saving.load_model(path)(trace.input.reshape(1, *shape)).numpy()[0]
    np.testing.assert_array_equal(trace.probabilities, direct)


def test_open_length_is_told_by_the_card(keras: Any, tmp_path: Path) -> None:
    path = saved_model(keras, tmp_path, (None, 1), keras.layers.Conv1D(2, 3))
    with pytest.raises(ModelError, match=r"\(any, 1\)") as caught:
        open_model(path)
    assert "card" in caught.value.hint
    opened = open_model(path, card())
    assert opened.description.layers[0].output_shape == (STEPS - 2, 2)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_batch_size_frozen_by_a_call(suffix: str, keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    model = keras.Sequential([layers.Conv1D(2, 3), layers.Flatten(), layers.Dense(2)])
    model(np.zeros((4, STEPS, 1), np.float32))
    path = tmp_path / f"frozen{suffix}"
    model.save(path)
    opened = open_model(path)
    assert opened.predict(np.zeros((7, STEPS, 1), np.float32)).shape == (7, 2)


def test_stateful_layers_begin_each_spectrum_anew(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    start = keras.Input((STEPS, 1), batch_size=2)
    end = layers.Dense(2)(layers.LSTM(3, stateful=True)(start))
    path = tmp_path / "stateful.keras"
    keras.Model(start, end).save(path)
    opened = open_model(path)
    once, again = (opened.trace(structure("left")).probabilities for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_network_that_was_never_built_has_no_weights(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    path = tmp_path / "unbuilt.keras"
    model = keras.Sequential([layers.Conv1D(2, 3, activation="relu"), layers.Flatten()])
    with pytest.warns(UserWarning, match="not yet been built"):
        model.save(path)
    for given in (None, replace(card(), classes=("a",))):
        with pytest.raises(ModelError, match="never built, so the file holds no weights"):
            open_model(path, given)


@pytest.mark.parametrize("suffix", [".keras", ".h5"])
def test_network_that_was_built_by_its_shape_alone(suffix: str, keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    model = keras.Sequential([layers.Conv1D(2, 3), layers.Flatten(), layers.Dense(2)])
    model.build((None, STEPS, 1))
    path = tmp_path / f"built{suffix}"
    model.save(path)
    values = np.random.default_rng(1).normal(size=(3, STEPS, 1)).astype(np.float32)
    np.testing.assert_array_equal(open_model(path).predict(values), model(values))


def test_other_precisions_are_given_as_float32(keras: Any, tmp_path: Path) -> None:
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((STEPS, 1)),
            layers.Conv1D(2, 3, activation="relu", dtype="mixed_bfloat16"),
            layers.Flatten(),
            layers.Dense(2, dtype="float64"),
        ]
    )
    path = tmp_path / "mixed.keras"
    model.save(path)
    trace = open_model(path).trace(structure("left"))
    assert {layer.output.dtype for layer in trace.layers} == {np.dtype(np.float32)}


def test_each_network_standardises_with_its_own_numbers(keras, tmp_path):
    """Two networks whose cards differ in the mean and scale alone, opened in one process."""
    values = np.arange(1.0, 5.0)
    for number, (mean, scale) in enumerate(((0.0, 1.0), (2.5, 4.0), ([1.0, 2.0, 3.0, 4.0], 1.0))):
        network = keras.Sequential([keras.Input((4, 1)), keras.layers.Flatten()])
        path = tmp_path / f"{number}.keras"
        network.save(path)
        steps = Preprocessing((Take(4), Standardise(mean, scale)))
        write_card(ModelCard(steps, tuple("abcd")), card_path(path))
        model = open_model(path)
        found, _ = model.input_of(Spectrum("s", values))
        np.testing.assert_allclose(found[:, 0], (values - mean) / scale)


def test_steps_are_equal_when_their_numbers_are():
    assert Standardise(1.0, 2.0) == Standardise(1.0, 2.0)
    assert hash(Standardise([1.0, 2.0])) == hash(Standardise([1.0, 2.0]))
    assert Standardise(1.0, 2.0) != Standardise(1.5, 2.0)
    assert Standardise([1.0, 2.0]) != Standardise([1.0, 2.5])
    assert Take(3) != Take(4)
    assert Preprocessing((Standardise(1.0),)) != Preprocessing((Standardise(2.0),))
