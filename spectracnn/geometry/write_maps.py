"""Meshes with values at their vertices, written as VTK or GIFTI."""

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

_VTK_TETRA = 10


def write_maps(mesh: Mesh, maps: Mapping[str, NDArray[np.float64]], path: Path) -> None:
    """Write a mesh with point data: ``.vtk`` (legacy, text), or ``.gii`` (surfaces).

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
    with atomic_path(path) as temporary:
        if path.suffix.lower() == ".gii":
            _write_gifti(mesh, maps, path, temporary)
            return
        with temporary.open("w", encoding="ascii", errors="replace") as stream:
            _write_vtk(mesh, maps, stream)


def check_maps_name(path: Path) -> None:
    """Refuse a name of another kind.

    Raises
    ------
    ExportError
        If it ends neither in ``.vtk`` nor in ``.gii``.
    """
    if path.suffix.lower() not in (".vtk", ".gii"):
        raise ExportError(f"{path}: maps on a shape are written as .vtk or .gii.")


def _write_vtk(mesh: Mesh, maps: Mapping[str, NDArray[np.float64]], stream: TextIO) -> None:
    surface = mesh.kind is Kind.SURFACE
    title = " ".join(mesh.name.split())[:200]
    kind = "POLYDATA" if surface else "UNSTRUCTURED_GRID"
    stream.write(f"# vtk DataFile Version 3.0\n{title} (SpectraCNN)\nASCII\nDATASET {kind}\n")
    stream.write(f"POINTS {len(mesh.vertices)} double\n")
    np.savetxt(stream, mesh.vertices, fmt="%.17g")
    count, corners = mesh.cells.shape
    stream.write(f"{'POLYGONS' if surface else 'CELLS'} {count} {count * (corners + 1)}\n")
    np.savetxt(stream, np.insert(mesh.cells, 0, corners, axis=1), fmt="%d")
    if not surface:
        stream.write(f"CELL_TYPES {count}\n")
        np.savetxt(stream, np.full(count, _VTK_TETRA), fmt="%d")
    stream.write(f"POINT_DATA {len(mesh.vertices)}\n")
    for name, values in maps.items():
        stream.write(f"SCALARS {name.replace(' ', '_')} double 1\nLOOKUP_TABLE default\n")
        np.savetxt(stream, values, fmt="%.17g")


def _write_gifti(
    mesh: Mesh, maps: Mapping[str, NDArray[np.float64]], path: Path, temporary: Path
) -> None:
    if mesh.kind is not Kind.SURFACE:
        raise ExportError(f"{path}: GIFTI holds surfaces only; write a solid as .vtk.")
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
    temporary.write_bytes(GiftiImage(darrays=arrays).to_xml())
