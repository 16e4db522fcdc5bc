"""The mesh doctor: what is repaired before solving, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.mesh import Mesh, cell_sizes
from spectracnn.core.spectrum import Kind
from spectracnn.errors import MeshError
from spectracnn.geometry.report import MeshReport, examine, worries
from spectracnn.geometry.topology import components, sides

if TYPE_CHECKING:
    from numpy.typing import NDArray

FLAT = 1e-12
"""A cell is degenerate when it is this much smaller than its longest edge would allow."""


def treat(mesh: Mesh, *, largest: bool = True) -> tuple[Mesh, MeshReport]:
    """Repair what is safe to repair and report on the outcome; the given mesh stays as it is.

    Parameters
    ----------
    mesh : Mesh
        As its file holds it.
    largest : bool
        Whether only the largest component (by size) is kept.

    Raises
    ------
    MeshError
        If its spectrum would mean nothing.
    """
    repairs: list[str] = []
    warnings = list(mesh.notes)
    mesh = _without_strays(mesh, repairs)
    if not np.isfinite(mesh.vertices).all():
        bad = int(np.flatnonzero(~np.isfinite(mesh.vertices).all(axis=1))[0])
        raise MeshError(
            f"{mesh.name}: found a vertex ({bad}) with a coordinate that is no finite number."
        )
    mesh = _scaled_check(mesh)
    mesh = _joined(mesh, repairs)
    mesh = _without_bad_cells(mesh, repairs)
    mesh = _without_strays(mesh, repairs, quiet=True)
    labels = components(mesh.cells, len(mesh.vertices))
    count = int(labels.max()) + 1
    if count > 1:
        mesh = _components(mesh, labels, count, largest, repairs, warnings)
        count = 1 if largest else count
    report = examine(mesh, count)
    return mesh, replace(
        report, repairs=tuple(repairs), warnings=(*warnings, *worries(report, mesh.kind))
    )


def _scaled_check(mesh: Mesh) -> Mesh:
    extent = float(np.ptp(mesh.vertices, axis=0).max()) if len(mesh.vertices) else 0.0
    if not 1e-100 < extent < 1e100:
        raise MeshError(
            f"{mesh.name}: found a mesh of extent {extent:g}, expected one with a size."
        )
    return mesh


def _without_strays(mesh: Mesh, repairs: list[str], *, quiet: bool = False) -> Mesh:
    """Remove vertices of no cell."""
    used = np.zeros(len(mesh.vertices), bool)
    used[mesh.cells] = True
    strays = int((~used).sum())
    if not strays:
        return mesh
    if not quiet:
        repairs.append(f"{_n(strays, 'vertex', 'vertices')} of no cell removed.")
    return _kept(mesh, used)


def _kept(mesh: Mesh, used: NDArray[np.bool_]) -> Mesh:
    number = np.cumsum(used) - 1
    cells = mesh.cells[used[mesh.cells].all(axis=1)]
    return replace(mesh, vertices=mesh.vertices[used], cells=number[cells])


def _joined(mesh: Mesh, repairs: list[str]) -> Mesh:
    """Join vertices at exactly the same place, unless edges would get more cells than two."""
    points = mesh.vertices + 0.0  # makes -0 and 0 one
    # Equal points have equal sums: where all sums differ, there is no need to compare points.
    sums = np.sort(points @ np.array([1.0, np.e, np.pi]))
    if (np.diff(sums) > 0).all():
        return mesh
    unique, place = np.unique(points, axis=0, return_inverse=True)
    twins = len(points) - len(unique)
    if not twins:
        return mesh
    # Keeps the order of first appearance.
    first = np.full(len(unique), len(points))
    np.minimum.at(first, place, np.arange(len(points)))
    order = np.argsort(first)
    number = np.empty(len(unique), np.int64)
    number[order] = np.arange(len(unique))
    joined = replace(mesh, vertices=points[first[order]], cells=number[place][mesh.cells])
    before, after = (int((sides(_whole(m.cells)).count > 2).sum()) for m in (mesh, joined))
    if after > before:
        repairs.append(
            f"{_n(twins, 'vertex', 'vertices')} at the place of others left apart: joined, "
            "the mesh would be no manifold."
        )
        return mesh
    repairs.append(f"{_n(twins, 'vertex', 'vertices')} at the place of others joined.")
    return joined


def _whole(cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the cells whose corners differ, each once."""
    ordered = np.sort(cells, axis=1)
    ordered = ordered[(np.diff(ordered, axis=1) > 0).all(axis=1)]
    return np.unique(ordered, axis=0) if len(ordered) else ordered


def _without_bad_cells(mesh: Mesh, repairs: list[str]) -> Mesh:
    what = "triangle" if mesh.kind is Kind.SURFACE else "tetrahedron"
    many = "triangles" if mesh.kind is Kind.SURFACE else "tetrahedra"
    ordered = np.sort(mesh.cells, axis=1)
    keep = (np.diff(ordered, axis=1) > 0).all(axis=1)
    size = "area" if mesh.kind is Kind.SURFACE else "volume"
    corners = mesh.vertices[mesh.cells]
    longest = np.zeros(len(mesh.cells))
    for a in range(corners.shape[1]):
        for b in range(a):
            longest = np.maximum(longest, np.linalg.norm(corners[:, a] - corners[:, b], axis=1))
    keep &= cell_sizes(mesh) > FLAT * longest ** (corners.shape[1] - 1)
    flat = int((~keep).sum())
    if flat:
        repairs.append(f"{_n(flat, what, many)} without {size} removed.")
    cells = mesh.cells[keep]
    if not len(cells):
        raise MeshError(f"{mesh.name}: found no {what} with {size}, expected a mesh.")
    _, first = np.unique(_keys(ordered[keep], len(mesh.vertices)), return_index=True)
    twice = len(cells) - len(first)
    if twice:
        repairs.append(f"{_n(twice, what, many)} that repeat others removed.")
        cells = cells[np.sort(first)]
    return replace(mesh, cells=cells) if flat or twice else mesh


def _keys(ordered: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return a number for each cell that is equal for equal corners, shape (m,)."""
    keys = ordered[:, 0].astype(np.int64)
    for column in range(1, ordered.shape[1]):
        pairs = keys * n + ordered[:, column]
        # Ranks instead of products, before these could leave the range of integers.
        last = column == ordered.shape[1] - 1
        keys = pairs if last else np.unique(pairs, return_inverse=True)[1].astype(np.int64)
    return keys


def _components(
    mesh: Mesh,
    labels: NDArray[np.int64],
    count: int,
    largest: bool,
    repairs: list[str],
    warnings: list[str],
) -> Mesh:
    if not largest:
        warnings.append(f"The mesh has {count} components: as many eigenvalues are zero.")
        return mesh
    sizes = np.bincount(labels[mesh.cells[:, 0]], cell_sizes(mesh), minlength=count)
    best = int(sizes.argmax())
    share = 100 * sizes[best] / sizes.sum()
    left = _n(count - 1, "smaller component", "smaller components")
    repairs.append(f"{left} left out; the largest has {share:.4g} % of the mesh.")
    return _kept(mesh, labels == best)


def _n(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
