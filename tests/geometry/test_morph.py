from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.mesh import Mesh
from spectracnn.geometry.fem import matrices
from spectracnn.geometry.morph import MorphRequest, direction_of, morphed
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.solve import solve
from tests.geometry.shapes import sphere


def test_a_mass_of_even_density_is_a_multiple() -> None:
    solid = Mesh("t", np.vstack([np.zeros(3), np.eye(3)]), [[0, 1, 2, 3]])
    for mesh in (sphere(1, 0.2), solid):
        even = np.full(len(mesh.vertices), 2.5)
        for lump in (False, True):
            plain = matrices(mesh, lump=lump)[1].toarray()
            np.testing.assert_allclose(
                matrices(mesh, lump=lump, density=even)[1].toarray(), 2.5 * plain, atol=1e-14
            )


def test_a_varying_density_is_integrated_exactly() -> None:
    """One triangle against a quadrature that is exact for cubic polynomials (Strang and Fix)."""
    triangle = Mesh("t", [[0, 0, 0], [2, 0, 0], [0.5, 1.5, 0]], [[0, 1, 2]])
    density = np.array([1.0, 3.0, 0.5])
    points = np.array([[1 / 3] * 3, [0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6]])
    weights = np.array([-27, 25, 25, 25]) / 48 * 1.5
    wanted = np.einsum("q,qi,qj->ij", weights * (points @ density), points, points)
    np.testing.assert_allclose(matrices(triangle, density=density)[1].toarray(), wanted)


def test_an_even_density_scales_the_spectrum() -> None:
    solution = solve(sphere(3, 0.2), SolveOptions(k=60))
    ones = np.ones(len(solution.mesh.vertices))
    bigger = morphed(MorphRequest(solution, ones, np.log(4)))
    # Twice as long everywhere: four times the area, a quarter of every eigenvalue.
    np.testing.assert_allclose(bigger.eigenvalues, solution.eigenvalues / 4, rtol=1e-8, atol=1e-8)
    assert bigger.area == pytest.approx(4 * solution.report.area)


def test_no_move_is_the_shape_itself() -> None:
    solution = solve(sphere(2, 0.2), SolveOptions(k=30))
    same = morphed(MorphRequest(solution, np.ones(len(solution.mesh.vertices)), 0.0))
    np.testing.assert_allclose(same.eigenvalues, solution.eigenvalues, rtol=1e-8, atol=1e-8)
    assert direction_of(np.array([1.0, -4.0])).tolist() == [0.25, -1.0]
    assert direction_of(np.zeros(2)).tolist() == [0.0, 0.0]
