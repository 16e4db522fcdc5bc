"""What a mesh has: how many pieces, which boundary, how good its triangles are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.mesh import Mesh, cell_sizes
from spectracnn.core.spectrum import Kind
from spectracnn.geometry.topology import edge_count, sides

if TYPE_CHECKING:
    from numpy.typing import NDArray

THIN = 1.0
"""Degrees; a smaller angle is worth a warning."""


@dataclass(frozen=True)
class MeshReport:
    """What the doctor found.

    Parameters
    ----------
    n_vertices, n_cells, n_components : int
        After the repairs.
    n_boundary : int
        Edges of one triangle only (faces of one tetrahedron, of a solid).
    n_non_manifold : int
        Edges of more than two triangles.
    oriented : bool
        Whether neighbouring triangles are oriented alike.
    euler : int
        Vertices - edges + triangles (- tetrahedra).
    min_angle, max_angle : float
        Worst angles of the triangles (of the faces, of a solid), in degrees.
    extent : float
        Diagonal of the bounding box, in the mesh's unit.
    area : float
        Of the surface (of the boundary, of a solid).
    volume : float or None
        Of a solid, or enclosed by a closed oriented surface.
    repairs, warnings : tuple of str
        Sentences.
    """

    n_vertices: int
    n_cells: int
    n_components: int
    n_boundary: int
    n_non_manifold: int
    oriented: bool
    euler: int
    min_angle: float
    max_angle: float
    extent: float
    area: float
    volume: float | None
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        return self.n_boundary == 0

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**vars(self), "repairs": list(self.repairs), "warnings": list(self.warnings)}


def examine(mesh: Mesh, n_components: int) -> MeshReport:
    """Measure a mesh; repairs nothing."""
    found = sides(mesh.cells)
    surface = mesh.kind is Kind.SURFACE
    n_sides, n_cells, n = len(found.corners), len(mesh.cells), len(mesh.vertices)
    inner_alike = bool((found.balance[found.count == 2] == 0).all())
    n_boundary = int((found.count == 1).sum())
    non_manifold = int((found.count > 2).sum())
    faces = mesh.cells if surface else found.corners
    low, high = _angles(mesh.vertices, faces)
    sizes = cell_sizes(mesh)
    if surface:
        euler, area = n - n_sides + n_cells, float(sizes.sum())
        whole = n_boundary == 0 and non_manifold == 0 and inner_alike
        volume = _enclosed(mesh) if whole else None
    else:
        euler = n - edge_count(mesh.cells) + n_sides - n_cells
        area = float(cell_sizes(Mesh(mesh.name, mesh.vertices, found.boundary)).sum())
        volume = float(sizes.sum())
    extent = float(np.linalg.norm(np.ptp(mesh.vertices, axis=0)))
    return MeshReport(
        n, n_cells, n_components, n_boundary, non_manifold, inner_alike or not surface, euler,
        low, high, extent, area, volume,
    )  # fmt: skip


def worries(report: MeshReport, kind: Kind) -> list[str]:
    """Return what of the report makes a spectrum doubtful, as sentences."""
    words = []
    if kind is Kind.SURFACE and report.n_boundary:
        words.append(f"The surface is open: {report.n_boundary} edges are its boundary.")
    if report.n_non_manifold:
        side, cells = ("edge", "triangles") if kind is Kind.SURFACE else ("face", "tetrahedra")
        one = report.n_non_manifold == 1
        belong = f"{side} belongs" if one else f"{side}s belong"
        words.append(
            f"{report.n_non_manifold} {belong} to more than two {cells}: the mesh is no manifold."
        )
    if not report.oriented:
        words.append("Triangles are not all oriented alike: no volume is given.")
    if report.min_angle < THIN:
        words.append(
            f"The worst angle is {report.min_angle:.2g} degrees: large eigenvalues are inaccurate."
        )
    return words


def _angles(vertices: NDArray[np.float64], faces: NDArray[np.int64]) -> tuple[float, float]:
    a, b, c = (vertices[faces[:, corner]] for corner in range(3))
    worst: list[float] = []
    for tip, one, other in ((a, b, c), (b, c, a), (c, a, b)):
        u, v = one - tip, other - tip
        sines = np.linalg.norm(np.cross(u, v), axis=1)
        angles = np.arctan2(sines, np.einsum("ij,ij->i", u, v))
        worst += [float(angles.min()), float(angles.max())]
    return float(np.degrees(min(worst))), float(np.degrees(max(worst)))


def _enclosed(mesh: Mesh) -> float:
    centred = mesh.vertices - mesh.vertices.mean(axis=0)
    a, b, c = (centred[mesh.cells[:, corner]] for corner in range(3))
    return float(abs(np.einsum("ij,ij->i", a, np.cross(b, c)).sum()) / 6)
