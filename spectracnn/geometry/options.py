"""What can be chosen when a spectrum is computed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from spectracnn.errors import MeshError

Boundary = Literal["neumann", "dirichlet"]
Components = Literal["largest", "all"]
LARGEST_REFINEMENT = 4


@dataclass(frozen=True)
class SolveOptions:
    """How the operator is made, and how much of its spectrum is computed.

    Parameters
    ----------
    k : int
        How many eigenvalues, the zeros included.
    lump : bool
        Whether the mass matrix is lumped, which is coarser and makes it diagonal.
    boundary : {'neumann', 'dirichlet'}
        What holds at a boundary: no flow, or the function is zero.
    components : {'largest', 'all'}
        Which connected components take part.
    refine : int
        How often each triangle is cut into four.
    robust : bool
        Whether the intrinsic Delaunay Laplacian of Sharp and Crane is used, for meshes with bad or
        non-manifold triangles; its mass matrix is lumped.
    eigenfunctions : bool
        Whether eigenfunctions are kept.

    Raises
    ------
    MeshError
        If a number is out of its range.
    """

    k: int = 200
    lump: bool = False
    boundary: Boundary = "neumann"
    components: Components = "largest"
    refine: int = 0
    robust: bool = False
    eigenfunctions: bool = False

    def __post_init__(self) -> None:
        if self.k < 1:
            raise MeshError(f"found k = {self.k}, expected at least one eigenvalue.")
        if not 0 <= self.refine <= LARGEST_REFINEMENT:
            raise MeshError(f"found {self.refine} refinements, expected 0 to {LARGEST_REFINEMENT}.")

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for metadata and for the cache's key."""
        return asdict(self)
