"""Meshes with values at their vertices, written as VTK, VTU, PLY or GIFTI."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import numpy as np

from spectracnn.core.atomic import atomic_path
from spectracnn.core.spectrum import Kind
from spectracnn.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from spectracnn.core.mesh import Mesh

    Maps = Mapping[str, NDArray[np.float64]]

MAP_SUFFIXES = (".vtk", ".vtu", ".ply", ".gii")
"""Of the files that are written."""

_CELL_TYPES = {3: 5, 4: 10}
"""VTK's numbers of triangles and tetrahedra, by corners."""

_BLOCKS = {3: "triangle", 4: "tetra"}
_SURFACES_ONLY = {".ply": "PLY", ".gii": "GIFTI"}


def write_maps(mesh: Mesh, maps: Maps, path: Path) -> None:
    """Write a mesh with point data.

    ``.vtk`` is legacy text of an unstructured grid, which LaPy, meshio and ParaView read; ``.vtu``,
    ``.ply`` and ``.gii`` are for others. Surfaces go into each, solids into the first two.

    Parameters
    ----------
    mesh : Mesh
        The shape.
    maps : mapping of str to ndarray, shape (n,)
        Named values at the vertices.
    path : Path
        The file.

    Raises
    ------
    ExportError
        If the name is of another kind, or the file cannot be written.
    """
    check_maps_name(path)
    kind = path.suffix.lower()
    if kind in _SURFACES_ONLY and mesh.kind is not Kind.SURFACE:
        name = _SURFACES_ONLY[kind]
        raise ExportError(f"{path}: {name} holds surfaces only; write a solid as .vtk or .vtu.")
    maps = {name.replace(" ", "_"): values for name, values in maps.items()}
    with atomic_path(path) as temporary:
        if kind == ".gii":
            temporary.write_bytes(_gifti(mesh, maps))
        elif kind == ".vtk":
            with temporary.open("w", encoding="ascii", errors="replace") as stream:
                _write_vtk(mesh, maps, stream)
        else:
            _write_by_meshio(mesh, maps, temporary, kind)


def check_maps_name(path: Path) -> None:
    """Refuse a name of another kind.

    Raises
    ------
    ExportError
        If it does not end in one of `MAP_SUFFIXES`.
    """
    if path.suffix.lower() not in MAP_SUFFIXES:
        raise ExportError(f"{path}: maps on a shape are written as .vtk, .vtu, .ply or .gii.")


def _write_vtk(mesh: Mesh, maps: Maps, stream: TextIO) -> None:
    """Write the form of legacy files that LaPy reads, too: meshio's own writes another version."""
    title = " ".join(mesh.name.split())[:200]
    stream.write(f"# vtk DataFile Version 3.0\n{title} (SpectraCNN)\nASCII\n")
    stream.write(f"DATASET UNSTRUCTURED_GRID\nPOINTS {len(mesh.vertices)} double\n")
    np.savetxt(stream, mesh.vertices, fmt="%.17g")
    count, corners = mesh.cells.shape
    stream.write(f"CELLS {count} {count * (corners + 1)}\n")
    np.savetxt(stream, np.insert(mesh.cells, 0, corners, axis=1), fmt="%d")
    stream.write(f"CELL_TYPES {count}\n")
    np.savetxt(stream, np.full(count, _CELL_TYPES[corners]), fmt="%d")
    stream.write(f"POINT_DATA {len(mesh.vertices)}\n")
    for name, values in maps.items():
        stream.write(f"SCALARS {name} double 1\nLOOKUP_TABLE default\n")
        np.savetxt(stream, values, fmt="%.17g")


def _write_by_meshio(mesh: Mesh, maps: Maps, temporary: Path, kind: str) -> None:
    import meshio

    block = _BLOCKS[mesh.cells.shape[1]]
    held = meshio.Mesh(
        mesh.vertices,
        [(block, mesh.cells.astype(np.int32))],  # PLY knows no longer ones
        point_data={name: np.asarray(values, np.float64) for name, values in maps.items()},
    )
    meshio.write(str(temporary), held, file_format=kind.removeprefix("."))


def _gifti(mesh: Mesh, maps: Maps) -> bytes:
    from nibabel.gifti import GiftiDataArray, GiftiImage

    arrays = [
        GiftiDataArray(mesh.vertices.astype(np.float32), intent="NIFTI_INTENT_POINTSET"),
        GiftiDataArray(mesh.cells.astype(np.int32), intent="NIFTI_INTENT_TRIANGLE"),
    ]
    arrays += [
        GiftiDataArray(
            np.asarray(values, np.float32), intent="NIFTI_INTENT_SHAPE", meta={"Name": name}
        )
        for name, values in maps.items()
    ]
    written: bytes = GiftiImage(darrays=arrays).to_xml()
    return written
