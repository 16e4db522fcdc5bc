from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.mesh import Mesh
from spectracnn.errors import MeshError
from spectracnn.geometry.doctor import treat
from tests.geometry.shapes import cube, rectangle, sphere


def test_a_sound_sphere_needs_nothing() -> None:
    mesh = sphere(2)
    treated, report = treat(mesh)
    assert treated.cells is mesh.cells
    assert (report.repairs, report.warnings) == ((), ())
    assert report.closed
    assert report.oriented
    assert report.euler == 2
    assert report.volume == pytest.approx(4 / 3 * np.pi, rel=0.1)


def test_a_soup_of_triangles_is_joined() -> None:
    mesh = sphere(2)
    soup = Mesh("soup", mesh.vertices[mesh.cells].reshape(-1, 3), np.arange(960).reshape(-1, 3))
    treated, report = treat(soup)
    assert len(treated.vertices) == 162
    assert report.euler == 2
    assert report.repairs == ("798 vertices at the place of others joined.",)
    assert len(soup.vertices) == 960


def test_flat_and_repeated_triangles_and_strays_go() -> None:
    mesh = sphere(1)
    points = np.vstack([mesh.vertices, [[9, 9, 9]]])
    cells = np.vstack([mesh.cells, mesh.cells[:2, ::-1], [[3, 3, 4]]])
    treated, report = treat(Mesh("bad", points, cells))
    assert len(treated.cells) == len(mesh.cells)
    assert report.repairs == (
        "1 vertex of no cell removed.",
        "1 triangle without area removed.",
        "2 triangles that repeat others removed.",
    )


def test_the_largest_component_is_kept_or_all() -> None:
    mesh = sphere(2)
    points = np.vstack([mesh.vertices, mesh.vertices * 0.1 + 5])
    both = Mesh("two", points, np.vstack([mesh.cells, mesh.cells + 162]))
    treated, report = treat(both)
    assert len(treated.vertices) == 162
    assert "1 smaller component left out; the largest has 99.01 %" in report.repairs[0]
    treated, report = treat(both, largest=False)
    assert report.n_components == 2
    assert report.euler == 4


def test_an_open_and_a_twisted_surface_are_reported() -> None:
    _, report = treat(rectangle(4, 4))
    assert report.n_boundary == 16
    assert report.volume is None
    assert "16 edges are its boundary" in report.warnings[0]
    mesh = sphere(2)
    cells = mesh.cells.copy()
    cells[0] = cells[0, ::-1]
    _, report = treat(Mesh("twisted", mesh.vertices, cells))
    assert not report.oriented
    assert report.volume is None


def test_a_fin_is_no_manifold() -> None:
    mesh = sphere(1)
    points = np.vstack([mesh.vertices, [[3, 3, 3]]])
    _, report = treat(Mesh("fin", points, np.vstack([mesh.cells, [[*mesh.cells[0, :2], 42]]])))
    assert report.n_non_manifold == 1
    assert any("no manifold" in text for text in report.warnings)


def test_touching_parts_are_not_joined_into_no_manifold() -> None:
    mesh = rectangle(2, 2)
    upright = mesh.vertices[:, [2, 1, 0]]
    third = mesh.vertices[:, [2, 1, 0]] * [1, 1, -1]
    points = np.vstack([mesh.vertices, upright, third])
    three = Mesh("book", points, np.vstack([mesh.cells + 9 * at for at in range(3)]))
    treated, report = treat(three, largest=False)
    assert len(treated.vertices) == 27
    assert "left apart" in report.repairs[0]


def test_a_solid_has_its_boundary() -> None:
    _, report = treat(cube(3))
    assert report.volume == pytest.approx(1)
    assert report.area == pytest.approx(6)
    assert report.euler == 1
    assert report.n_boundary == 6 * 9 * 2


@pytest.mark.parametrize(
    ("points", "cells", "words"),
    [
        ([[0, 0, 0], [1, 0, 0], [np.nan, 1, 0]], [[0, 1, 2]], "no finite number"),
        ([[0, 0, 0], [1, 0, 0], [2, 0, 0]], [[0, 1, 2]], "no triangle with area"),
        ([[1, 1, 1]] * 3, [[0, 1, 2]], "extent 0"),
    ],
)
def test_what_would_mean_nothing_is_refused(points: list, cells: list, words: str) -> None:
    with pytest.raises(MeshError, match=words):
        treat(Mesh("x", points, cells))
