from __future__ import annotations

import numpy as np
import pytest

from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.read import read_mesh
from spectracnn.geometry.samples import SHAPES, drum, sample_shape, torus
from spectracnn.geometry.solve import solve


@pytest.mark.parametrize("name", list(SHAPES))
def test_every_sample_is_sound_and_is_written_once(name: str) -> None:
    path = sample_shape(name)
    before = path.stat().st_mtime_ns
    assert sample_shape(name) == path
    assert path.stat().st_mtime_ns == before
    found = solve(read_mesh(path), SolveOptions(k=10))
    assert found.report.oriented
    assert found.report.n_non_manifold == 0
    assert not found.report.repairs
    expected = {"dumbbell": 2, "torus": 0, "blob": 2, "drum_1": 1, "drum_2": 1}
    assert found.report.euler == expected[name]


@pytest.mark.parametrize("boundary", ["neumann", "dirichlet"])
def test_the_drums_sound_alike_and_are_not(boundary: str) -> None:
    options = SolveOptions(k=40, boundary=boundary)  # type: ignore[arg-type]
    one, other = (solve(drum(which), options) for which in (0, 1))
    np.testing.assert_allclose(one.eigenvalues, other.eigenvalues, rtol=1e-8, atol=1e-8)

    def distances(which: int) -> np.ndarray:
        points = drum(which).vertices
        return np.sort(np.linalg.norm(points - points.mean(axis=0), axis=1))

    assert np.abs(distances(0) - distances(1)).max() > 0.005


def test_the_torus_has_the_area_of_its_closed_form() -> None:
    found = solve(torus(), SolveOptions(k=4))
    assert found.report.area == pytest.approx(4 * np.pi**2 * 0.4, rel=0.01)
    assert found.report.volume == pytest.approx(2 * np.pi**2 * 0.16, rel=0.01)
