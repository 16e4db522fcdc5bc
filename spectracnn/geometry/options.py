"""What can be chosen when a spectrum is computed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from spectracnn.errors import MeshError

if TYPE_CHECKING:
    from collections.abc import Mapping

Boundary = Literal["neumann", "dirichlet"]
Components = Literal["largest", "all"]
LARGEST_REFINEMENT = 4
_OPERATORS = {False: "linear finite elements", True: "robust intrinsic Delaunay"}
_MASSES = {False: "consistent", True: "lumped"}


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

    def to_metadata(self, n_components: int, n_boundary: int) -> dict[str, str]:
        """Return what a spectrum's metadata say of them, with what the mesh has of each."""
        return {
            "Refine": str(self.refine),
            "Components": f"{n_components} ({self.components})",
            "Boundary": f"{self.boundary}, {n_boundary} boundary sides",
            "Mass": _MASSES[self.lump or self.robust],
            "Operator": _OPERATORS[self.robust],
        }

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, str], **fields: Any) -> SolveOptions:
        """Return the options that a spectrum was computed with, as far as its metadata say so.

        Examples
        --------
        >>> SolveOptions.from_metadata({"Boundary": "dirichlet, 96 boundary sides"}).boundary
        'dirichlet'
        """
        robust = metadata.get("Operator") == _OPERATORS[True]
        boundary = metadata.get("Boundary", "").split(",")[0]
        components = metadata.get("Components", "").partition("(")[2].rstrip(")")
        refine = metadata.get("Refine", "")
        known = "Operator" in metadata  # another program's words may mean something else
        return cls(
            **{
                "lump": not robust and metadata.get("Mass") == _MASSES[True],
                "boundary": boundary if boundary in get_args(Boundary) else "neumann",
                "components": components if components in get_args(Components) else "largest",
                "refine": min(int(refine), LARGEST_REFINEMENT) if known and refine.isdigit() else 0,
                "robust": robust,
                **fields,
            }
        )
