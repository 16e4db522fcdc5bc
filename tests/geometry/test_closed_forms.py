"""Spectra against closed forms: every value, with its multiplicity, and the order of convergence.

Linear elements have errors of the second order, so that two meshes, one with edges of half the
length, give values in which that error is taken out: ``(4 fine - coarse) / 3``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.sparse import csr_array
from scipy.special import jn_zeros, jnp_zeros, spherical_jn

from spectracnn.core.mesh import Mesh
from spectracnn.geometry.eigen import solve_pencil
from spectracnn.geometry.fem import matrices
from spectracnn.geometry.options import Boundary, SolveOptions
from spectracnn.geometry.solve import solve
from tests.geometry.shapes import cube, rectangle, sphere

if TYPE_CHECKING:
    from collections.abc import Callable


def spectrum(mesh: Mesh, k: int, boundary: Boundary = "neumann") -> np.ndarray:
    found = solve(mesh, SolveOptions(k=k, boundary=boundary))
    assert found.confirmed == k  # by counting: no value is missing
    return found.eigenvalues


def check(
    mesh: Callable[[int], Mesh],
    size: int,
    exact: np.ndarray,
    boundary: Boundary = "neumann",
    *,
    within: float,
) -> None:
    """Compare with meshes of half the edge, of which the last but one and the last are near."""
    check_values([spectrum(mesh(size * f), len(exact), boundary) for f in (1, 2)], exact, within)


def check_values(found: list[np.ndarray], exact: np.ndarray, within: float) -> None:
    top = exact.max()
    for coarse, fine in pairwise(found):
        errors = [np.abs(values - exact).max() / top for values in (coarse, fine)]
        assert errors[1] < errors[0] / 3  # of the second order
        refined = (4 * fine - coarse) / 3
        np.testing.assert_allclose(refined, exact, atol=within * top)


# --- surfaces --------------------------------------------------------------------------------


def test_the_sphere_has_multiplets_of_odd_size() -> None:
    degrees = np.repeat(np.arange(8), 2 * np.arange(8) + 1)
    found = [spectrum(sphere(level), 64) for level in (3, 4)]
    check_values(found, (degrees * (degrees + 1)).astype(float), 1e-3)


def test_the_flat_torus_has_pairs_and_more() -> None:
    """Opposite sides of a rectangle are one: in three dimensions no torus is flat."""
    wide, high = 1.0, 1.4

    def torus(n: int) -> np.ndarray:
        flat = rectangle(n, n, wide, high)
        column, row = np.divmod(np.arange((n + 1) ** 2), n + 1)
        same = (column % n) * n + row % n
        joined = csr_array((np.ones(len(same)), (np.arange(len(same)), same)))
        stiffness, mass = (joined.T @ one @ joined for one in matrices(flat))
        found = solve_pencil(stiffness, mass, 29, estimate=29 * 4 * np.pi / (wide * high))
        assert found.confirmed == 29
        return found.values

    m = np.arange(-9, 10)
    exact = np.sort(np.add.outer((2 * np.pi * m / wide) ** 2, (2 * np.pi * m / high) ** 2).ravel())
    check_values([torus(n) for n in (32, 64)], exact[:29], 1e-3)


@pytest.mark.parametrize(("boundary", "first"), [("neumann", 0), ("dirichlet", 1)])
def test_the_rectangle(boundary: Boundary, first: int) -> None:
    m = np.arange(first, 40)
    exact = np.sort(np.add.outer((np.pi * m) ** 2, (np.pi * m / 1.5) ** 2).ravel())[:30]
    check(lambda n: rectangle(2 * n, 3 * n, 1.0, 1.5), 16, exact, boundary, within=2e-3)


def disc(rings: int) -> Mesh:
    """Return the unit disc: six sectors, with six more points on each ring."""
    points, starts = [np.zeros((1, 3))], [0]
    for ring in range(1, rings + 1):
        angles = 2 * np.pi * np.arange(6 * ring) / (6 * ring)
        circle = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
        starts.append(starts[-1] + len(points[-1]))
        points.append(circle * ring / rings)
    cells = []
    for ring in range(1, rings + 1):
        inner, outer = starts[ring - 1], starts[ring]
        n_inner, n_outer = max(1, 6 * (ring - 1)), 6 * ring
        for sector in range(6):
            for at in range(ring):
                a = inner + (sector * (ring - 1) + at) % n_inner
                b, c = (outer + (sector * ring + at + more) % n_outer for more in (0, 1))
                cells.append((a, b, c))
                if at < ring - 1:
                    cells.append((a, c, inner + (sector * (ring - 1) + at + 1) % n_inner))
    return Mesh("disc", np.concatenate(points), np.array(cells))


@pytest.mark.parametrize(("boundary", "zeros"), [("neumann", jnp_zeros), ("dirichlet", jn_zeros)])
def test_the_disc_has_the_zeros_of_bessel_functions(boundary: Boundary, zeros) -> None:
    values = [0.0] if boundary == "neumann" else []
    for order in range(20):
        values += [float(z) ** 2 for z in zeros(order, 10)] * (2 if order else 1)
    exact = np.sort(values)[:40]
    check(disc, 16, exact, boundary, within=3e-3)


# --- solids ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("boundary", "first"), [("neumann", 0), ("dirichlet", 1)])
def test_the_cube(boundary: Boundary, first: int) -> None:
    squares = np.arange(first, 8) ** 2
    sums = np.add.outer(np.add.outer(squares, squares), squares)
    exact = np.pi**2 * np.sort(sums.ravel())[:20]
    check(cube, 10, exact, boundary, within=0.02)


def ball(n: int) -> Mesh:
    """Return the unit ball: a cube whose layers are moved onto spheres."""
    made = cube(n)
    points = 2 * made.vertices - 1
    length = np.linalg.norm(points, axis=1, keepdims=True)
    points *= np.abs(points).max(axis=1, keepdims=True) / np.where(length > 0, length, 1)
    return Mesh("ball", points, made.cells)


def test_the_ball_has_the_zeros_of_spherical_bessel_functions() -> None:
    """Nothing flows through the rim: the derivative is zero there."""
    values = []
    grid = np.linspace(1e-3, 9, 2000)
    for degree in range(8):
        slope = lambda z, degree=degree: spherical_jn(degree, z, derivative=True)  # noqa: E731
        sides = np.sign(slope(grid))
        places = np.flatnonzero(sides[:-1] != sides[1:])
        roots = [brentq(slope, grid[at], grid[at + 1]) for at in places]
        values += [root**2 for root in roots for _ in range(2 * degree + 1)]
    exact = np.sort([0.0, *values])[:20]
    check(ball, 8, exact, within=0.02)
