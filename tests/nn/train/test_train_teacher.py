import numpy as np
import pytest
from sklearn.kernel_ridge import KernelRidge

from spectracnn.nn.train.recipe import Teaching
from spectracnn.nn.train.teacher import FLOOR, Teacher, spacing_statistics

pytestmark = pytest.mark.slow


def spectra_of(n=18, steps=40, seed=0):
    random = np.random.default_rng(seed)
    labels = np.tile([0, 1, 2], n // 3)
    spectra = random.normal(size=(n, steps)) * 0.05 + labels[:, None] * np.linspace(-1, 1, steps)
    return spectra - spectra.mean(axis=1, keepdims=True), labels


def test_spacing_statistics_by_hand():
    spectra, _ = spectra_of(steps=9)
    found = spacing_statistics(spectra)
    assert found.shape == (18, 12)
    # Neighbours 1 to 9: eight spacings, two a window; the first window has indices 1, 2 and 3.
    first = [
        (spectra[0, 1] - spectra[0, 0]) * 1.5,
        (spectra[0, 2] - spectra[0, 1]) * 2.5,
    ]
    assert found[0, 0] == pytest.approx(np.log(abs(first[1] - first[0]) / 2 + FLOOR))


def test_spacing_statistics_ignore_scale():
    spectra, _ = spectra_of()
    np.testing.assert_allclose(spacing_statistics(spectra), spacing_statistics(spectra + 3.0))


def test_pairs_scatter_more_than_even_spacings():
    index = np.arange(1, 101)
    even = np.log(index / index)[None]
    pairs = np.log((index + (index % 2) * 0.9) / index)[None]
    assert (spacing_statistics(pairs)[:, :4] > spacing_statistics(even)[:, :4] + 1).all()


def test_teacher_is_kernel_ridge_regression():
    spectra, labels = spectra_of()
    how = Teaching(spacings=0.0, narrowness=1.0, ridge=0.1)
    teacher = Teacher(spectra, labels, 3, how)
    others, _ = spectra_of(seed=1)
    # sklearn's own: the same kernel, targets centred as the teacher centres them.
    scale = np.sqrt(spectra.shape[1]) * spectra.std()
    features = spectra / scale
    padded = np.hstack([features, np.zeros((len(features), 12))])
    gamma = 1.0 / (padded.shape[1] * padded.var())
    truth = np.eye(3)[labels]
    direct = KernelRidge(alpha=0.1, kernel="rbf", gamma=gamma)
    direct.fit(features, truth - truth.mean(axis=0))
    expected = direct.predict(others / scale) + truth.mean(axis=0)
    np.testing.assert_allclose(teacher.scores(others), expected, atol=1e-8)


def test_answers_are_shares():
    spectra, labels = spectra_of()
    teacher = Teacher(spectra, labels, 4, Teaching())
    answers = teacher.answers(spectra)
    np.testing.assert_allclose(answers.sum(axis=1), 1)
    np.testing.assert_array_equal(answers.argmax(axis=1), labels)
    assert answers.min() > 0


def test_equal_spectra_give_no_nan():
    spectra = np.zeros((6, 20))
    spectra[3:] += np.linspace(-1, 1, 20)
    teacher = Teacher(spectra, np.array([0, 0, 0, 1, 1, 1]), 2, Teaching())
    assert np.isfinite(teacher.answers(spectra)).all()
