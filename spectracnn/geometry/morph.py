r"""A shape moved along its sensitivity: what it would have to become to be something else.

The move is that of the density itself, :math:`\rho = e^{t\,u}` with the direction
:math:`u = s / \max|s|` of the sensitivity s, through the mass matrix; the stiffness stays. On a
surface that is exactly the conformal metric :math:`\rho\,g`, so that the logit's derivative at
t = 0 is :math:`\int u\,s`, which no displacement of the vertices could promise: surfaces in space
have their metric from three coordinates, and most densities are none that a displacement makes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from spectracnn.core.spectrum import Kind
from spectracnn.geometry import krylov
from spectracnn.geometry.eigen import solve_pencil
from spectracnn.geometry.fem import matrices
from spectracnn.geometry.solve import Solution, as_spectrum
from spectracnn.geometry.topology import sides

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum

REACH = float(np.log(4))
"""The largest t: there a piece of surface is four times or a quarter as large."""


@dataclass(frozen=True, eq=False)
class MorphRequest:
    """A shape to move.

    Parameters
    ----------
    solution : Solution
        The shape as it is; its eigenfunctions are not needed.
    direction : ndarray, shape (n,)
        The logarithm of the density at t = 1, at the vertices.
    amount : float
        t.
    """

    solution: Solution
    direction: NDArray[np.float64]
    amount: float


def direction_of(sensitivity: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sensitivity scaled to at most 1 in size, shape (n,); zeros stay zeros."""
    top = float(np.abs(sensitivity).max()) if sensitivity.size else 0.0
    return sensitivity / top if top else np.zeros_like(sensitivity)


def morphed(
    request: MorphRequest, advance: Callable[[float], None] = lambda share: None
) -> Spectrum:
    """Return the spectrum of the moved shape, with its area (the volume, of a solid).

    Raises
    ------
    MeshError
        If it cannot be computed.
    """
    solution, mesh = request.solution, request.solution.mesh
    options, k = solution.options, len(solution.eigenvalues)
    density = np.exp(request.amount * request.direction)
    stiffness, mass = matrices(mesh, lump=options.lump, robust=options.robust, density=density)
    size = float(mass.sum())
    solid = mesh.kind is not Kind.SURFACE
    before = solution.report.volume if solid else solution.report.area
    ratio = (before or size) / size
    if options.boundary == "dirichlet":
        free = np.ones(len(mesh.vertices), bool)
        free[sides(mesh.cells).boundary] = False
        stiffness, mass = stiffness[free][:, free], mass[free][:, free]
    with threadpool_limits(1):
        found = solve_pencil(
            stiffness,
            mass,
            k,
            # Weyl: the k-th eigenvalue falls as the size grows.
            estimate=float(solution.eigenvalues[-1]) * (ratio ** (2 / 3) if solid else ratio),
            growth=1.5 if solid else 1.0,
            block=max(krylov.BLOCK, min(solution.report.n_components + 4, 96)),
            advance=advance,
        )
    changed = {"volume": size} if solid else {"area": size}
    return as_spectrum(solution, name=f"{mesh.name}, morphed", eigenvalues=found.values, **changed)


def morpher() -> Callable[[MorphRequest, Any], Spectrum]:
    """Return the work of a child process: a request to the moved shape's spectrum."""

    def work(request: MorphRequest, reporter: Any) -> Spectrum:
        def advance(share: float) -> None:
            reporter.check()
            reporter(share)

        return morphed(request, advance)

    return work
