"""Outputs as they are: one sigmoid, labels, values, a class a step, several outputs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, write_card
from spectracnn.core.logits import logits
from spectracnn.core.outputs import Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import Take
from spectracnn.errors import CardError
from spectracnn.nn.attribution.attribute import attribute
from spectracnn.nn.backend import load_keras
from spectracnn.nn.loading import open_model

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

N = 20


def _keras() -> Any:
    return load_keras()[1]


@pytest.fixture
def spectrum() -> Spectrum:
    return Spectrum("s", np.cumsum(np.random.default_rng(3).uniform(0.1, 1, N)))


def _network(head: Any, channels: int = 4, seed: int = 1) -> Any:
    keras = _keras()
    keras.utils.set_random_seed(seed)
    start = keras.Input((N, 1))
    body = keras.layers.Conv1D(channels, 3, padding="same", activation="tanh")(start)
    return keras.Model(start, head(body))


def _saved(model: Any, folder: Path, card: ModelCard | None = None) -> Path:
    path = folder / "network.keras"
    model.save(path)
    if card is not None:
        write_card(card, card_path(path))
    return path


def _flat(units: int, activation: str | None = None) -> Any:
    layers = _keras().layers

    def head(body: Any) -> Any:
        return layers.Dense(units, activation=activation, name="end")(layers.Flatten()(body))

    return head


def _card(**fields: Any) -> ModelCard:
    return ModelCard(Preprocessing((Take(N),)), **{"classes": (), **fields})


def test_one_sigmoid_is_two_classes(tmp_path: Path, spectrum: Spectrum) -> None:
    model = _network(_flat(1, "sigmoid"))
    path = _saved(model, tmp_path, _card(classes=("female", "male")))
    opened = open_model(path)
    trace = opened.trace(spectrum)
    chance = float(model(trace.input[None])[0, 0])
    np.testing.assert_array_equal(trace.output, np.float32([chance]))
    np.testing.assert_allclose(trace.probabilities, [1 - chance, chance], rtol=1e-6)
    assert opened.description.task is Task.CLASSIFICATION
    assert opened.description.reading.describe(trace.probabilities) == (
        "male" if chance >= 0.5 else "female"
    )
    score = np.log(chance / (1 - chance))
    np.testing.assert_allclose(
        logits(opened.description, trace), [-score, score], rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize("threshold", [0.01, 0.99])
def test_the_threshold_of_the_card_decides(
    tmp_path: Path, spectrum: Spectrum, threshold: float
) -> None:
    model = _network(_flat(1, "sigmoid"))
    path = _saved(model, tmp_path, _card(classes=("a", "b"), threshold=threshold))
    opened = open_model(path)
    trace = opened.trace(spectrum)
    wanted = "b" if trace.output[0] >= threshold else "a"
    assert opened.description.reading.describe(trace.probabilities) == wanted


def test_gradients_of_the_two_classes_of_one_sigmoid_are_opposite(
    tmp_path: Path, spectrum: Spectrum
) -> None:
    opened = open_model(_saved(_network(_flat(1, "sigmoid")), tmp_path))
    values, positions = opened.input_of(spectrum)
    first, second = (
        attribute(opened.scores, values, positions, "gradient-input", target=target)  # type: ignore[arg-type]
        for target in (0, 1)
    )
    np.testing.assert_allclose(first.values, -second.values, rtol=1e-6)
    assert np.abs(second.values).max() > 0


def test_one_name_for_one_sigmoid_is_the_second_class(tmp_path: Path) -> None:
    path = _saved(_network(_flat(1, "sigmoid")), tmp_path, _card(classes=("male",)))
    assert open_model(path).description.classes == ("not male", "male")


def test_three_names_for_one_sigmoid_are_refused(tmp_path: Path) -> None:
    path = _saved(_network(_flat(1, "sigmoid")), tmp_path, _card(classes=("a", "b", "c")))
    with pytest.raises(CardError, match="names 3 classes; the model has 2"):
        open_model(path)


def test_several_sigmoids_are_labels(tmp_path: Path, spectrum: Spectrum) -> None:
    model = _network(_flat(3, "sigmoid"))
    opened = open_model(_saved(model, tmp_path))
    trace = opened.trace(spectrum)
    chances = np.asarray(model(trace.input[None]))[0]
    np.testing.assert_array_equal(trace.probabilities, chances)
    assert opened.description.task is Task.MULTILABEL
    wanted = [f"label {i}" for i in range(3) if chances[i] >= 0.5]
    assert list(opened.description.reading.labels(trace.probabilities)) == wanted
    assert not opened.description.reading.doubt(trace.output)


@pytest.mark.parametrize("units", [1, 3])
def test_a_linear_output_is_a_regression(tmp_path: Path, spectrum: Spectrum, units: int) -> None:
    model = _network(_flat(units))
    path = _saved(model, tmp_path, _card(target="age", unit="years") if units == 1 else None)
    opened = open_model(path)
    trace = opened.trace(spectrum)
    np.testing.assert_array_equal(trace.output, np.asarray(model(trace.input[None]))[0])
    assert opened.description.task is Task.REGRESSION
    assert trace.probabilities.shape == (0,)
    assert opened.description.classes == (
        ("age",) if units == 1 else ("value 0", "value 1", "value 2")
    )
    np.testing.assert_array_equal(logits(opened.description, trace), trace.output)


def test_bare_scores_of_named_classes_get_their_softmax(tmp_path: Path, spectrum: Spectrum) -> None:
    model = _network(_flat(3))
    opened = open_model(_saved(model, tmp_path, _card(classes=("a", "b", "c"))))
    trace = opened.trace(spectrum)
    scores = np.asarray(model(trace.input[None]), np.float64)[0]
    np.testing.assert_allclose(
        trace.probabilities, np.exp(scores) / np.exp(scores).sum(), rtol=1e-5
    )
    np.testing.assert_array_equal(trace.output, scores.astype(np.float32))


def test_the_loss_says_that_a_linear_output_is_scores(tmp_path: Path) -> None:
    keras = _keras()
    model = _network(_flat(3))
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert open_model(_saved(model, tmp_path)).description.task is Task.CLASSIFICATION
    model.compile(loss="mse")
    assert open_model(_saved(model, tmp_path)).description.task is Task.REGRESSION


def test_a_softmax_a_step_is_a_segmentation(tmp_path: Path, spectrum: Spectrum) -> None:
    layers = _keras().layers
    model = _network(lambda body: layers.Conv1D(2, 1, activation="softmax")(body))
    opened = open_model(_saved(model, tmp_path))
    trace = opened.trace(spectrum)
    along = np.asarray(model(trace.input[None]))[0]
    assert opened.description.task is Task.SEGMENTATION
    np.testing.assert_array_equal(trace.output, along)
    np.testing.assert_allclose(trace.probabilities, along.mean(axis=0), rtol=1e-6)
    np.testing.assert_array_equal(
        opened.description.reading.step_classes(trace.output), along.argmax(axis=1)
    )


def test_a_sigmoid_a_step_is_two_classes_a_step(tmp_path: Path, spectrum: Spectrum) -> None:
    layers = _keras().layers
    model = _network(lambda body: layers.Conv1D(1, 1, activation="sigmoid")(body))
    opened = open_model(_saved(model, tmp_path))
    trace = opened.trace(spectrum)
    along = np.asarray(model(trace.input[None]))[0, :, 0]
    assert opened.description.classes == ("class 0", "class 1")
    np.testing.assert_allclose(trace.probabilities[1], along.mean(), rtol=1e-6)


def test_an_autoencoder_is_values_a_step(tmp_path: Path, spectrum: Spectrum) -> None:
    layers = _keras().layers
    model = _network(lambda body: layers.Conv1D(1, 3, padding="same")(body))
    opened = open_model(_saved(model, tmp_path))
    assert opened.description.task is Task.REGRESSION
    assert opened.trace(spectrum).output.shape == (N, 1)


def test_an_output_of_one_by_one(tmp_path: Path, spectrum: Spectrum) -> None:
    layers = _keras().layers

    def head(body: Any) -> Any:
        pooled = layers.GlobalAveragePooling1D(keepdims=True)(body)
        return layers.Dense(1, activation="sigmoid")(pooled)

    model = _network(head)
    opened = open_model(_saved(model, tmp_path))
    trace = opened.trace(spectrum)
    chance = float(np.asarray(model(trace.input[None])).ravel()[0])
    assert trace.output.shape == (1, 1)
    np.testing.assert_allclose(trace.probabilities, [1 - chance, chance], rtol=1e-6)


def test_the_card_chooses_among_several_outputs(tmp_path: Path, spectrum: Spectrum) -> None:
    layers = _keras().layers

    def head(body: Any) -> Any:
        flat = layers.Flatten()(body)
        return [
            layers.Dense(1, activation="sigmoid", name="sex")(flat),
            layers.Dense(1, name="age")(flat),
        ]

    model = _network(head)
    path = _saved(model, tmp_path)
    opened = open_model(path)
    assert [item.name for item in opened.description.outputs] == ["sex", "age"]
    assert "the first is shown" in opened.description.warnings[-1]
    other = open_model(path, _card(output="age", target="age", unit="years"))
    trace = other.trace(spectrum)
    np.testing.assert_array_equal(trace.output, np.asarray(model(trace.input[None])[1])[0])
    assert other.description.task is Task.REGRESSION
    assert len(trace.layers) == len(other.description.layers)
    with pytest.raises(CardError, match="reads the output 'iq'; the model has sex, age"):
        open_model(path, _card(output="iq", classes=("a", "b")))


def test_outputs_that_are_no_probabilities_are_named(tmp_path: Path, spectrum: Spectrum) -> None:
    layers = _keras().layers

    def halved(body: Any) -> Any:
        shares = layers.Dense(3, activation="softmax")(layers.Flatten()(body))
        return layers.Rescaling(0.5)(shares)

    opened = open_model(_saved(_network(halved), tmp_path, _card(classes=("a", "b", "c"))))
    doubt = opened.description.reading.doubt(opened.trace(spectrum).output)
    assert doubt == "The outputs add up to 0.5, not to 1: they are no probabilities."


def test_a_softmax_over_one_unit_says_nothing(tmp_path: Path, spectrum: Spectrum) -> None:
    opened = open_model(_saved(_network(_flat(1, "softmax")), tmp_path))
    doubt = opened.description.reading.doubt(opened.trace(spectrum).output)
    assert "always 1" in doubt


@pytest.mark.parametrize(
    ("head", "fields", "expected"),
    [
        (_flat(1, "sigmoid"), {"classes": ("f", "m")}, {"class", "probability", "probabilities"}),
        (_flat(3, "sigmoid"), {"classes": ("a", "b", "c")}, {"labels"}),
        (_flat(1), {"target": "age", "unit": "years"}, {"value", "unit"}),
    ],
)
def test_predict_says_it_as_json(
    tmp_path: Path, spectrum: Spectrum, capsys: Any, head: Any, fields: Any, expected: set[str]
) -> None:
    from spectracnn.cli.main import main

    model = _network(head)
    path = _saved(model, tmp_path, _card(**fields))
    data = tmp_path / "s.txt"
    np.savetxt(data, spectrum.eigenvalues)
    assert main(["predict", str(data), "--model", str(path), "--json"]) == 0
    (describe,) = json.loads(capsys.readouterr().out)
    assert expected <= describe.keys()
    given = np.float32(spectrum.eigenvalues)[None, :, None]
    output = np.asarray(model(given))[0]
    if "value" in describe:
        assert describe["value"] == pytest.approx(float(output[0]), rel=1e-6)
        assert describe["unit"] == "years"
        assert not {"class", "probability"} & describe.keys()
    elif "labels" in describe:
        names = ("a", "b", "c")
        assert describe["labels"] == [n for n, p in zip(names, output, strict=True) if p >= 0.5]
    else:
        assert describe["probabilities"]["m"] == pytest.approx(float(output[0]), rel=1e-6)
