from __future__ import annotations

import numpy as np
import pytest

from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.read import read_mesh
from spectracnn.geometry.samples import SHAPES, sample_shape, torus
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


def test_the_torus_has_the_area_of_its_closed_form() -> None:
    found = solve(torus(), SolveOptions(k=4))
    assert found.report.area == pytest.approx(4 * np.pi**2 * 0.4, rel=0.01)
    assert found.report.volume == pytest.approx(2 * np.pi**2 * 0.16, rel=0.01)
