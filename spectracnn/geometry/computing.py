"""A mesh file to its solution: from the cache, or computed. Also as the work of a child process."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from spectracnn.errors import FileFormatError, MeshError
from spectracnn.geometry import cache
from spectracnn.geometry.formats import mesh_stem
from spectracnn.geometry.read import read_mesh
from spectracnn.geometry.solve import Solution, solve

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from spectracnn.geometry.options import SolveOptions
    from spectracnn.geometry.report import MeshReport


@dataclass(frozen=True)
class SolveRequest:
    """A file to solve.

    Parameters
    ----------
    path : Path
        The mesh.
    options : SolveOptions
        How.
    fit : bool
        Whether fewer eigenvalues are computed where the mesh has too few vertices.
    cached : bool
        Whether a kept result serves, and the new one is kept.
    """

    path: Path
    options: SolveOptions
    fit: bool = False
    cached: bool = True


def compute(
    request: SolveRequest,
    advance: Callable[[float], None] = lambda share: None,
    inform: Callable[[MeshReport], None] = lambda report: None,
) -> Solution:
    """Return the solution of a mesh file.

    Parameters
    ----------
    request : SolveRequest
        Which one, and how.
    advance : callable
        Receives the share that is done; may raise to stop.
    inform : callable
        Receives the doctor's report before the solving begins.

    Raises
    ------
    FileFormatError
        If the file is no mesh.
    MeshError
        If its spectrum would mean nothing; the sentence does not name the file.
    """
    path, options = request.path, request.options
    key = ""
    if request.cached:
        try:
            key = cache.cache_key(path, options)
        except OSError as error:
            reason = f"a file that cannot be read ({error.strerror or error})"
            raise FileFormatError(path, reason, "a mesh") from error
        held = cache.load(key, path, options)
        if held is not None:
            inform(held.report)
            advance(1.0)
            return cache.named(held, mesh_stem(path))
    mesh = read_mesh(path)
    if request.fit and len(mesh.vertices) <= options.k:
        options = replace(options, k=max(1, len(mesh.vertices) - 1))
    try:
        found = _solved(mesh, options, request.fit, advance, inform)
    except MeshError as error:
        raise MeshError(str(error).removeprefix(f"{mesh.name}: "), error.hint) from error
    if key:
        cache.store(key, found)
    return found


def _solved(
    mesh: Any,
    options: SolveOptions,
    fit: bool,
    advance: Callable[[float], None],
    inform: Callable[[MeshReport], None],
) -> Solution:
    if not fit:
        return solve(mesh, options, advance, inform)
    from spectracnn.geometry.doctor import treat

    n = len(treat(mesh, largest=options.components == "largest")[0].vertices)
    return solve(mesh, replace(options, k=max(1, min(options.k, n - 1))), advance, inform)


def solver() -> Callable[[SolveRequest, Any], Solution]:
    """Return the work of a child process: a request to a solution.

    Its reports are the share that is done, a float, and once the doctor's report.
    """

    def work(request: SolveRequest, reporter: Any) -> Solution:
        def advance(share: float) -> None:
            reporter.check()
            reporter(share)

        return compute(request, advance, reporter)

    return work
