from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import lapy
import meshio
import nibabel
import numpy as np
import pytest
import trimesh

from spectracnn.errors import FileFormatError
from spectracnn.geometry.doctor import treat
from spectracnn.geometry.formats import MeshFormat, is_mesh, mesh_format
from spectracnn.geometry.read import read_mesh
from tests.geometry.shapes import cube, fsaverage, rectangle, sphere

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.mesh import Mesh

QUADS = """COFF # a cube
8 6 0
0 0 0 255 0 0 255
1 0 0
1 1 0

0 1 0
0 0 1
1 0 1
1 1 1
0 1 1
4 0 3 2 1
4 4 5 6 7 0.5 0.5 0.5
4 0 1 5 4
4 1 2 6 5
4 2 3 7 6
4 3 0 4 7
"""


def same(found: Mesh, expected: Mesh, digits: float = 1e-6) -> None:
    """Compare the triangles in space, since formats may number vertices anew."""
    for mesh in (found, expected):
        assert mesh.cells.shape == expected.cells.shape
    np.testing.assert_allclose(
        found.vertices[found.cells], expected.vertices[expected.cells], atol=digits
    )


def test_what_trimesh_writes_is_read(tmp_path: Path) -> None:
    mesh = sphere(2, 0.2)
    made = trimesh.Trimesh(mesh.vertices, mesh.cells, process=False)
    for suffix in ("off", "obj", "ply", "stl"):
        made.export(tmp_path / f"s.{suffix}")
        same(read_mesh(tmp_path / f"s.{suffix}"), mesh)
    (tmp_path / "t.stl").write_text(trimesh.exchange.stl.export_stl_ascii(made))
    made.export(tmp_path / "t.ply", encoding="ascii")
    for name, form in (("t.stl", MeshFormat.STL_TEXT), ("t.ply", MeshFormat.PLY)):
        assert mesh_format(tmp_path / name) is form
        same(read_mesh(tmp_path / name), mesh)


@pytest.mark.filterwarnings("ignore")
def test_what_meshio_writes_is_read(tmp_path: Path) -> None:
    for mesh, kind in ((sphere(2), "triangle"), (cube(2), "tetra")):
        made = meshio.Mesh(mesh.vertices, [(kind, mesh.cells)])
        for name, form, options in (
            ("a.vtk", "vtk", {}),
            ("b.vtk", "vtk", {"binary": False}),
            ("c.vtu", "vtu", {}),
            ("d.vtu", "vtu", {"binary": False}),
            ("e.msh", "gmsh", {}),
            ("f.msh", "gmsh22", {"binary": False}),
        ):
            meshio.write(tmp_path / name, made, file_format=form, **options)
            same(read_mesh(tmp_path / name), mesh)


def test_what_lapy_and_nibabel_write_is_read(tmp_path: Path) -> None:
    mesh = sphere(2)
    made = lapy.TriaMesh(mesh.vertices.copy(), mesh.cells.copy())
    made.write_vtk(str(tmp_path / "l.vtk"))
    made.write_fssurf(str(tmp_path / "lh.pial"))
    nibabel.freesurfer.write_geometry(tmp_path / "rh.white", mesh.vertices, mesh.cells)
    for name in ("l.vtk", "lh.pial", "rh.white"):
        same(read_mesh(tmp_path / name), mesh)
    assert read_mesh(tmp_path / "lh.pial").name == "lh.pial"


def test_real_brain_surfaces_are_read() -> None:
    mesh = read_mesh(fsaverage("pial_left"))
    assert (len(mesh.vertices), len(mesh.cells), mesh.name) == (10242, 20480, "pial_left")
    with pytest.raises(FileFormatError, match="GIFTI file without a surface"):
        read_mesh(fsaverage("curv_left"))


def test_polygons_are_cut_and_colours_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cube.off"
    path.write_text(QUADS)
    mesh = read_mesh(path)
    assert mesh.notes == ("6 polygons were cut into triangles.",)
    _, report = treat(mesh)
    assert report.area == pytest.approx(6)
    assert report.volume == pytest.approx(1)


def test_obj_has_slashes_negative_numbers_and_groups(tmp_path: Path) -> None:
    path = tmp_path / "a.obj"
    path.write_text(
        "# o\nmtllib x\nv 0 0 0\nv 1 0 0 1 1 1\nvn 0 0 1\nv 0 1 0\ng a\nf 1//1 2//1 3//1\n"
        "v 0 0 1\nf -1/2/3 \\\n -2 -3\n"
    )
    assert read_mesh(path).cells.tolist() == [[0, 1, 2], [3, 2, 1]]


def test_polydata_of_xml_is_read_however_it_is_encoded(tmp_path: Path) -> None:
    import base64
    import zlib

    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], "<f8")
    corners, ends = np.arange(4, dtype="<i8"), np.array([4], "<i8")

    def coded(array: np.ndarray, packed: bool) -> str:
        raw = array.tobytes()
        if not packed:
            return base64.b64encode(np.uint32(len(raw)).tobytes() + raw).decode()
        small = zlib.compress(raw)
        head = np.array([1, 1 << 15, len(raw), len(small)], "<u4").tobytes()
        return (base64.b64encode(head) + base64.b64encode(small)).decode()

    for packed in (None, False, True):

        def item(kind: str, name: str, array: np.ndarray, packed: bool | None = packed) -> str:
            form = "ascii" if packed is None else "binary"
            body = (
                " ".join(map(str, array.ravel().tolist()))
                if packed is None
                else coded(array, packed)
            )
            return (
                f'<DataArray type="{kind}" Name="{name}" NumberOfComponents="3" format="{form}">'
                f"{body}</DataArray>"
            )

        compressor = ' compressor="vtkZLibDataCompressor"' if packed else ""
        path = tmp_path / "p.vtp"
        path.write_text(
            f'<?xml version="1.0"?><VTKFile type="PolyData" byte_order="LittleEndian"{compressor}>'
            f"<PolyData><Piece><Points>{item('Float64', 'Points', points)}</Points><Polys>"
            f"{item('Int64', 'connectivity', corners)}{item('Int64', 'offsets', ends)}"
            "</Polys></Piece></PolyData></VTKFile>"
        )
        mesh = read_mesh(path)
        assert mesh.cells.tolist() == [[0, 1, 2], [0, 2, 3]]
        np.testing.assert_array_equal(mesh.vertices, points)


def test_binary_legacy_polydata_of_both_versions_is_read(tmp_path: Path) -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], ">f4").tobytes()
    old = b"# vtk DataFile Version 3.0\nx\nBINARY\nDATASET POLYDATA\nPOINTS 3 float\n" + points
    old += b"\nPOLYGONS 1 4\n" + np.array([3, 0, 1, 2], ">i4").tobytes()
    new = old.partition(b"\nPOLYGONS")[0].replace(b"3.0", b"5.1") + b"\nPOLYGONS 2 3\n"
    new += b"OFFSETS vtktypeint64\n" + np.array([0, 3], ">i8").tobytes()
    new += b"\nCONNECTIVITY vtktypeint64\n" + np.array([0, 1, 2], ">i8").tobytes() + b"\n"
    for data in (old, new):
        (tmp_path / "p.vtk").write_bytes(data)
        assert read_mesh(tmp_path / "p.vtk").cells.tolist() == [[0, 1, 2]]


def test_the_polygons_of_a_solid_that_lapy_wrote_are_tetrahedra(tmp_path: Path) -> None:
    solid, flat = cube(3), rectangle(6, 6)
    quads = np.arange(49).reshape(7, 7)
    quads = np.stack([quads[:-1, :-1], quads[1:, :-1], quads[1:, 1:], quads[:-1, 1:]], axis=-1)
    for points, cells, kind in (
        (solid.vertices, solid.cells, "solid"),
        (flat.vertices, quads.reshape(-1, 4), "surface"),
    ):
        lines = ["# vtk DataFile Version 1.0\nvtk output\nASCII\nDATASET POLYDATA"]
        lines += [f"POINTS {len(points)} float", *(" ".join(map(str, row)) for row in points)]
        lines += [f"POLYGONS {len(cells)} {5 * len(cells)}"]
        lines += ["4 " + " ".join(map(str, row)) for row in cells]
        (tmp_path / "cells.vtk").write_text("\n".join(lines) + "\n")
        mesh = read_mesh(tmp_path / "cells.vtk")
        assert mesh.kind == kind
    assert len(mesh.cells) == 72
    (tmp_path / "cells.vtk").unlink()


def test_a_compressed_mesh_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c.off.gz"
    path.write_bytes(gzip.compress(QUADS.encode()))
    assert read_mesh(path).name == "c"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.off", "OFF\n3 1 0\n0 0 0\n1 0 0\n", "2 lines|3 lines|found"),
        ("a.off", "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 7\n", "vertex 7, expected 0 to 2"),
        ("a.off", "OFF\n3 1 0\n0 0 0\n1 x 0\n0 1 0\n3 0 1 2\n", "vertices: found text"),
        ("a.obj", "v 0 0 0\nv 1 0 0\nv 0 1 0\n", "no face"),
        ("a.ply", "ply\nformat ascii 1.0\nelement vertex 9\n", "damaged"),
        ("a.vtu", '<?xml version="1.0"?><VTKFile type="UnstructuredGrid"><Un', "damaged"),
        ("a.msh", "$MeshFormat\n4.1 0 8\n$EndMeshFormat\n", "found"),
        ("a.txt", "1 2 3\n", "no known kind of mesh"),
    ],
)
def test_damage_is_one_sentence(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(FileFormatError, match=words):
        read_mesh(path)


def test_files_of_other_kinds_are_no_meshes(tmp_path: Path) -> None:
    (tmp_path / "a.ev").write_text("Eigenvalues:\n{0;1;2}\n")
    (tmp_path / "b.csv").write_text("0,1,2\n")
    assert not is_mesh(tmp_path / "a.ev")
    assert not is_mesh(tmp_path / "b.csv")
    assert not is_mesh(tmp_path / "none.off")
    assert not is_mesh(tmp_path)
    with pytest.raises(FileFormatError, match="No such file"):
        read_mesh(tmp_path / "none.off")
