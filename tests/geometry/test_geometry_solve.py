from __future__ import annotations

import lapy
import numpy as np
import pytest

from spectracnn.core.mesh import Mesh
from spectracnn.errors import MeshError
from spectracnn.geometry import eigen, krylov
from spectracnn.geometry.counting import count_below
from spectracnn.geometry.fem import matrices
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.read import read_mesh
from spectracnn.geometry.solve import as_spectrum, solve
from tests.geometry.shapes import cube, fsaverage, rectangle, sphere


def relative(found: np.ndarray, expected: np.ndarray) -> float:
    floor = np.abs(expected[np.abs(expected) > 1e-6 * np.abs(expected).max()]).min()
    return float((np.abs(found - expected) / np.maximum(np.abs(expected), floor)).max())


@pytest.mark.parametrize("lump", [False, True])
def test_a_surface_has_the_spectrum_that_lapy_computes(lump: bool) -> None:
    mesh = sphere(4, bumps=0.2)
    solver = lapy.Solver(lapy.TriaMesh(mesh.vertices.copy(), mesh.cells.copy()), lump=lump)
    expected, _ = solver.eigs(200)
    found = solve(mesh, SolveOptions(k=200, lump=lump))
    assert relative(found.eigenvalues, expected) < 1e-9
    assert found.method == "block Krylov"
    assert found.confirmed == 200


def test_a_brain_surface_has_the_spectrum_that_lapy_computes() -> None:
    mesh = read_mesh(fsaverage("white_left"))
    solver = lapy.Solver(lapy.TriaMesh(mesh.vertices.copy(), mesh.cells.astype(int)))
    found = solve(mesh, SolveOptions(k=50))
    assert relative(found.eigenvalues, solver.eigs(50)[0]) < 1e-9
    assert found.confirmed == 50


def test_a_solid_has_the_spectrum_that_lapy_computes() -> None:
    mesh = cube(8)
    solver = lapy.Solver(lapy.TetMesh(mesh.vertices.copy(), mesh.cells.copy()))
    found = solve(mesh, SolveOptions(k=60))
    assert relative(found.eigenvalues, solver.eigs(60)[0]) < 1e-9
    assert found.report.volume == pytest.approx(1)
    assert found.report.area == pytest.approx(6)


def test_matrices_are_those_of_lapy() -> None:
    for mesh, kind in ((sphere(2, 0.2), lapy.TriaMesh), (cube(3), lapy.TetMesh)):
        solver = lapy.Solver(kind(mesh.vertices.copy(), mesh.cells.copy()))
        stiffness, mass = matrices(mesh)
        assert abs(stiffness - solver.stiffness).max() < 1e-13
        assert abs(mass - solver.mass).max() < 1e-15


def test_a_sphere_has_all_its_multiplets() -> None:
    found = solve(sphere(5), SolveOptions(k=225)).eigenvalues
    degrees = np.repeat(np.arange(15), 2 * np.arange(15) + 1)
    np.testing.assert_allclose(found, degrees * (degrees + 1), rtol=0.03, atol=1e-9)


def test_eigenvalues_converge_with_the_square_of_the_edge() -> None:
    expected = np.repeat([2.0, 6.0, 12.0], [3, 5, 7])
    errors = [
        (solve(sphere(level), SolveOptions(k=16)).eigenvalues[1:] / expected - 1).max()
        for level in (3, 4, 5)
    ]
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert (orders > 1.85).all()


@pytest.mark.parametrize(("boundary", "first"), [("neumann", 0), ("dirichlet", 1)])
def test_a_rectangle_has_the_eigenvalues_of_its_boundary_condition(
    boundary: str, first: int
) -> None:
    found = solve(rectangle(60, 90, 1.0, 1.5), SolveOptions(k=30, boundary=boundary))  # type: ignore[arg-type]
    m, n = np.meshgrid(np.arange(first, 30), np.arange(first, 30))
    exact = np.sort((np.pi**2 * (m**2 + (n / 1.5) ** 2)).ravel())[:30]
    np.testing.assert_allclose(found.eigenvalues, exact, rtol=0.02, atol=1e-9)
    assert found.confirmed == 30


def test_a_cube_has_the_multiplets_of_its_closed_form() -> None:
    found = solve(cube(14), SolveOptions(k=20)).eigenvalues
    grid = np.arange(5)
    exact = np.sort(np.add.outer(np.add.outer(grid**2, grid**2), grid**2).ravel())[:20]
    np.testing.assert_allclose(found, np.pi**2 * exact, rtol=0.06, atol=1e-9)


def test_more_equal_components_than_a_block_is_wide_lose_no_zero() -> None:
    one = sphere(2)
    count = 30
    points = np.concatenate([one.vertices + np.array([3.0 * at, 0, 0]) for at in range(count)])
    cells = np.concatenate([one.cells + at * len(one.vertices) for at in range(count)])
    found = solve(Mesh("row", points, cells), SolveOptions(k=100, components="all"))
    alone = solve(one, SolveOptions(k=4)).eigenvalues
    assert np.abs(found.eigenvalues[:30]).max() < 1e-9
    np.testing.assert_allclose(found.eigenvalues[30:], np.sort(np.repeat(alone[1:], 30))[:70])
    assert "30 components" in " ".join(found.report.warnings)


def test_a_wrong_estimate_is_mended_by_counting() -> None:
    stiffness, mass = matrices(sphere(4, 0.2))
    right = eigen.solve_pencil(stiffness, mass, 60, estimate=60.0)
    for factor in (0.05, 30.0):
        found = eigen.solve_pencil(stiffness, mass, 60, estimate=60.0 * factor)
        np.testing.assert_allclose(found.values[1:], right.values[1:], rtol=1e-9)
        assert found.confirmed == 60


def test_a_missed_eigenvalue_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = krylov.smallest
    calls = []

    def lossy(*args: object, **kwargs: object) -> krylov.Pairs:
        pairs = real(*args, **kwargs)  # type: ignore[arg-type]
        calls.append(1)
        if len(calls) > 1:
            return pairs
        keep = np.arange(len(pairs.values)) != 5
        return krylov.Pairs(
            pairs.values[keep], pairs.vectors[:, keep], pairs.residuals[keep], pairs.dimension
        )

    monkeypatch.setattr(krylov, "smallest", lossy)
    stiffness, mass = matrices(sphere(3, 0.2))
    found = eigen.solve_pencil(stiffness, mass, 30, estimate=30.0)
    assert len(calls) == 2
    assert found.confirmed == 30


def test_scipy_serves_where_the_fast_way_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    mesh = sphere(3, 0.2)
    right = solve(mesh, SolveOptions(k=30)).eigenvalues

    def fail(*args: object, **kwargs: object) -> krylov.Pairs:
        raise krylov.NoConvergenceError("not today")

    monkeypatch.setattr(krylov, "smallest", fail)
    found = solve(mesh, SolveOptions(k=30, eigenfunctions=True))
    assert found.method == "SciPy ARPACK"
    assert found.confirmed == 30
    np.testing.assert_allclose(found.eigenvalues[1:], right[1:], rtol=1e-9)
    stiffness, mass = matrices(found.mesh)
    assert found.eigenfunctions is not None
    phi = found.eigenfunctions
    left = stiffness @ phi - (mass @ phi) * found.eigenvalues
    assert np.abs(left).max() < 1e-8


def test_counts_below_a_limit_are_those_of_all_eigenvalues() -> None:
    stiffness, mass = matrices(sphere(2, 0.2))
    values = np.linalg.eigvals(np.linalg.solve(mass.toarray(), stiffness.toarray())).real
    for limit in (0.5, 10.0, 77.0):
        assert count_below(stiffness, mass, limit, 0.1) == (values < limit).sum()
    assert count_below(stiffness, mass, 10.0, 1e-18) is None


def test_eigenfunctions_are_orthonormal_in_the_mass() -> None:
    found = solve(sphere(4, 0.2), SolveOptions(k=40, eigenfunctions=True))
    stiffness, mass = matrices(found.mesh)
    phi = found.eigenfunctions
    assert phi is not None
    np.testing.assert_allclose(phi.T @ (mass @ phi), np.eye(40), atol=1e-10)
    np.testing.assert_allclose(phi.T @ (stiffness @ phi), np.diag(found.eigenvalues), atol=1e-7)


def test_refining_and_the_robust_operator_come_nearer_to_the_sphere() -> None:
    coarse = solve(sphere(2), SolveOptions(k=9))
    fine = solve(sphere(2), SolveOptions(k=9, refine=1))
    assert fine.report.n_vertices == 642
    assert fine.eigenvalues[1] < coarse.eigenvalues[1]
    robust = solve(sphere(3), SolveOptions(k=9, robust=True))
    np.testing.assert_allclose(robust.eigenvalues[1:4], 2.0, rtol=0.02)
    with pytest.raises(MeshError, match="solid"):
        solve(cube(4), SolveOptions(k=5, robust=True))


def test_too_many_eigenvalues_are_refused_in_a_sentence() -> None:
    with pytest.raises(MeshError, match="42 vertices, expected more than the 42"):
        solve(sphere(1), SolveOptions(k=42))
    assert solve(sphere(1), SolveOptions(k=41)).confirmed == 41


def test_the_spectrum_carries_what_is_known() -> None:
    spectrum = as_spectrum(solve(sphere(3), SolveOptions(k=12)))
    assert spectrum.kind == "surface"
    assert spectrum.area == pytest.approx(4 * np.pi, rel=0.02)
    assert spectrum.volume == pytest.approx(4 / 3 * np.pi, rel=0.02)
    assert spectrum.metadata["EulerChar"] == "2"
    assert "12 confirmed" in spectrum.metadata["Solver"]


def test_solving_can_be_stopped() -> None:
    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        solve(sphere(3), SolveOptions(k=30), stop)


def test_eigenvalues_are_accurate_to_twelve_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    mesh = sphere(4, 0.2)
    found = solve(mesh, SolveOptions(k=200)).eigenvalues
    monkeypatch.setattr(krylov, "ACCURACY", 1e-9)
    sharper = solve(mesh, SolveOptions(k=200)).eigenvalues
    assert not np.array_equal(found, sharper)  # so the other ran on
    np.testing.assert_allclose(found[1:], sharper[1:], rtol=1e-12)
