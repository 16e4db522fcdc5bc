from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.spectrum import Spectrum
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.solve import as_spectrum, solve
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


def test_another_shape_is_doubted_although_weyls_law_makes_all_alike() -> None:
    ball, egg = (solve(sphere(3, bumps), SolveOptions(k=120)) for bumps in (0.0, 0.5))
    found = agreement(as_spectrum(ball), egg, "egg.off")
    assert found.doubtful
    assert "it may be another shape." in found.words


def test_another_mesh_of_the_same_shape_is_none() -> None:
    coarse, fine = (solve(sphere(level, 0.2), SolveOptions(k=120)) for level in (3, 4))
    found = agreement(as_spectrum(fine), coarse, "coarse.off")
    assert not found.doubtful
    assert found.words.endswith("The file was computed on 2,562 vertices, the mesh has 642.")
