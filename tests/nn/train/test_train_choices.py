"""What a person may choose of a training: optimiser, preprocessing, layers, typed labels."""

import json

import h5py
import numpy as np
import pytest
from training_spectra import CLASSES, Listening, made_values, quick_plan, write_training_file

from spectracnn.core.card_file import card_path, read_card
from spectracnn.core.input_presets import PRESETS, own_preset, preset, with_length
from spectracnn.core.outputs import Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.reference import read_reference, reference_path
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import DropZeros, Log, Standardise, Take
from spectracnn.core.training import EpochDone
from spectracnn.core.training_plan import OPTIMIZERS, STACK, TrainingPlan
from spectracnn.errors import LayerError, PreprocessingError, SpectraCNNError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.train import run as run_module
from spectracnn.nn.train.loop import optimizer_of
from spectracnn.nn.train.run import train
from spectracnn.nn.train.settings import settings_for

pytestmark = pytest.mark.slow

LAYERS = ('Conv1D(6, 5, padding="same", activation="relu")', "keras.layers.MaxPooling1D(2)")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return write_training_file(tmp_path_factory.mktemp("choices") / "d.h5", n=30)


def loaded(path):
    _, keras = load_keras()
    return keras.models.load_model(path, compile=False)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_optimiser_learns(data, tmp_path, name):
    plan = quick_plan(
        data, tmp_path / "m.keras", optimizer=name, epochs=12, folds=0, architecture="tutorial"
    )
    listening = Listening()
    train(plan, listening)
    losses = [event.loss for event in listening.of(EpochDone)]
    assert losses[-1] < losses[0]
    made = optimizer_of(settings_for(plan, 30))
    assert type(made).__name__.lower() == name
    assert read_card(card_path(tmp_path / "m.keras")).training["settings"]["optimizer"] == name


def test_gradient_descent_begins_with_a_higher_rate(data, tmp_path):
    plain, sgd = (
        settings_for(quick_plan(data, tmp_path / "m.keras", optimizer=name), 30).rate
        for name in ("adamw", "sgd")
    )
    assert sgd == pytest.approx(10 * plain)


@pytest.mark.parametrize("name", [item.name for item in PRESETS])
def test_each_preset_is_written_into_the_card(data, tmp_path, name):
    done = train(quick_plan(data, tmp_path / "m.keras", preprocessing=name, folds=0, epochs=1))
    card = read_card(card_path(tmp_path / "m.keras"))
    assert card.preprocessing.steps[:-1] == preset(name).steps(24).steps
    assert isinstance(card.preprocessing.steps[-1], Standardise)
    assert card.input_meaning.startswith(preset(name).meaning)
    reference = read_reference(reference_path(tmp_path / "m.keras"))
    with h5py.File(data) as file:
        first = Spectrum("s", file["eigenvalues"][0])
    np.testing.assert_allclose(
        card.preprocessing.apply(first).values, reference.inputs[0], atol=1e-4
    )
    assert done.report["eigenvalues"] == 24


def test_the_own_preset_follows_the_task():
    assert own_preset(Task.CLASSIFICATION) == "scale-free"
    assert own_preset(Task.REGRESSION) == "log-index"


def test_varied_spectra_are_of_the_scale_free_input_alone(data, tmp_path):
    plan = quick_plan(data, tmp_path / "m.keras", preprocessing="log-index", epochs=None)
    assert settings_for(plan, 30).taught is False
    assert settings_for(quick_plan(data, tmp_path / "m.keras"), 30).taught is True
    with pytest.raises(SpectraCNNError, match="scale-free input alone"):
        quick_plan(data, "m.keras", preprocessing="weyl", augmentation=True).checked()


def test_steps_of_ones_own(data, tmp_path):
    steps = ({"step": "drop_zeros"}, {"step": "take", "n": 16}, {"step": "log"})
    plan = quick_plan(data, tmp_path / "m.keras", steps=steps, eigenvalues=None, folds=0)
    done = train(plan)
    card = read_card(card_path(tmp_path / "m.keras"))
    assert card.preprocessing.steps[:-1] == (DropZeros(), Take(16), Log())
    assert done.report["eigenvalues"] == 16
    assert TrainingPlan.from_json(json.loads(json.dumps(plan.to_json()))) == plan


def test_steps_that_leave_the_length_open_get_one():
    steps = with_length(Preprocessing((DropZeros(), Log())), 12).steps
    assert steps == (DropZeros(), Take(12), Log())


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"optimizer": "adagrad"}, "The optimiser is adamw, adam, rmsprop or sgd; found 'adagrad'"),
        ({"preprocessing": "unit"}, "There is no preprocessing 'unit'"),
        ({"steps": ({"step": "standardise"},)}, "fitted to the training part of each fold"),
        ({"steps": ({"step": "whiten"},)}, "is called 'whiten'"),
        ({"architecture": STACK}, "has no layers"),
    ],
)
def test_choices_that_are_none(data, tmp_path, how, words):
    with pytest.raises(SpectraCNNError, match=words):
        train(quick_plan(data, tmp_path / "m.keras", **how))
    assert list(tmp_path.iterdir()) == []


def test_a_step_that_a_spectrum_cannot_take_is_a_sentence(data, tmp_path):
    steps = ({"step": "take", "n": 500},)
    with pytest.raises(PreprocessingError) as caught:
        train(quick_plan(data, tmp_path / "m.keras", steps=steps, eigenvalues=None))
    assert "\n" not in str(caught.value)


def test_layers_line_by_line(data, tmp_path):
    plan = quick_plan(
        data, tmp_path / "m.keras", architecture=STACK, layers=LAYERS, epochs=60, seed=4,
        learning_rate=0.02,
    )  # fmt: skip
    done = train(plan)
    assert done.report["accuracy"]["mean"] > 0.6
    network = loaded(tmp_path / "m.keras")
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds == ["Conv1D", "MaxPooling1D", "GlobalAveragePooling1D", "Dense"]
    assert network.layers[0].kernel.shape == (5, 1, 6)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("Conv1D(4, 99)",), "Layer 1, Conv1D: a kernel of 99 is longer than its input of 24"),
        (("Conv1D(4, 3)", "import os"), "Layer 2: "),
        (("Conv1D(-4, 3)",), "Layer 1: Conv1D: filters must be"),
        (("Conv2D(4, 3)",), "slides along"),
        (("MaxPooling1D(20)", "MaxPooling1D(2)"), "Layer 2, MaxPooling1D: a window of 2"),
    ],
)
def test_layers_that_are_none(data, tmp_path, lines, words):
    with pytest.raises(LayerError, match=words) as caught:
        train(quick_plan(data, tmp_path / "m.keras", architecture=STACK, layers=lines))
    assert "\n" not in str(caught.value)


def test_typed_labels_are_learned_alone(tmp_path):
    data = write_training_file(tmp_path / "d.h5", n=30)
    _, labels, _ = made_values(n=30)
    from spectracnn import io

    names = [spectrum.name for spectrum in io.read_file(data).spectra]
    typed = tuple(
        (str(data), name, "bent" if CLASSES[label] != "flat" else "flat")
        for name, label in list(zip(names, labels, strict=True))[:24]
    )
    done = train(quick_plan(data, tmp_path / "m.keras", labels=typed))
    assert done.report["classes"] == ["bent", "flat"]
    assert done.report["spectra"] == 24
    assert any("6 of 30 spectra have no label" in note for note in done.notes)


@pytest.mark.parametrize("name", ["weyl", "eigenvalues"])
def test_no_test_spectrum_touches_a_fold_of_any_preset(data, tmp_path, monkeypatch, name):
    """Whatever the test spectra of a fold are, mean, scale and weights beside them are the same."""
    kept = []
    fitted = run_module.fitted_network

    def remembering(part, trainer, watch, **how):
        network, fits = fitted(part, trainer, watch, **how)
        kept.append((part.step, network.get_weights()))
        return network, fits

    monkeypatch.setattr(run_module, "fitted_network", remembering)
    part_of = run_module._Run._part

    def spoilt(self, rows):
        if not rows.all():
            self.raw[~rows] = 1e3 * np.random.default_rng(0).normal(size=self.raw.shape[1])
        return part_of(self, rows)

    plan = quick_plan(data, tmp_path / "m.keras", preprocessing=name, patience=0)
    train(plan)
    monkeypatch.setattr(run_module._Run, "_part", spoilt)
    train(plan)
    (clean, learned), (spoiled, again) = kept[1], kept[4]
    np.testing.assert_array_equal(clean.mean, spoiled.mean)
    assert float(clean.scale) == float(spoiled.scale)
    for left, right in zip(learned, again, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)
