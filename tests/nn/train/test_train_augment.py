import numpy as np
import pytest

from spectracnn.nn.train.augment import partners, smooth_curves, smoothing_matrix, varied
from spectracnn.nn.train.recipe import Augmentation

pytestmark = pytest.mark.slow

LABELS = np.array([2, 0, 1, 0, 2, 2, 1])
STEPS = 60


def spectra_of(seed=0):
    spectra = np.random.default_rng(seed).normal(size=(len(LABELS), STEPS))
    return spectra - spectra.mean(axis=1, keepdims=True)


def made(spectra, seed=0, **how):
    how = {"varied": 300, "strangers": 0.0, "mixing": 0.0, "distortion": 0.0, **how}
    return varied(spectra, LABELS, Augmentation(**how), np.random.default_rng(seed))


def test_partners_are_of_the_same_class():
    rows = np.array([0, 1, 2] * 60)
    how = Augmentation(strangers=0.0)
    found = partners(rows, LABELS, how, np.random.default_rng(1))
    for row, members in {0: {0, 4, 5}, 1: {1, 3}, 2: {2, 6}}.items():
        assert set(found[rows == row]) == members


def test_strangers_are_of_any_class():
    rows = np.zeros(300, np.int64)
    found = partners(rows, LABELS, Augmentation(strangers=1.0), np.random.default_rng(1))
    assert set(found) == set(range(len(LABELS)))


@pytest.mark.parametrize("how", [{}, {"mixing": 1.0}, {"distortion": 0.1}, {"strangers": 1.0}])
def test_zero_mean_and_the_count_asked_for(how):
    found = made(spectra_of(), **how)
    assert found.shape == (300, STEPS)
    np.testing.assert_allclose(found.mean(axis=1), 0, atol=1e-12)


def test_without_mixing_and_distortion_only_fine_structures_change_places():
    spectra = spectra_of()
    smooth = spectra @ smoothing_matrix(STEPS).T
    fine = spectra - smooth
    allowed = [
        smooth[i] + fine[j]
        for i in range(len(LABELS))
        for j in range(len(LABELS))
        if LABELS[i] == LABELS[j]
    ]
    allowed = np.array(allowed) - np.mean(allowed, axis=1, keepdims=True)
    for row in made(spectra):
        assert np.abs(allowed - row).max(axis=1).min() < 1e-12


def test_mixing_keeps_the_fine_structure_whole():
    # The fine structure of all is the same alternation: no mixing of smooth parts may weaken it.
    tilt = np.outer(np.arange(len(LABELS)), np.linspace(-1, 1, STEPS))
    alternation = 0.5 * (-1.0) ** np.arange(STEPS)
    found = made(tilt + alternation, mixing=1.0, strangers=1.0)
    inner = (found[:, 21:40] - (found[:, 20:39] + found[:, 22:41]) / 2) * alternation[21:40]
    np.testing.assert_allclose(inner, 0.5, atol=0.03)


def test_the_seed_decides():
    spectra = spectra_of()
    how = {"mixing": 0.5, "distortion": 0.02, "strangers": 0.3}
    np.testing.assert_array_equal(made(spectra, 4, **how), made(spectra, 4, **how))
    assert not np.array_equal(made(spectra, 4, **how), made(spectra, 5, **how))


def test_smoothing_keeps_a_constant():
    np.testing.assert_allclose(smoothing_matrix(30).sum(axis=1), 1)


@pytest.mark.parametrize("n", [2, 50, 100])
def test_smooth_curves_have_no_mean_and_few_turns(n):
    curves = smooth_curves(n)
    assert curves.shape[1] == n
    np.testing.assert_allclose(curves.mean(axis=1), 0, atol=1e-6)
    turns = (np.diff(np.sign(np.diff(curves, axis=1)), axis=1) != 0).sum(axis=1)
    assert turns.max(initial=0) <= 3
