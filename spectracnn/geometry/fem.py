r"""Stiffness and mass matrices of linear finite elements.

For hat functions :math:`\varphi_i`, :math:`K_{ij} = \int \nabla\varphi_i \cdot \nabla\varphi_j` and
:math:`M_{ij} = \int \varphi_i \varphi_j`; on triangles K is the cotangent matrix.

References
----------
.. [1] Reuter, Wolter, Peinecke (2006), Computer-Aided Design 38, 342-366.
.. [2] Sharp, Crane (2020), Computer Graphics Forum 39(5), 69-80 (the robust Laplacian).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array

from spectracnn.core.spectrum import Kind
from spectracnn.errors import MeshError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.mesh import Mesh

Sparse = Any


def matrices(
    mesh: Mesh,
    *,
    lump: bool = False,
    robust: bool = False,
    density: NDArray[np.float64] | None = None,
) -> tuple[Sparse, Sparse]:
    r"""Return stiffness and mass, CSR, shape (n, n) each.

    Parameters
    ----------
    mesh : Mesh
        Without degenerate cells and without vertices of no cell.
    lump : bool
        Whether the mass is put on the diagonal.
    robust : bool
        Whether the intrinsic Delaunay Laplacian is used; its mass is lumped.
    density : ndarray, shape (n,), optional
        Positive, at the vertices, linear between them: :math:`M_{ij} = \int \rho\,\varphi_i
        \varphi_j`. On a surface that is the conformal metric :math:`\rho\,g`, whose stiffness is
        the same.

    Raises
    ------
    MeshError
        If the matrices have values that are no finite numbers.
    """
    if robust:
        stiffness, mass = _robust(mesh)
        if density is not None:
            mass = csr_array(diags_array(mass.diagonal() * density))
    else:
        local = _triangles if mesh.kind is Kind.SURFACE else _tetrahedra
        sizes, gradients = local(mesh.vertices[mesh.cells])
        stiffness = _assembled(mesh, np.einsum("m,mic,mjc->mij", sizes, gradients, gradients))
        mass = _mass(mesh, sizes, lump, density)
    if not (np.isfinite(stiffness.data).all() and np.isfinite(mass.data).all()):
        raise MeshError(f"{mesh.name}: found cells so thin that the operator is not finite.")
    return stiffness, mass


def _triangles(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return areas, shape (m,), and gradients of the hat functions, shape (m, 3, 3)."""
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    double = np.linalg.norm(normals, axis=1)
    unit = normals / double[:, None]
    opposite = corners[:, [2, 0, 1]] - corners[:, [1, 2, 0]]
    return double / 2, np.cross(unit[:, None], opposite) / double[:, None, None]


def _tetrahedra(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return volumes, shape (m,), and gradients of the hat functions, shape (m, 4, 3)."""
    edges = corners[:, 1:] - corners[:, :1]
    three = np.linalg.inv(edges).transpose(0, 2, 1)
    gradients = np.concatenate([-three.sum(axis=1, keepdims=True), three], axis=1)
    return np.abs(np.linalg.det(edges)) / 6, gradients


def _mass(
    mesh: Mesh, sizes: NDArray[np.float64], lump: bool, density: NDArray[np.float64] | None
) -> Sparse:
    count = mesh.cells.shape[1]
    if lump:
        shares = np.repeat(sizes / count, count)
        held = np.bincount(mesh.cells.ravel(), shares, minlength=len(mesh.vertices))
        return csr_array(diags_array(held if density is None else held * density))
    # Exact integrals of products of hat functions: 1/12 and 1/6 of a triangle, 1/20 and 1/10.
    local = (np.ones((count, count)) + np.eye(count)) / (count * (count + 1))
    if density is None:
        return _assembled(mesh, sizes[:, None, None] * local)
    return _assembled(mesh, np.einsum("m,ma,aij->mij", sizes, density[mesh.cells], _triples(count)))


def _triples(count: int) -> NDArray[np.float64]:
    """Return the mean of three hat functions' product over a cell, shape (count,) * 3.

    For a triangle 1/60, 1/30 where two are the same and 1/10 where all are: by the formula of
    integrals of barycentric monomials, ``(d! a! b! ...) / (d + a + b + ...)!``.
    """
    same = np.eye(count)
    pairs = same[:, :, None] + same[:, None, :] + same[None, :, :]
    times = np.choose(pairs.astype(int), [1, 2, 0, 6])
    found: NDArray[np.float64] = times / (count * (count + 1) * (count + 2))
    return found


def _assembled(mesh: Mesh, local: NDArray[np.float64]) -> Sparse:
    count = mesh.cells.shape[1]
    rows = np.repeat(mesh.cells, count, axis=1).ravel()
    columns = np.tile(mesh.cells, (1, count)).ravel()
    n = len(mesh.vertices)
    return csr_array(coo_array((local.ravel(), (rows, columns)), shape=(n, n)))


def _robust(mesh: Mesh) -> tuple[Sparse, Sparse]:
    if mesh.kind is not Kind.SURFACE:
        raise MeshError(f"{mesh.name}: the robust Laplacian is made for surfaces, not for solids.")
    import robust_laplacian

    try:
        stiffness, mass = robust_laplacian.mesh_laplacian(
            np.array(mesh.vertices), np.array(mesh.cells)
        )
    except (RuntimeError, ValueError) as error:
        raise MeshError(f"{mesh.name}: the robust Laplacian cannot be made ({error}).") from error
    return csr_array(stiffness), csr_array(mass)
