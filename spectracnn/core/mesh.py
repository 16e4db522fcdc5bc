"""One mesh: a surface of triangles or a solid of tetrahedra."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003  (a dataclass field)
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array, refreeze
from spectracnn.core.spectrum import Kind
from spectracnn.errors import MeshError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Mesh:
    """Vertices and cells, as a file holds them.

    Parameters
    ----------
    name : str
        What to call it.
    vertices : array_like, shape (n, 3)
        Stored as read-only float64, in the mesh's length unit.
    cells : array_like, shape (m, 3) or (m, 4)
        Vertex indices of triangles or of tetrahedra; read-only int64.
    source : Path or None
        The file.
    notes : tuple of str
        Remarks of the reader, such as polygons that were cut into triangles.

    Raises
    ------
    MeshError
        If the shapes are none of a mesh, or a cell names a vertex that is not there.
    """

    name: str
    vertices: NDArray[np.float64]
    cells: NDArray[np.int64]
    source: Path | None = None
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        vertices = frozen_array(self.vertices, np.float64)
        cells = frozen_array(self.cells, np.int64)
        if vertices.ndim != 2 or vertices.shape[1] != 3:
            raise MeshError(
                f"{self.name}: found vertices of shape {vertices.shape}, expected three coordinates"
                " each."
            )
        if cells.ndim != 2 or cells.shape[1] not in (3, 4):
            raise MeshError(
                f"{self.name}: found cells of shape {cells.shape}, expected triangles or "
                "tetrahedra."
            )
        if cells.size and not (0 <= cells.min() and cells.max() < len(vertices)):
            bad = int(cells.max() if cells.max() >= len(vertices) else cells.min())
            raise MeshError(
                f"{self.name}: found a cell with vertex {bad}, expected 0 to {len(vertices) - 1}."
            )
        object.__setattr__(self, "vertices", vertices)
        object.__setattr__(self, "cells", cells)

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        refreeze(self)

    @property
    def kind(self) -> Kind:
        """Surface or solid."""
        return Kind.SURFACE if self.cells.shape[1] == 3 else Kind.SOLID


def cell_sizes(mesh: Mesh) -> NDArray[np.float64]:
    """Return the area of each triangle, or the volume of each tetrahedron, shape (m,)."""
    corners = mesh.vertices[mesh.cells]
    edges = corners[:, 1:] - corners[:, :1]
    if mesh.kind is Kind.SURFACE:
        normals = np.cross(edges[:, 0], edges[:, 1])
        areas: NDArray[np.float64] = np.linalg.norm(normals, axis=1) / 2
        return areas
    volumes: NDArray[np.float64] = np.abs(np.linalg.det(edges)) / 6
    return volumes


def vertex_normals(mesh: Mesh) -> NDArray[np.float64]:
    """Return the unit normals of a surface at its vertices, weighted by area, shape (n, 3)."""
    corners = mesh.vertices[mesh.cells]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    summed = np.zeros_like(mesh.vertices)
    for corner in range(3):
        np.add.at(summed, mesh.cells[:, corner], normals)
    lengths = np.linalg.norm(summed, axis=1, keepdims=True)
    unit: NDArray[np.float64] = summed / np.where(lengths > 0, lengths, 1.0)
    return unit
