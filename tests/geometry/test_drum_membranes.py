"""The drums of Gordon, Webb and Wolpert on a grid."""

import numpy as np
import pytest

from spectracnn.geometry.membrane import DRUMS, membrane_modes
from tests.geometry.shapes import GWW_TONES


@pytest.mark.parametrize("size", [23, 47, 95])
def test_both_have_the_same_eigenvalues_on_every_grid_that_fits(size):
    one, other = (membrane_modes(drum, size=size) for drum in DRUMS)
    np.testing.assert_allclose(one.eigenvalues, other.eigenvalues, rtol=1e-11)
    assert np.isfinite(one.shapes[0]).sum() == np.isfinite(other.shapes[0]).sum()


def test_they_are_those_that_are_known():
    found = [membrane_modes(DRUMS[0], size=size).eigenvalues[:10] for size in (47, 95, 191)]
    errors = [np.abs(values / GWW_TONES - 1).max() for values in found]
    assert errors[2] < errors[1] < errors[0]
    np.testing.assert_allclose(found[-1], GWW_TONES, rtol=1e-3)


def test_they_are_not_the_same_drum():
    one, other = (np.isfinite(membrane_modes(drum, size=47).shapes[0]) for drum in DRUMS)
    turned = [np.rot90(other, turns) for turns in range(4)]
    assert not any(
        np.array_equal(one, image) for pose in turned for image in (pose, np.fliplr(pose))
    )
