"""Filters with rows and columns: their sums, and what they do to planes and waves."""

import numpy as np
import pytest

from spectracnn.core.filter_presets import Preset, mirrored, on_rows, plane_preset, preset

WINDOWS = [(3, 3), (1, 5), (5, 1), (4, 7), (2, 2)]


@pytest.mark.parametrize("window", WINDOWS)
def test_sums_are_those_of_a_curve(window):
    for kind in Preset:
        made = plane_preset(kind, window, seed=3)
        assert made.shape == window
        assert np.isfinite(made).all()
        expected = 1.0 if kind in (Preset.MEAN, Preset.GAUSSIAN) else 0.0
        assert made.sum() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("window", [(3, 5), (4, 3)])
def test_the_difference_is_the_slope_along_the_columns(window):
    made = plane_preset(Preset.DIFFERENCE, window)
    row, column = np.indices(window)
    assert (made * (2.5 * column + 4 * row)).sum() == pytest.approx(2.5)
    curved = plane_preset(Preset.SECOND_DIFFERENCE, window)
    assert (curved * (1.5 * column**2 + 7 * row)).sum() == pytest.approx(3.0)


def test_one_row_is_a_curve_and_one_column_runs_along_the_rows():
    for kind in Preset:
        np.testing.assert_allclose(plane_preset(kind, (1, 5), 2)[0], preset(kind, 5, 2))
        np.testing.assert_allclose(plane_preset(kind, (5, 1), 2)[:, 0], preset(kind, 5, 2))


def test_changes_act_on_each_row():
    values = np.arange(6.0)
    assert on_rows(values, (2, 3), mirrored).tolist() == [2, 1, 0, 5, 4, 3]
    assert on_rows(values, (6,), mirrored).tolist() == [5, 4, 3, 2, 1, 0]
