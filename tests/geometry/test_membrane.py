import numpy as np
import pytest
from scipy.special import jn_zeros

from spectracnn.geometry.membrane import Outline, membrane_modes, partners


def test_the_square_has_its_closed_form():
    found = membrane_modes(Outline.SQUARE, 8)
    exact = sorted(np.pi**2 * (m * m + n * n) for m in range(1, 5) for n in range(1, 5))[:8]
    np.testing.assert_allclose(found.eigenvalues, exact, rtol=5e-3)


def test_the_rectangle_has_its_closed_form():
    found = membrane_modes(Outline.RECTANGLE, 4)
    height = 40 / 64  # the first grid row that is held
    exact = sorted(
        np.pi**2 * (m * m + n * n / height**2) for m in range(1, 5) for n in range(1, 5)
    )[:4]
    np.testing.assert_allclose(found.eigenvalues, exact, rtol=5e-3)


def test_the_disc_comes_near_the_zeros_of_bessel_functions():
    found = membrane_modes(Outline.DISC, 3)
    exact = [(2 * jn_zeros(order, 1)[0]) ** 2 for order in (0, 1, 1)]
    np.testing.assert_allclose(found.eigenvalues, exact, rtol=0.04)


def test_the_formula_is_of_second_order():
    errors = [
        abs(membrane_modes(Outline.SQUARE, 1, size).eigenvalues[0] - 2 * np.pi**2)
        for size in (15, 31)
    ]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.05)


def test_pairs_of_the_square():
    values = membrane_modes(Outline.SQUARE).eigenvalues
    assert partners(values, 0) == []
    assert partners(values, 1) == [2]
    assert partners(membrane_modes(Outline.RECTANGLE).eigenvalues, 1) == []


def test_modes_stand_still_outside():
    shapes = membrane_modes(Outline.L_SHAPE).shapes
    assert np.isnan(shapes[0, 10, 50])
    assert np.nanmax(np.abs(shapes), axis=(1, 2)) == pytest.approx(1)
