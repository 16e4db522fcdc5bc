"""Probes of many labellings at once, against scikit-learn's fits one by one."""

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import RidgeCV
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from spectracnn.stats.linear_probe import ALPHAS, discriminant_scores, ridge_scores


def test_ridge_is_that_of_scikit_learn():
    draw = np.random.default_rng(0)
    values = draw.normal(size=(90, 12)) @ draw.normal(size=(12, 12))
    labels = values[:, :3] @ draw.normal(size=(3, 5)) + draw.normal(size=(90, 5)) * [
        0.1,
        1,
        3,
        9,
        30,
    ]
    folds = list(KFold(5, shuffle=True, random_state=1).split(values))
    found = ridge_scores(values, labels, folds)
    model = make_pipeline(StandardScaler(), RidgeCV(alphas=ALPHAS))
    for place in range(5):
        expected = cross_val_score(model, values, labels[:, place], cv=folds, scoring="r2").mean()
        assert found[place] == pytest.approx(expected, abs=1e-8)


def test_the_discriminant_is_that_of_scikit_learn():
    draw = np.random.default_rng(1)
    codes = np.repeat([0, 1, 2], [60, 24, 12])  # unequal: the priors are equal all the same
    values = draw.normal(size=(96, 8)) + draw.normal(size=(3, 8))[codes] * 0.7
    labels = np.stack([codes, draw.permutation(codes), draw.permutation(codes)], axis=1)
    folds = list(StratifiedKFold(4, shuffle=True, random_state=1).split(values, codes))
    found = discriminant_scores(values, labels, 3, folds)
    for place in range(3):
        scores = []
        for train, test in folds:
            scaler = StandardScaler().fit(values[train])
            model = LinearDiscriminantAnalysis(
                solver="lsqr", shrinkage=8 / (len(train) + 8), covariance_estimator=None
            ).fit(scaler.transform(values[train]), labels[train, place])
            said = model.decision_function(scaler.transform(values[test]))
            said = np.argmax(said - np.log(model.priors_), axis=1)
            scores.append(balanced_accuracy_score(labels[test, place], said))
        assert found[place] == pytest.approx(np.mean(scores), abs=1e-12)


def test_a_class_that_a_fold_lacks_is_not_found_there():
    values = np.arange(6.0)[:, None]
    labels = np.array([[0], [0], [0], [1], [1], [2]])
    found = discriminant_scores(values, labels, 3, [(np.arange(5), np.array([5]))])
    assert found.tolist() == [0.0]


def test_probes_of_noise_are_called_significant_as_often_as_they_should():
    from spectracnn.stats.probe import ProbeTarget, probe

    draw = np.random.default_rng(5)
    hits = {"classes": 0, "numbers": 0}
    runs = 150
    for run in range(runs):
        values = draw.normal(size=(40, 6))
        codes = ProbeTarget("c", draw.permutation(np.repeat([0, 1], [26, 14])), ("a", "b"))
        numbers = ProbeTarget("n", draw.exponential(size=40))
        units = np.arange(40)
        hits["classes"] += probe(values, codes, units, 39, run).p <= 0.05
        hits["numbers"] += probe(values, numbers, units, 39, run).p <= 0.05
    most = 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert all(count / runs <= most for count in hits.values()), hits
