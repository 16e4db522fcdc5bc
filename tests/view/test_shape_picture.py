from __future__ import annotations

import numpy as np
import pytest

from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.samples import torus
from spectracnn.geometry.solve import solve
from spectracnn.view.shape_picture import START, diverging, draw, skin, turned
from spectracnn.view.shape_words import mode_words, multiplet, scaled, wavelength
from tests.geometry.shapes import rectangle, sphere


def test_a_sphere_is_a_disc_of_its_size() -> None:
    shape = skin(sphere(3))
    values = shape.points[:, 0]
    picture = draw(shape, values, diverging(), np.eye(3), (100, 100), ground=(1, 2, 3))
    hit = (picture != (1, 2, 3)).any(axis=2)
    assert hit.sum() == pytest.approx(np.pi * 47**2, rel=0.04)
    assert picture[50, 10, 2] > picture[50, 10, 0]  # blue at the left, where values are negative
    assert picture[50, 90, 0] > picture[50, 90, 2]
    assert (picture[30:70, 49:51] == 40).any()  # the nodal line in the middle


def test_what_is_in_front_hides_what_is_behind() -> None:
    shape = skin(rectangle(2, 2))
    picture = draw(shape, np.ones(9), diverging(), np.eye(3), (60, 60), contour=False)
    assert (picture[30, 30] < 255).any()
    closed = skin(sphere(2))
    assert closed.closed
    front = closed.points[:, 2]
    picture = draw(closed, np.sign(front), diverging(), np.eye(3), (60, 60), contour=False)
    assert picture[30, 30, 0] > picture[30, 30, 2]
    assert not skin(rectangle(2, 2)).closed


def test_a_rotation_stays_one_and_large_zooms_draw() -> None:
    np.testing.assert_allclose(
        turned(START, 0.3, 0.2) @ turned(START, 0.3, 0.2).T, np.eye(3), atol=1e-12
    )
    shape = skin(sphere(0))
    picture = draw(shape, np.zeros(12), diverging(), START, (80, 60), zoom=8)
    assert picture.shape == (60, 80, 3)
    assert (picture[30, 40] < 255).any()


def test_words_name_multiplets_and_wavelengths() -> None:
    found = solve(torus(), SolveOptions(k=8))
    assert multiplet(found.eigenvalues, 1) == (1, 2)
    assert "one of 2 nearly equal ones (1 to 2)" in mode_words(found, 2)
    assert wavelength(4 * np.pi**2) == pytest.approx(1)
    assert wavelength(0.0) == float("inf")
    assert scaled(np.array([-2.0, 1.0])).tolist() == [-1, 0.5]
    assert scaled(np.zeros(2)).tolist() == [0, 0]
