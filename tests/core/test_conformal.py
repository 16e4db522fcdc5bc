import numpy as np
import pytest
from crepes import ConformalClassifier, ConformalRegressor
from scipy.special import softmax

from spectracnn.core.conformal import class_scores, half_width, names_of_set, prediction_set
from spectracnn.errors import SpectraCNNError


def drawn(n, classes=6, seed=0):
    random = np.random.default_rng(seed)
    shares = softmax(random.normal(0, 2, (n, classes)), axis=1)
    return shares, np.array([random.choice(classes, p=row) for row in shares])


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.987])
@pytest.mark.parametrize(
    "n", [36, 302]
)  # never a tie of (1 - level) * (n + 1): crepes counts it in
def test_the_sets_are_those_of_crepes(level, n):
    shares, labels = drawn(n)
    scores = class_scores(shares, labels)
    new, _ = drawn(400, seed=1)
    oracle = ConformalClassifier().fit(alphas=scores)
    theirs = oracle.predict_set(1 - new, confidence=level, smoothing=False).astype(bool)
    theirs[np.arange(len(new)), new.argmax(axis=1)] = True
    np.testing.assert_array_equal(prediction_set(new, scores, level), theirs)


@pytest.mark.parametrize("level", [0.7, 0.9])
def test_coverage_by_simulation(level):
    hits = []
    for seed in range(60):
        shares, labels = drawn(100, seed=seed)
        new, truth = drawn(200, seed=1000 + seed)
        chosen = prediction_set(new, class_scores(shares, labels), level)
        hits.append(chosen[np.arange(200), truth].mean())
    assert np.mean(hits) >= level - 0.01
    assert np.mean(hits) <= level + 0.06


def test_coverage_with_a_network_that_is_too_sure():
    shares, labels = drawn(300)
    new, truth = drawn(3000, seed=3)
    sure, scores = shares**4, class_scores(shares**4 / (shares**4).sum(1, keepdims=True), labels)
    chosen = prediction_set(new**4 / (new**4).sum(1, keepdims=True), scores, 0.9)
    assert sure.shape == shares.shape
    assert chosen[np.arange(3000), truth].mean() == pytest.approx(0.9, abs=0.03)


def test_too_few_scores_give_every_class():
    assert prediction_set(np.array([[0.9, 0.1]]), [0.1] * 5, 0.9).all()
    assert prediction_set(np.array([[0.9, 0.1]]), [], 0.9).all()
    assert half_width([1.0] * 5, 0.9) == float("inf")


def test_a_refused_spectrum_has_no_set():
    assert not prediction_set(np.full((1, 3), np.nan), [0.1] * 50, 0.9).any()


@pytest.mark.parametrize("level", [0, 1, -1, 90, float("nan")])
def test_no_level(level):
    with pytest.raises(SpectraCNNError, match="between 0 and 1"):
        prediction_set(np.ones((1, 1)), [0.1], level)


def test_names_in_the_order_of_probability():
    shares = np.array([0.1, 0.6, 0.3])
    assert names_of_set(np.array([True, True, False]), shares, "abc") == ["b", "a"]


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_intervals_are_those_of_crepes(level):
    errors = np.abs(np.random.default_rng(0).normal(size=87))
    oracle = ConformalRegressor().fit(residuals=errors)
    low, high = oracle.predict_int(np.array([10.0]), confidence=level)[0]
    width = half_width(errors, level)
    np.testing.assert_allclose([10 - width, 10 + width], [low, high])
