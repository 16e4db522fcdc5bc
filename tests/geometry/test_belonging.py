from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from spectracnn.geometry.belonging import mesh_beside

if TYPE_CHECKING:
    from pathlib import Path

OFF = "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"


def put(path: Path, text: str = OFF) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("spectrum", "mesh"),
    [
        ("lh.ev", "lh.pial"),
        ("lh.pial.ev", "lh.pial"),
        ("lh-white-2d.ev", "lh.white"),
        ("torus.ev", "torus.off"),
        ("torus.csv", "torus.vtk"),
        ("a.b.ev", "a.b.gii"),
        ("brainprint/lh.ev", "surf/lh.pial"),
    ],
)
def test_a_spectrum_finds_the_mesh_of_its_name(tmp_path: Path, spectrum: str, mesh: str) -> None:
    source = put(tmp_path / spectrum, "1 2 3")
    assert mesh_beside(source) is None
    expected = put(tmp_path / mesh)
    found = mesh_beside(source)
    assert found is not None
    assert found.resolve() == expected


def test_what_is_no_mesh_or_has_another_name_does_not_belong(tmp_path: Path) -> None:
    source = put(tmp_path / "lh.ev", "1 2 3")
    put(tmp_path / "rh.pial")
    put(tmp_path / "lh.pial", "no mesh at all")
    (tmp_path / "lh.white").mkdir()
    assert mesh_beside(source) is None


def test_a_spectrum_of_a_table_has_the_mesh_of_its_own_name(tmp_path: Path) -> None:
    source = put(tmp_path / "all.csv", "1 2 3")
    mesh = put(tmp_path / "torus.off")
    assert mesh_beside(source, "torus") == tmp_path / "." / mesh.name
    assert mesh_beside(source, "../torus") is None
    assert mesh_beside(mesh) == mesh
