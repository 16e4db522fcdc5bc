"""What is written with maps, read back by those who did not write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lapy
import meshio
import nibabel
import numpy as np
import pytest
import trimesh

from spectracnn.errors import ExportError
from spectracnn.geometry.read import read_mesh
from spectracnn.geometry.write_maps import write_maps
from tests.geometry.shapes import cube, sphere

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.mesh import Mesh


def maps_of(mesh: Mesh) -> dict[str, np.ndarray]:
    x, y, _ = mesh.vertices.T
    return {"mode energy": x**2 + 0.1, "sensitivity": np.sin(3 * y)}


@pytest.mark.parametrize("suffix", [".vtk", ".vtu", ".ply"])
def test_meshio_reads_the_surface_and_its_maps(tmp_path: Path, suffix: str) -> None:
    mesh = sphere(2, 0.2)
    maps = maps_of(mesh)
    write_maps(mesh, maps, tmp_path / f"maps{suffix}")
    found = meshio.read(tmp_path / f"maps{suffix}")
    np.testing.assert_array_equal(found.points, mesh.vertices)
    np.testing.assert_array_equal(found.cells_dict["triangle"], mesh.cells)
    np.testing.assert_array_equal(found.point_data["mode_energy"].ravel(), maps["mode energy"])
    np.testing.assert_array_equal(found.point_data["sensitivity"].ravel(), maps["sensitivity"])
    np.testing.assert_array_equal(read_mesh(tmp_path / f"maps{suffix}").cells, mesh.cells)


@pytest.mark.parametrize("suffix", [".vtk", ".vtu"])
def test_meshio_reads_the_solid_and_its_maps(tmp_path: Path, suffix: str) -> None:
    mesh = cube(3)
    maps = maps_of(mesh)
    write_maps(mesh, maps, tmp_path / f"maps{suffix}")
    found = meshio.read(tmp_path / f"maps{suffix}")
    np.testing.assert_array_equal(found.points, mesh.vertices)
    np.testing.assert_array_equal(found.cells_dict["tetra"], mesh.cells)
    np.testing.assert_array_equal(found.point_data["mode_energy"].ravel(), maps["mode energy"])
    assert read_mesh(tmp_path / f"maps{suffix}").kind == mesh.kind


def test_lapy_reads_surface_and_solid(tmp_path: Path) -> None:
    for mesh, kind in ((sphere(2, 0.2), lapy.TriaMesh), (cube(3), lapy.TetMesh)):
        path = tmp_path / f"{mesh.name}.vtk"
        write_maps(mesh, maps_of(mesh), path)
        found = kind.read_vtk(str(path))
        np.testing.assert_allclose(found.v, mesh.vertices, rtol=1e-6, atol=1e-7)
        np.testing.assert_array_equal(found.t, mesh.cells)


def test_trimesh_and_nibabel_read_theirs(tmp_path: Path) -> None:
    mesh = sphere(2, 0.2)
    maps = maps_of(mesh)
    write_maps(mesh, maps, tmp_path / "maps.ply")
    found = trimesh.load(tmp_path / "maps.ply", process=False)
    np.testing.assert_array_equal(found.faces, mesh.cells)
    write_maps(mesh, maps, tmp_path / "maps.gii")
    image = nibabel.load(tmp_path / "maps.gii")
    assert [array.meta.get("Name") for array in image.darrays[2:]] == ["mode_energy", "sensitivity"]
    np.testing.assert_allclose(image.darrays[3].data, maps["sensitivity"], atol=1e-7)


@pytest.mark.parametrize("suffix", [".ply", ".gii"])
def test_a_solid_is_refused_where_only_surfaces_go(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(ExportError, match=r"surfaces only; write a solid as \.vtk"):
        write_maps(cube(2), {}, tmp_path / f"solid{suffix}")
    with pytest.raises(ExportError, match="written as"):
        write_maps(cube(2), {}, tmp_path / "solid.stl")
    assert not list(tmp_path.iterdir())
