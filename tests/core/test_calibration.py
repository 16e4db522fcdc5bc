import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss

from spectracnn.core.calibration import calibrated, fitted_temperature, reliability, softmax_at


def drawn(n=4000, classes=5, scale=1.0, seed=0):
    """Logits whose labels are drawn from their own softmax, then multiplied by a scale."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 1.5, (n, classes))
    labels = np.array([random.choice(classes, p=row) for row in softmax(logits, axis=1)])
    return logits * scale, labels


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_a_scale(scale):
    logits, labels = drawn(scale=scale)
    assert fitted_temperature(logits, labels) == pytest.approx(scale, rel=0.06)


@pytest.mark.parametrize("seed", range(4))
def test_the_temperature_is_scipys(seed):
    logits, labels = drawn(300, 20, 0.4 + seed, seed)

    def loss(log_t):
        return -log_softmax(logits / np.exp(log_t), axis=1)[np.arange(300), labels].mean()

    found = minimize_scalar(loss, bounds=(-3, 3), method="bounded", options={"xatol": 1e-9})
    assert fitted_temperature(logits, labels) == pytest.approx(np.exp(found.x), rel=1e-4)


def test_calibrating_the_softmax_is_calibrating_the_logits():
    logits, labels = drawn(200)
    network = softmax(logits, axis=1).astype(np.float32)
    np.testing.assert_allclose(
        calibrated(network, 0.7), softmax(logits / 0.7, axis=1), rtol=1e-4, atol=1e-7
    )
    np.testing.assert_allclose(calibrated(network, 1.0), network)
    assert log_loss(labels, calibrated(network, 0.7)) < 5


def test_no_decision_changes_and_nan_stays():
    values = np.array([[0.2, 0.5, 0.3], [np.nan, np.nan, np.nan], [0.0, 0.0, 1.0]])
    found = calibrated(values, 2.0)
    assert found[0].argmax() == 1
    assert np.isnan(found[1]).all()
    np.testing.assert_allclose(found[2].sum(), 1)


@pytest.mark.parametrize("logits", [np.zeros((0, 3)), np.zeros((4, 1))])
def test_nothing_to_fit(logits):
    assert fitted_temperature(logits, np.zeros(len(logits), int)) == 1.0


def test_equal_logits_and_perfect_ones_end_in_the_bounds():
    assert 0.05 <= fitted_temperature(np.zeros((5, 3)), np.zeros(5, int)) <= 20
    assert fitted_temperature(50 * np.eye(4), np.arange(4)) == pytest.approx(0.05, rel=1e-3)


def test_extreme_logits_do_not_overflow():
    assert np.isfinite(softmax_at(np.array([1e4, -1e4]), 0.05)).all()


def test_reliability_is_scikit_learns():
    logits, labels = drawn(2000)
    shares = softmax(logits, axis=1)
    found = reliability(shares, labels)
    right = shares.argmax(axis=1) == labels
    accuracy, confidence = calibration_curve(right, shares.max(axis=1), n_bins=10)
    np.testing.assert_allclose(found.accuracy, accuracy)
    np.testing.assert_allclose(found.confidence, confidence)
    assert found.count.sum() == 2000
    assert found.error < 0.04
    assert reliability(softmax(3 * logits, axis=1), labels).error > 0.1
