import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, r2_score
from training_spectra import (
    Listening,
    made_values,
    quick_plan,
    write_table,
    write_training_file,
)

from spectracnn.core.calibration import fitted_temperature
from spectracnn.core.card_file import card_path, file_sha256, read_card
from spectracnn.core.outputs import Task
from spectracnn.core.reference import read_reference, reference_path
from spectracnn.core.training import EpochDone, StageBegan, StageDone, StopWish, TrainingDone
from spectracnn.errors import ExportError, ModelError, OperationCancelled, SpectraCNNError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.train import run as run_module
from spectracnn.nn.train.part import FitData
from spectracnn.nn.train.run import train
from spectracnn.nn.train.store import read_runs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def data(folder):
    return write_training_file(folder / "d.h5", n=30)


@pytest.fixture(scope="module")
def listening():
    return Listening(snapshots=True)


@pytest.fixture(scope="module")
def done(data, folder, listening):
    return train(quick_plan(data, folder / "m.keras", epochs=8), listening)


def loaded(path):
    _, keras = load_keras()
    return keras.models.load_model(path, compile=False)


def test_the_report_is_what_the_contract_says(done):
    report = json.loads(json.dumps(done.report))
    assert set(report["accuracy"]) == {"mean", "sd"}
    assert report["accuracy"]["mean"] > 0.8
    names = {"1-NN ShapeDNA", "logistic regression", "RBF SVM", "kernel teacher"}
    assert set(report["baselines"]) == names
    assert all(set(score["accuracy"]) == {"mean", "sd"} for score in report["baselines"].values())
    assert report["epochs"] == 8
    assert report["model"] == done.model
    assert np.sum(report["confusion"]) == 30


def test_card_model_and_reference_belong_together(done, folder):
    card = read_card(card_path(folder / "m.keras"))
    assert card.model_sha256 == file_sha256(folder / "m.keras")
    assert card.task is Task.CLASSIFICATION
    assert len(card.conformal) == 30
    assert card.reference.file == "m.reference.npz"
    reference = read_reference(reference_path(folder / "m.keras"), card.reference.sha256)
    assert len(reference) == 30
    assert fitted_temperature(reference.outputs, reference.truth.astype(int)) == pytest.approx(
        card.temperature, rel=1e-3
    )
    table = confusion_matrix(reference.truth, reference.outputs.argmax(axis=1))
    assert done.report["confusion"] == table.tolist()
    for item in card.evaluation:
        assert item.how.startswith("cross-validated on 30 spectra: 2-fold stratified")


def test_the_shadow_is_logistic_regression(done, folder):
    reference = read_reference(reference_path(folder / "m.keras"))
    model = LogisticRegression(C=100, max_iter=5000).fit(reference.inputs, reference.truth)
    found = reference.shadow(reference.inputs).argmax(axis=1)
    assert np.mean(found == model.predict(reference.inputs)) == 1


def test_the_model_computes_what_was_kept(done, folder):
    card = read_card(card_path(folder / "m.keras"))
    reference = read_reference(reference_path(folder / "m.keras"))
    found = np.asarray(loaded(folder / "m.keras")(reference.inputs[..., None]))
    assert np.mean(found.argmax(axis=1) == reference.truth) > 0.9
    kinds = [type(layer).__name__ for layer in loaded(folder / "m.keras").layers]
    assert kinds == [
        "InputLayer", "Conv1D", "MaxPooling1D", "Conv1D", "MaxPooling1D", "Flatten", "Dense",
    ]  # fmt: skip
    assert len(card.classes) == 3


def test_events_tell_the_course(done, listening):
    stages = listening.of(StageBegan)
    assert [stage.stage for stage in stages] == [0, 1, 2]
    assert stages[0].title == "all 30 spectra"
    epochs = listening.of(EpochDone)
    assert [event.epoch for event in epochs] == list(range(1, 9)) * 3
    assert epochs[7].loss < epochs[0].loss
    # Of a fold, the test part is monitored; nothing is held back of the network that is kept.
    assert epochs[0].validation_loss is None
    assert epochs[-1].validation_metric == listening.of(StageDone)[-1].metric
    assert isinstance(listening.events[-1], TrainingDone)


def test_snapshots_go_into_the_first_network(done, folder, listening):
    began, last = listening.of(StageBegan)[0], listening.of(EpochDone)[7]
    network = loaded(began.network)
    with np.load(last.snapshot) as arrays:
        network.set_weights([arrays[f"w{place}"] for place in range(len(arrays))])
    inputs = read_reference(reference_path(folder / "m.keras")).inputs[..., None]
    # The written network's filters stand in another order; it computes the same.
    np.testing.assert_allclose(network(inputs), loaded(folder / "m.keras")(inputs), atol=1e-5)


def test_a_table_of_runs_lies_beside(done, folder):
    (row,) = read_runs(folder)
    assert row["model"] == "m.keras"
    assert float(row["mean"]) == done.report["accuracy"]["mean"]


def test_same_seed_same_model(done, data, folder, tmp_path):
    def weights(seed):
        out = tmp_path / f"{seed}.keras"
        train(quick_plan(data, out, seed=seed, folds=0, epochs=8))
        return loaded(out).get_weights()

    again, other = weights(0), weights(1)
    for left, right in zip(loaded(folder / "m.keras").get_weights(), again, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)
    assert not np.allclose(again[0], other[0], atol=1e-3)


def test_no_test_spectrum_touches_a_fold(data, tmp_path, monkeypatch):
    """Whatever the test spectra of a fold are, what is learned beside them is the same."""
    kept = {}

    def remembering(part, trainer, watch, **how):
        network, fits = fitted(part, trainer, watch, **how)
        kept.setdefault(len(kept), (part, network.get_weights()))
        return network, fits

    fitted = run_module.fitted_network
    monkeypatch.setattr(run_module, "fitted_network", remembering)

    def fold_of(spoil):
        kept.clear()
        part_of = run_module._Run._part

        def spoilt(self, rows):
            if spoil and not rows.all():
                self.raw[~rows] = 1e3 * np.random.default_rng(0).normal(size=self.raw.shape[1])
            return part_of(self, rows)

        with monkeypatch.context() as patch:
            patch.setattr(run_module._Run, "_part", spoilt)
            train(quick_plan(data, tmp_path / f"{spoil}.keras", patience=0))
        return kept[1]

    clean, spoilt = fold_of(False), fold_of(True)
    np.testing.assert_array_equal(clean[0].step.mean, spoilt[0].step.mean)
    assert float(clean[0].step.scale) == float(spoilt[0].step.scale)
    for left, right in zip(clean[1], spoilt[1], strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)


def test_cancelling_leaves_nothing(data, tmp_path):
    listening = Listening(lambda events: StopWish.CANCEL if len(events) > 4 else None)
    with pytest.raises(OperationCancelled):
        train(quick_plan(data, tmp_path / "m.keras"), listening)
    assert list(tmp_path.iterdir()) == []


def test_stopping_keeps_the_best(data, tmp_path):
    listening = Listening(lambda events: StopWish.STOP if len(events) > 3 else None)
    done = train(quick_plan(data, tmp_path / "m.keras", epochs=50), listening)
    assert done.report["epochs"] < 6
    assert done.report["accuracy"] is None
    assert "stopped after epoch" in done.notes[0]
    card = read_card(card_path(tmp_path / "m.keras"))
    assert card.conformal == ()
    assert card.reference is not None
    assert not card.evaluation


def test_a_pause_waits(data, tmp_path):
    wishes = iter([StopWish.PAUSE, None, None, StopWish.RESUME])
    listening = Listening(lambda events: next(wishes, None))
    train(quick_plan(data, tmp_path / "m.keras", folds=0), listening)
    names = [type(event).__name__ for event in listening.events]
    assert names.count("Paused") == 2


class _CrashError(Exception):
    pass


@pytest.mark.parametrize("when", [("EpochDone", 5), ("StageBegan", 2), ("EpochDone", 12)])
def test_a_crashed_run_goes_on(data, tmp_path, monkeypatch, when):
    monkeypatch.setattr("spectracnn.nn.train.watching.SAVE_EVERY", 0.0)
    whole = train(quick_plan(data, tmp_path / "whole.keras", epochs=6))

    class Crashing(Listening):
        def emit(self, event):
            super().emit(event)
            names = [type(item).__name__ for item in self.events]
            if (type(event).__name__, names.count(when[0])) == when:
                raise _CrashError

    plan = quick_plan(data, tmp_path / "m.keras", epochs=6)
    with pytest.raises(_CrashError):
        train(plan, Crashing())
    listening = Listening()
    done = train(plan, listening)
    assert "Went on" in " ".join(done.notes)
    assert len(listening.of(EpochDone)) < 18
    left, right = (loaded(tmp_path / f"{name}.keras").get_weights() for name in ("whole", "m"))
    for one, two in zip(left, right, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-6)
    assert done.report["accuracy"] == whole.report["accuracy"]
    assert not (tmp_path / "m.training").exists()


def test_a_loss_that_is_no_number_ends_with_a_sentence(data, tmp_path, monkeypatch):
    from spectracnn.nn.train.loop import Loop

    monkeypatch.setattr(Loop, "advance", lambda self, order, rates: (float("nan"), 0.0))
    with pytest.raises(SpectraCNNError, match="no longer a number in the first epoch"):
        train(quick_plan(data, tmp_path / "m.keras"))


def test_the_last_good_weights_are_kept(data, tmp_path, monkeypatch):
    from spectracnn.nn.train.loop import Loop

    advance = Loop.advance

    def failing(self, order, rates):
        failing.count += 1
        loss, metric = advance(self, order, rates)
        return (float("nan") if failing.count == 3 else loss), metric

    failing.count = 0
    monkeypatch.setattr(Loop, "advance", failing)
    done = train(quick_plan(data, tmp_path / "m.keras", folds=0, epochs=9))
    assert "no longer a number in epoch 3" in done.notes[0]
    assert done.report["epochs"] == 2
    assert all(np.isfinite(w).all() for w in loaded(tmp_path / "m.keras").get_weights())


@pytest.mark.parametrize("name", ["m.h5", "missing/m.keras"])
def test_useless_output_is_refused_at_once(data, tmp_path, name):
    with pytest.raises(ExportError):
        train(quick_plan(data, tmp_path / name))


def test_fewer_folds_than_asked_for(data, tmp_path):
    done = train(quick_plan(data, tmp_path / "m.keras", folds=50, epochs=1))
    assert done.report["how"].startswith("cross-validated on 30 spectra: 10-fold")
    assert any("10 folds instead of 50" in note for note in done.notes)


def test_regression(tmp_path):
    files, table = write_table(tmp_path, n=60)
    plan = quick_plan(
        files, tmp_path / "age.keras", table=str(table), target="age", unit="years",
        task=Task.REGRESSION, epochs=60, patience=20,
    )  # fmt: skip
    listening = Listening()
    done = train(plan, listening)
    report = done.report
    assert set(report["baselines"]) == {"ridge", "k-NN"}
    assert report["r2"]["mean"] > 0.8
    assert report["mae"]["mean"] < 4
    assert r2_score(report["true"], report["predicted"]) > 0.8
    card = read_card(card_path(tmp_path / "age.keras"))
    assert (card.task, card.target, card.unit) == (Task.REGRESSION, "age", "years")
    assert card.classes == ()
    reference = read_reference(reference_path(tmp_path / "age.keras"))
    values = np.asarray(loaded(tmp_path / "age.keras")(reference.inputs[..., None]))[:, 0]
    # In years, from the network itself.
    assert np.abs(values - reference.truth).mean() < 4
    errors = np.abs(reference.outputs[:, 0] - reference.truth)
    np.testing.assert_allclose(card.conformal, errors, atol=1e-4)
    assert listening.of(EpochDone)[0].validation_metric is not None


def test_groups_stay_together(tmp_path):
    files, table = write_table(tmp_path, n=36)
    plan = quick_plan(
        files, tmp_path / "m.keras", table=str(table), target="class", group="site", epochs=1
    )
    done = train(plan)
    assert "grouped" in done.report["how"]
    reference = read_reference(reference_path(tmp_path / "m.keras"))
    folds = dict(zip(reference.names.tolist(), reference.folds.tolist(), strict=True))
    for place in range(0, 36, 2):
        assert folds[f"s{place:03d}"] == folds[f"s{place + 1:03d}"]


def test_class_weights_change_the_pool(data, tmp_path):
    from spectracnn.nn.train.pool import balanced_weights

    weights = balanced_weights(np.array([0, 0, 0, 1]), 2)
    np.testing.assert_allclose(weights, [2 / 3] * 3 + [2])
    train(quick_plan(data, tmp_path / "m.keras", class_weights=True, epochs=1, folds=0))


@pytest.mark.parametrize("architecture", ["tutorial", "ensemble"])
def test_other_architectures(data, tmp_path, architecture):
    out = tmp_path / "m.keras"
    done = train(quick_plan(data, out, architecture=architecture, epochs=2))
    network = loaded(out)
    assert network.count_params() == done.report["parameters"]
    assert done.report["accuracy"] is not None


def test_an_architecture_from_a_file(data, tmp_path):
    _, keras = load_keras()
    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((None, 1)),
            layers.Conv1D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling1D(),
            layers.Dense(3, activation="softmax"),
        ]
    )
    path = tmp_path / "own.json"
    path.write_text(network.to_json())
    done = train(
        quick_plan(
            data, tmp_path / "m.keras", architecture=str(path), epochs=60, learning_rate=0.03
        )
    )
    assert done.report["accuracy"]["mean"] > 0.6
    assert [type(layer).__name__ for layer in loaded(tmp_path / "m.keras").layers] == [
        "Conv1D", "BatchNormalization", "GlobalAveragePooling1D", "Dense",
    ]  # fmt: skip


def architecture(tmp_path, *layers, shape=(24, 1)):
    _, keras = load_keras()
    path = tmp_path / "own.json"
    path.write_text(keras.Sequential([keras.Input(shape), *layers]).to_json())
    return path


def test_architectures_that_do_not_fit(data, tmp_path):
    _, keras = load_keras()
    layers = keras.layers
    cases = [
        ([layers.Flatten(), layers.Dense(5, activation="softmax")], (24, 1), r"shape \(5,\)"),
        ([layers.Flatten(), layers.Dense(3)], (24, 1), "ends in 'linear'"),
        ([layers.Flatten(), layers.Dense(3, activation="softmax")], (24, 2), "expected"),
    ]
    for own, shape, words in cases:
        path = architecture(tmp_path, *own, shape=shape)
        with pytest.raises(ModelError, match=words):
            train(quick_plan(data, tmp_path / "m.keras", architecture=str(path)))


def test_architectures_that_are_none(data, tmp_path):
    path = tmp_path / "own.json"
    for content, words in (("{", "not valid JSON"), ('{"class_name": "Lambda"}', "Lambda")):
        path.write_text(content)
        with pytest.raises(ModelError, match=words):
            train(quick_plan(data, tmp_path / "m.keras", architecture=str(path)))
    with pytest.raises(ModelError, match="known by name are"):
        train(quick_plan(data, tmp_path / "m.keras", architecture="resnet"))


def test_a_kernel_longer_than_the_input(data, tmp_path):
    _, keras = load_keras()
    layers = keras.layers
    path = architecture(
        tmp_path, layers.Conv1D(2, 9), layers.Flatten(), layers.Dense(3, activation="softmax")
    )
    record = json.loads(path.read_text().replace("24", "5"))
    path.write_text(json.dumps(record))
    with pytest.raises((ModelError, SpectraCNNError)) as caught:
        train(quick_plan(data, tmp_path / "m.keras", architecture=str(path), eigenvalues=None))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"epochs": 0}, "epochs is 1 or more"),
        ({"batch": -3}, "batch is 1 or more"),
        ({"folds": 1}, "2 folds or more"),
        ({"seed": -1}, "seed is between"),
        ({"learning_rate": float("nan")}, "learning rate"),
        ({"patience": -1}, "patience"),
        ({"task": Task.SEGMENTATION}, "segmentation"),
    ],
)
def test_numbers_out_of_range(data, tmp_path, how, words):
    with pytest.raises(SpectraCNNError, match=words):
        train(quick_plan(data, tmp_path / "m.keras", **how))


def test_the_part_of_a_regression_is_standardised():
    values, _, bend = made_values()
    part = FitData.of(Task.REGRESSION, values, 50 + bend, np.arange(18), 1)
    np.testing.assert_allclose(part.targets(50 + bend).std(), 1)
    assert part.scale == pytest.approx(bend.std())
