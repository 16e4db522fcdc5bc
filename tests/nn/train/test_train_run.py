import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from training_spectra import QUICK, write_training_file

from spectracnn.core.card_file import file_sha256, read_card
from spectracnn.core.progress import Progress
from spectracnn.errors import ExportError, OperationCancelled, SpectraCNNError
from spectracnn.nn.backend import load_keras
from spectracnn.nn.train.baselines import SIMPLE, tutorial_net
from spectracnn.nn.train.crossval import cross_validate, splits
from spectracnn.nn.train.data import read_training_data
from spectracnn.nn.train.run import train
from spectracnn.resources import default_model, resource

SEEN = []
"""What the training of `report` told its progress."""


@pytest.fixture(scope="module")
def data_path(tmp_path_factory):
    return write_training_file(tmp_path_factory.mktemp("data") / "d.h5")


@pytest.fixture(scope="module")
def report(data_path):
    SEEN.clear()
    return train(
        data_path,
        data_path.with_name("m.keras"),
        folds=2,
        seeds=1,
        recipe=QUICK,
        progress=Progress(lambda done, total, message: SEEN.append((done, total))),
    )


def loaded(path):
    _, keras = load_keras()
    return keras.models.load_model(path, compile=False)


def test_card_and_model_belong_together(report, data_path):
    card = read_card(report.card)
    assert card.model_sha256 == file_sha256(report.model)
    assert card.training["data_sha256"] == file_sha256(data_path)
    data = read_training_data(data_path)
    answers = np.asarray(loaded(report.model)(data.inputs(card.preprocessing)[..., None]))
    assert card.classes == data.classes
    assert np.mean(answers.argmax(axis=1) == data.labels) == report.training_accuracy


def test_card_says_how_each_figure_was_obtained(report):
    card = read_card(report.card)
    assert [item.subject for item in card.evaluation][-1] == "this model"
    assert len(card.evaluation) == 6
    for item, score in zip(card.evaluation, report.scores, strict=True):
        assert item.how.startswith("cross-validated, not on the training data: 2-fold")
        assert item.value == pytest.approx(score.mean, abs=1e-4)


def test_easy_classes_are_learned(report):
    assert report.scores[-1].accuracies.shape == (1, 2)
    assert report.scores[-1].mean > 0.8


def test_same_seed_same_model(report, data_path, tmp_path):
    def weights(seed):
        out = tmp_path / f"{seed}.keras"
        return loaded(
            train(data_path, out, seed=seed, evaluate=False, recipe=QUICK).model
        ).get_weights()

    again, other = weights(0), weights(1)
    for left, right in zip(loaded(report.model).get_weights(), again, strict=True):
        np.testing.assert_allclose(left, right, atol=1e-5)
    assert not np.allclose(again[0], other[0], atol=1e-3)


@pytest.mark.parametrize("evaluate", [True, False])
def test_interrupted_training_leaves_no_file(data_path, tmp_path, evaluate):
    progress = Progress(lambda done, total, message: progress.cancel() if done > 5 else None)
    with pytest.raises(OperationCancelled):
        train(
            data_path,
            tmp_path / "m.keras",
            evaluate=evaluate,
            recipe=QUICK,
            folds=3,
            progress=progress,
        )
    assert list(tmp_path.iterdir()) == []


def test_progress_ends_at_its_total(report):
    assert SEEN == sorted(SEEN)
    assert SEEN[-1][0] == SEEN[-1][1]


@pytest.mark.parametrize("name", ["m.h5", "missing/m.keras"])
def test_useless_output_is_refused_at_once(data_path, tmp_path, name):
    with pytest.raises(ExportError):
        train(data_path, tmp_path / name)


def test_too_many_folds(data_path):
    with pytest.raises(SpectraCNNError, match="rarest class has 6"):
        cross_validate(
            read_training_data(data_path),
            QUICK,
            folds=7,
            seeds=1,
            seed=0,
            report=lambda steps, what: None,
        )


def test_folds_are_prepared_from_their_training_part_alone():
    random = np.random.default_rng(0)
    inputs = random.normal(size=(24, 5)).astype(np.float32)
    labels = np.tile([0, 1, 2], 8)
    plan = StratifiedKFold(4, shuffle=True, random_state=7).split(inputs, labels)
    found = list(splits(inputs, labels, folds=4, seeds=1, first=7))
    for (train_rows, test_rows), split in zip(plan, found, strict=True):
        mean = inputs[train_rows].mean(axis=0)
        scale = inputs[train_rows].std()
        np.testing.assert_allclose(split.test, (inputs[test_rows] - mean) / scale, atol=1e-5)
        np.testing.assert_array_equal(split.test_labels, labels[test_rows])
        np.testing.assert_array_equal(split.raw, inputs[train_rows])
        assert not set(train_rows) & set(test_rows)


def test_baselines_are_scikit_learns():
    random = np.random.default_rng(3)
    labels = np.repeat(np.arange(4), 12)
    inputs = random.normal(size=(48, 6)) + labels[:, None] * 0.5
    train_rows, test_rows = np.arange(0, 48, 2), np.arange(1, 48, 2)
    direct = (
        KNeighborsClassifier(1),
        SVC(C=100, gamma="scale"),
        LogisticRegression(C=100, max_iter=5000),
    )
    for baseline, method in zip(SIMPLE, direct, strict=True):
        expected = method.fit(inputs[train_rows], labels[train_rows]).predict(inputs[test_rows])
        found = baseline.classify(inputs[train_rows], labels[train_rows], inputs[test_rows], 0)
        np.testing.assert_array_equal(found, expected)


def test_tutorial_net_is_reproducible():
    random = np.random.default_rng(3)
    labels = np.repeat(np.arange(2), 8)
    inputs = (random.normal(size=(16, 30)) + labels[:, None] * 3).astype(np.float32)
    one, two = (tutorial_net(inputs, labels, inputs, 4, epochs=3) for _ in range(2))
    np.testing.assert_array_equal(one, two)


def test_bundled_model_keeps_its_limits():
    path = default_model()
    card = read_card(path.with_name("shrec07.card.json"))
    model = loaded(path)
    assert path.stat().st_size < 2_000_000
    assert model.count_params() <= 150_000
    first = next(layer for layer in model.layers if type(layer).__name__ == "Conv1D")
    assert first.filters <= 32
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds.count("Conv1D") >= 2
    assert "MaxPooling1D" in kinds
    assert card.model_sha256 == file_sha256(path)
    assert len(card.classes) == 20
    data = read_training_data(resource("data/shrec07_lb_train.h5"))
    answers = np.asarray(model(data.inputs(card.preprocessing)[..., None]))
    assert np.mean(answers.argmax(axis=1) == data.labels) > 0.9
