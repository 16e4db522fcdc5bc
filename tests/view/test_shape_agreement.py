from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.spectrum import Spectrum
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.solve import solve
from spectracnn.view.shape_words import agreement
from tests.geometry.shapes import sphere


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (lambda v: v, "Its eigenvalues are the file's, to rounding."),
        (lambda v: v * 1.001, "Its eigenvalues are the file's, to 0.1 % at most."),
        (lambda v: v[:20] * 12.5, "Its eigenvalues are the file's, times 12.5, to rounding."),
        (lambda v: v * np.linspace(0.99, 1.01, 30), "to 1 % at most."),
        (lambda v: np.cumsum(np.arange(30.0)), "it may be another shape."),
        (lambda v: v[:2], "Shape: a.off."),
    ],
)
def test_how_far_a_files_eigenvalues_are_the_meshs_is_said(values, said: str) -> None:
    solution = solve(sphere(3, 0.2), SolveOptions(k=30))
    spectrum = Spectrum("a", values(solution.eigenvalues))
    assert agreement(spectrum, solution, "a.off").words.endswith(said)
