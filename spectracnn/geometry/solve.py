"""A mesh to its spectrum."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from spectracnn.core.spectrum import Kind, Normalisation, Spectrum
from spectracnn.core.versions import installed
from spectracnn.errors import MeshError
from spectracnn.geometry import krylov
from spectracnn.geometry.doctor import treat
from spectracnn.geometry.eigen import Eigen, solve_pencil
from spectracnn.geometry.fem import matrices
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.report import MeshReport, examine
from spectracnn.geometry.topology import refined, sides

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.core.mesh import Mesh


@dataclass(frozen=True, eq=False)
class Solution:
    """What was computed.

    Parameters
    ----------
    mesh : Mesh
        On which: after repairs, choice of components and refinement.
    eigenvalues : ndarray, shape (k,), float64
        Ascending, zeros included, in 1/(mesh length unit)**2.
    eigenfunctions : ndarray, shape (n, k), or None
        At the vertices of the mesh, orthonormal in the mass inner product; signs are arbitrary.
    report : MeshReport
        The doctor's, completed by the solver's warnings.
    options : SolveOptions
        How.
    confirmed : int
        How many of the lowest eigenvalues are confirmed to be all there are.
    method : str
        Which solver.
    seconds : float
        Elapsed.
    """

    mesh: Mesh
    eigenvalues: NDArray[np.float64]
    eigenfunctions: NDArray[np.float64] | None
    report: MeshReport
    options: SolveOptions
    confirmed: int
    method: str
    seconds: float


def solve(
    mesh: Mesh,
    options: SolveOptions | None = None,
    advance: Callable[[float], None] = lambda share: None,
    inform: Callable[[MeshReport], None] = lambda report: None,
) -> Solution:
    """Compute the smallest eigenvalues of a mesh's Laplace-Beltrami operator.

    Runs on one core; several meshes are best solved in as many processes.

    Parameters
    ----------
    mesh : Mesh
        Any; it is repaired where that is safe, and stays as it is.
    options : SolveOptions, optional
        How.
    advance : callable
        Receives the share that is done, 0 to 1; may raise to stop.
    inform : callable
        Receives the doctor's report before the solving begins.

    Raises
    ------
    MeshError
        If the spectrum would mean nothing, or cannot be computed.
    """
    options = options or SolveOptions()
    begun = time.perf_counter()
    used, report = treat(mesh, largest=options.components == "largest")
    used, report = _refined(used, report, options)
    inform(report)
    warnings = list(report.warnings)
    free = _free(used, options, warnings)
    n = int(free.sum())
    if options.k >= n:
        raise MeshError(
            f"{mesh.name}: found {n} {'inner ' if n < len(free) else ''}vertices, expected more "
            f"than the {options.k} eigenvalues requested."
        )
    with threadpool_limits(1):
        try:
            found = _solved(used, report, options, free, advance)
        except MeshError as error:
            text = str(error)
            raise MeshError(
                text if text.startswith(mesh.name) else f"{mesh.name}: {text}"
            ) from error
    if not np.isfinite(found.values).all():
        raise MeshError(f"{mesh.name}: found eigenvalues that are no finite numbers.")
    if found.confirmed < options.k:
        known = f"only the lowest {found.confirmed} are" if found.confirmed else "none is"
        warnings.append(f"Of the count of eigenvalues, {known} confirmed.")
    functions = None
    if options.eigenfunctions:
        functions = found.vectors
        if not free.all():
            functions = np.zeros((len(free), options.k))
            functions[free] = found.vectors
        functions.flags.writeable = False
    return Solution(
        used,
        found.values,
        functions,
        replace(report, warnings=tuple(warnings)),
        options,
        found.confirmed,
        found.method,
        time.perf_counter() - begun,
    )


def _refined(mesh: Mesh, report: MeshReport, options: SolveOptions) -> tuple[Mesh, MeshReport]:
    if not options.refine:
        return mesh, report
    if mesh.kind is not Kind.SURFACE:
        raise MeshError(f"{mesh.name}: only surfaces are refined, and this is a solid.")
    vertices, cells = mesh.vertices, mesh.cells
    for _ in range(options.refine):
        vertices, cells = refined(vertices, cells)
    mesh = replace(mesh, vertices=vertices, cells=cells)
    after = examine(mesh, report.n_components)
    return mesh, replace(after, repairs=report.repairs, warnings=report.warnings)


def _free(mesh: Mesh, options: SolveOptions, warnings: list[str]) -> NDArray[np.bool_]:
    """Return which vertices are not held at zero, shape (n,)."""
    free = np.ones(len(mesh.vertices), bool)
    if options.boundary == "dirichlet":
        free[sides(mesh.cells).boundary] = False
        if free.all():
            warnings.append("There is no boundary, so that the boundary condition means nothing.")
    return free


def _solved(
    mesh: Mesh,
    report: MeshReport,
    options: SolveOptions,
    free: NDArray[np.bool_],
    advance: Callable[[float], None],
) -> Eigen:
    stiffness, mass = matrices(mesh, lump=options.lump, robust=options.robust)
    if not free.all():
        stiffness, mass = stiffness[free][:, free], mass[free][:, free]
    advance(0.02)
    return solve_pencil(
        stiffness,
        mass,
        options.k,
        estimate=_weyl(mesh, report, options),
        growth=1.0 if mesh.kind is Kind.SURFACE else 1.5,
        block=max(krylov.BLOCK, min(report.n_components + 4, 96)),
        advance=advance,
    )


def _weyl(mesh: Mesh, report: MeshReport, options: SolveOptions) -> float:
    r"""Return about how large the k-th eigenvalue is.

    Two terms of Weyl's law, :math:`N = A\lambda/4\pi \pm L\sqrt\lambda/4\pi` on a surface and
    :math:`N = V\lambda^{3/2}/6\pi^2 \pm A\lambda/16\pi` in a solid, plus for Neumann's condition.
    """
    k = options.k + 1.0
    sign = 1.0 if options.boundary == "neumann" else -1.0
    if mesh.kind is Kind.SURFACE:
        ends = mesh.vertices[sides(mesh.cells).boundary]
        length = float(np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1).sum())
        a, b, power = report.area / (4 * np.pi), sign * length / (4 * np.pi), 2
    else:
        assert report.volume is not None
        a, b, power = report.volume / (6 * np.pi**2), sign * report.area / (16 * np.pi), 3
    low, high = 0.0, 1e3 * (k / a) ** (2 / power)
    for _ in range(100):  # in the root s of lambda, a s**p + b s**(p - 1) = k
        middle = (low + high) / 2
        root = middle**0.5
        low, high = (
            (middle, high) if a * root**power + b * root ** (power - 1) < k else (low, middle)
        )
    return float(high)


def as_spectrum(solution: Solution, **fields: Any) -> Spectrum:
    """Return the solution as a spectrum with everything that is known of it as metadata."""
    report, options = solution.report, solution.options
    metadata = {
        "Dimension": "2" if solution.mesh.kind is Kind.SURFACE else "3",
        "Elements": str(report.n_cells),
        "DoF": str(report.n_vertices),
        "Degree": "1",
        "EulerChar": str(report.euler),
        **options.to_metadata(report.n_components, report.n_boundary),
        "Solver": f"{solution.method}, {solution.confirmed} confirmed",
        "Versions": versions(),
    }
    for word, texts in (("Repair", report.repairs), ("Warning", report.warnings)):
        metadata.update({f"{word} {at}": text for at, text in enumerate(texts, 1)})
    return Spectrum(
        **{
            "name": solution.mesh.name,
            "eigenvalues": solution.eigenvalues,
            "kind": solution.mesh.kind,
            "area": report.area,
            "volume": report.volume,
            "source": solution.mesh.source,
            "metadata": metadata,
            "normalisation": Normalisation.RAW,
            **fields,
        }
    )


def versions() -> str:
    """Return the versions that a result depends on."""
    names = ("spectracnn", "numpy", "scipy", "cholespy", "meshio", "nibabel")
    return ", ".join(f"{name} {version}" for name, version in installed(names).items())
