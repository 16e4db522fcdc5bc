"""Predictions of a cohort against scikit-learn, statsmodels and by hand."""

import numpy as np
import pytest
from sklearn import metrics
from statsmodels.stats.proportion import proportion_confint

from spectracnn.core.participants import Column
from spectracnn.errors import StudyError
from spectracnn.state.answers import text_column
from spectracnn.view.cohort import prediction_panels as panels
from spectracnn.view.cohort.columns import Answers, levels_of
from spectracnn.view.cohort.predictions import members, summarise

CLASSES = ("cup", "human", "teddy")


def made(n=400, seed=0):
    draw = np.random.default_rng(seed)
    truth = draw.integers(0, 3, n)
    scores = draw.normal(size=(n, 3)) + 1.5 * np.eye(3)[truth]
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    nothing = np.full(n, np.nan)
    predicted = shares.argmax(axis=1)
    none = np.zeros(n, bool)
    answers = Answers(
        np.arange(n) + 10, CLASSES, predicted, shares.astype(np.float32), nothing, none
    )
    return answers, text_column("shape", [CLASSES[code] for code in truth]), truth


def test_numbers_are_those_of_scikit_learn():
    answers, label, truth = made()
    found = summarise(answers, label)
    assert np.array_equal(
        found.labelled.confusion, metrics.confusion_matrix(truth, answers.predicted)
    )
    hits = int((truth == answers.predicted).sum())
    low, high = proportion_confint(hits, 400, method="wilson")
    assert found.labelled.accuracy == pytest.approx((hits / 400, low, high))
    assert found.labelled.balanced == metrics.balanced_accuracy_score(truth, answers.predicted)
    for place in range(3):
        own, chance = truth == place, answers.probabilities[:, place]
        curves = found.labelled.curves[place]
        assert curves.auc == pytest.approx(metrics.roc_auc_score(own, chance))
        assert curves.average_precision == pytest.approx(
            metrics.average_precision_score(own, chance)
        )
        recall = metrics.recall_score(own, answers.predicted == place)
        assert found.labelled.recall[0, place] == pytest.approx(recall)
        assert curves.bins[4].sum() == 400
        inside = (chance >= 0.2) & (chance < 0.3)
        assert own[inside].mean() == pytest.approx(curves.bins[1][2])
    sheet = panels.class_sheet(found)
    precision = metrics.precision_score(truth, answers.predicted, average=None)
    assert sheet.columns[6] == pytest.approx(precision)


def test_a_cell_names_its_members():
    answers, label, truth = made(60)
    found = summarise(answers, label)
    wanted = np.flatnonzero((truth == 1) & (answers.predicted == 2)) + 10
    assert members(found, 1, 2).tolist() == wanted.tolist()
    assert len(members(found, predicted=2)) == found.counts[2]


def test_spectra_without_label_or_prediction_do_not_count():
    answers, label, _ = made(50)
    predicted = answers.predicted.copy()
    predicted[:5] = -1
    answers = Answers(
        answers.ids, CLASSES, predicted, answers.probabilities, answers.values, answers.refused
    )
    codes = label.codes.copy()
    codes[5:10] = -1
    found = summarise(answers, Column("shape", None, codes, label.levels))
    assert found.labelled.confusion.sum() == 40
    assert "5 not predicted yet" in panels.sentence(found)


def test_regression_is_that_of_scikit_learn():
    draw = np.random.default_rng(0)
    truth = draw.normal(60, 9, 200)
    predicted = truth + draw.normal(0, 4, 200)
    truth[3], predicted[7] = np.nan, np.nan
    nothing = np.zeros((200, 0), np.float32)
    answers = Answers(
        np.arange(200), (), np.full(200, -1), nothing, predicted, np.zeros(200, bool), "years"
    )
    found = summarise(answers, Column("age", truth)).regressed
    both = np.isfinite(truth) & np.isfinite(predicted)
    assert found.n == 198
    assert found.r2 == pytest.approx(metrics.r2_score(truth[both], predicted[both]))
    assert found.mae == pytest.approx(metrics.mean_absolute_error(truth[both], predicted[both]))


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["cupp", "humann"] * 5, "none of which is a class of the network"),
        ([""] * 10, "is missing for every spectrum"),
    ],
)
def test_labels_that_cannot_be_compared(texts, says):
    answers, _, _ = made(10)
    with pytest.raises(StudyError, match=says):
        summarise(answers, text_column("shape", texts))


def test_a_label_with_a_typing_error_counts_as_wrong_and_is_named():
    answers, _, _ = made(10)
    texts = [CLASSES[code] for code in answers.predicted]
    texts[0] = "humna"
    found = summarise(answers, text_column("shape", texts)).labelled
    assert found.accuracy[0] == pytest.approx(0.9)
    assert "Did you mean 'human'?" in found.notes[0]


def test_levels_are_sorted_and_numbers_have_codes():
    codes, levels = levels_of(text_column("site", ["b", "", "A", "b"]))
    assert (codes.tolist(), levels) == ([1, -1, 0, 1], ("A", "b"))
    codes, levels = levels_of(Column("dx", np.array([1.0, 0, np.nan, 1])))
    assert (codes.tolist(), levels) == ([1, 0, -1, 1], ("0", "1"))


def test_fifty_thousand_answers_take_no_objects():
    answers, label, _ = made(50_000)
    found = summarise(answers, label)
    assert found.labelled.confusion.sum() == 50_000
    assert found.labelled.curves[0].roc.shape[1] <= 400
