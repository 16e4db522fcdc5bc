from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.mesh import Mesh
from spectracnn.geometry.drums import OUTLINES, TILES, drum
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.solve import solve
from tests.geometry.shapes import GWW_TONES, extrapolated


def crooked(which: int, refinements: int) -> Mesh:
    """Return a drum whose inner vertices are moved, differently in both drums."""
    mesh = drum(which, refinements)
    ends, counts = np.unique(
        np.sort(np.concatenate([mesh.cells[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 0))])),
        axis=0,
        return_counts=True,
    )
    inner = np.ones(len(mesh.vertices), bool)
    inner[ends[counts == 1]] = False
    x, y, _ = mesh.vertices.T
    moved = mesh.vertices.copy()
    step = 0.3 / 2**refinements
    moved[inner, 0] += step * np.sin((40 + 9 * which) * y + 7 * x)[inner]
    moved[inner, 1] += step * np.cos((31 - 8 * which) * x - 5 * y)[inner]
    return Mesh(mesh.name, moved, mesh.cells)


def spectrum(mesh: Mesh, boundary: str, k: int) -> np.ndarray:
    return solve(mesh, SolveOptions(k=k, boundary=boundary)).eigenvalues  # type: ignore[arg-type]


@pytest.mark.parametrize("boundary", ["neumann", "dirichlet"])
def test_the_drums_sound_alike(boundary: str) -> None:
    one, other = (spectrum(drum(which), boundary, 60) for which in (0, 1))
    np.testing.assert_allclose(one, other, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("boundary", ["neumann", "dirichlet"])
def test_on_unlike_meshes_both_spectra_come_nearer_to_each_other(boundary: str) -> None:
    apart = []
    for refinements in (3, 4, 5):
        one, other = (spectrum(crooked(which, refinements), boundary, 20) for which in (0, 1))
        apart.append(np.abs(one / other - 1)[1:].max())
    assert apart[0] > 1e-4  # the meshes are no mirror images of each other
    assert apart[1] < apart[0] / 2
    assert apart[2] < apart[1] / 2
    assert apart[2] < 1e-2


@pytest.mark.parametrize("which", [0, 1])
def test_the_lowest_tones_are_those_of_the_literature(which: int) -> None:
    found = [spectrum(drum(which, level), "dirichlet", 10) for level in (4, 5, 6)]
    errors = [np.abs(values / GWW_TONES - 1).max() for values in found]
    # The inner corners of 270 degrees and more hold the order below 2.
    assert errors[1] < errors[0] / 2
    assert errors[2] < errors[1] / 2
    assert errors[2] < 3e-3
    np.testing.assert_allclose(extrapolated(*found), GWW_TONES, rtol=2e-4)


@pytest.mark.parametrize("which", [0, 1])
def test_some_tones_are_those_of_a_single_triangle(which: int) -> None:
    """A mode of half the unit square, mirrored at every side, is one of the whole drum."""
    coarse, fine = (spectrum(drum(which, level), "dirichlet", 21) for level in (4, 5))
    limit = (4 * fine - coarse) / 3  # smooth modes have the full order
    np.testing.assert_allclose(limit[[8, 20]], np.pi**2 * np.array([1 + 4, 1 + 9]), rtol=1e-4)


@pytest.mark.parametrize("which", [0, 1])
def test_the_tiles_fill_the_outline(which: int) -> None:
    found = drum(which, 0)
    edges = np.concatenate([found.cells[:, [a, b]] for a, b in ((0, 1), (1, 2), (2, 0))])
    key = {frozenset(edge) for edge in edges.tolist()}
    single = [e for e in key if sum(frozenset(x) == e for x in edges.tolist()) == 1]
    rim = sum(np.linalg.norm(np.diff(found.vertices[list(e)], axis=0)) for e in single)
    corners = np.array(OUTLINES[which], float)
    around = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1).sum()
    assert rim == pytest.approx(around) == pytest.approx(6 + 3 * np.sqrt(2))
    x, y = corners.T
    area = abs(x @ np.roll(y, 1) - y @ np.roll(x, 1)) / 2
    assert area == 3.5 == 0.5 * len(TILES[which])


def test_the_outlines_are_no_mirror_images() -> None:
    apart = [
        np.sort(np.linalg.norm(drum(w).vertices - drum(w).vertices.mean(axis=0), axis=1))
        for w in (0, 1)
    ]
    assert len(apart[0]) == len(apart[1])
    assert np.abs(apart[0] - apart[1]).max() > 0.005
