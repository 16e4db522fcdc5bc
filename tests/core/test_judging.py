import numpy as np
from scipy.special import softmax
from test_reference import made

from spectracnn.core.judging import Judgements, judge
from spectracnn.core.outputs import Output, Task
from spectracnn.core.reading import Reading
from spectracnn.core.spacings import statistics_of, statistics_of_rows


def test_without_a_reference_nothing_is_known():
    found = judge(None, Task.CLASSIFICATION, np.zeros((3, 4)), np.ones((3, 4)))
    assert np.isnan(found.typicality).all()
    assert (found.nearest == -1).all()
    assert found[1].shadow.size == 0


def test_training_spectra_are_their_own_nearest():
    reference, shadow = made()
    found = judge(reference, Task.CLASSIFICATION, reference.inputs, reference.eigenvalues)
    np.testing.assert_array_equal(found.nearest, np.arange(12))
    np.testing.assert_allclose(found.shadow, shadow.predict_proba(reference.inputs), atol=1e-6)
    values = judge(reference, Task.REGRESSION, reference.inputs, reference.eigenvalues).shadow
    np.testing.assert_allclose(values, shadow.decision_function(reference.inputs), atol=1e-5)


def test_spread_and_joined():
    reference, _ = made()
    found = judge(reference, Task.CLASSIFICATION, reference.inputs[:2], reference.eigenvalues[:2])
    wide = found.spread(np.array([-1, 0, -1, 1]))
    assert wide.nearest.tolist() == [-1, 0, -1, 1]
    assert np.isnan(wide.shadow[0]).all()
    assert len(Judgements.joined([wide, wide])) == 8


def test_rows_are_as_single_ones():
    random = np.random.default_rng(0)
    values = np.cumsum(random.uniform(size=(5, 40)), axis=1)
    values[2, 0] = 0
    values[3, 5] = np.nan
    found = statistics_of_rows(values)
    for row in range(5):
        np.testing.assert_allclose(found[row], statistics_of(values[row]))


def test_a_reading_calibrates():
    output = Output("classes", (3,), activation="softmax")
    logits = np.random.default_rng(0).normal(size=(6, 3)).astype(np.float32)
    shares = softmax(logits, axis=1)
    reading = Reading(Task.CLASSIFICATION, output, ("a", "b", "c"), temperature=0.5)
    np.testing.assert_allclose(reading.probabilities(shares), softmax(2 * logits, 1), rtol=1e-4)
    np.testing.assert_array_equal(reading.raw.probabilities(shares), shares)


def test_a_single_sigmoid_calibrates():
    output = Output("sex", (1,), activation="sigmoid")
    reading = Reading(Task.CLASSIFICATION, output, ("f", "m"), temperature=2.0)
    logit = np.array([[-2.0], [0.5]])
    found = reading.probabilities((1 / (1 + np.exp(-logit))).astype(np.float32))
    np.testing.assert_allclose(found[:, 1], 1 / (1 + np.exp(-logit[:, 0] / 2)), rtol=1e-5)
