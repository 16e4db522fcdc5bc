import numpy as np
import pytest
from scipy.signal import savgol_coeffs

from spectracnn.core.filter_presets import Preset, mirrored, preset, shifted, zero_sum


@pytest.mark.parametrize("size", [3, 4, 5, 7, 11])
def test_differences_are_those_of_savitzky_and_golay(size):
    first = savgol_coeffs(size, 2, deriv=1, use="dot", pos=(size - 1) / 2)
    second = savgol_coeffs(size, 2, deriv=2, use="dot", pos=(size - 1) / 2)
    np.testing.assert_allclose(preset(Preset.DIFFERENCE, size), first, atol=1e-12)
    np.testing.assert_allclose(preset(Preset.SECOND_DIFFERENCE, size), second, atol=1e-12)


@pytest.mark.parametrize("kind", list(Preset))
@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_sums(kind, size):
    weights = preset(kind, size, seed=3)
    assert weights.shape == (size,)
    assert np.isfinite(weights).all()
    if kind in {Preset.MEAN, Preset.GAUSSIAN}:
        assert weights.sum() == pytest.approx(1)
    elif size > 1:
        assert weights.sum() == pytest.approx(0, abs=1e-12)


def test_changes_of_a_filter():
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_array_equal(mirrored(weights), [4, 3, 2, 1])
    np.testing.assert_array_equal(shifted(weights, 1), [0, 1, 2, 3])
    np.testing.assert_array_equal(shifted(weights, -2), [3, 4, 0, 0])
    np.testing.assert_array_equal(shifted(weights, 9), [0, 0, 0, 0])
    np.testing.assert_array_equal(shifted(weights, 0), weights)
    np.testing.assert_array_equal(zero_sum(weights), [-1.5, -0.5, 0.5, 1.5])
