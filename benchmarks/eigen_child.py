"""The child of `benchmarks.eigen`: solves the same mesh both ways."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import lapy
import numpy as np

from benchmarks.machine import peak_bytes
from spectracnn.core.mesh import Mesh
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.solve import solve
from spectracnn.geometry.topology import refined

if TYPE_CHECKING:
    from collections.abc import Callable

K = 200
_GOLDEN = (1 + 5**0.5) / 2


def bumpy(level: int) -> Mesh:
    """Return a ball with bumps: an icosahedron refined so often."""
    g = _GOLDEN
    corners = [(0, a, b * g) for a in (-1, 1) for b in (-1, 1)]
    points = np.array([np.roll(corner, turn) for corner in corners for turn in range(3)], float)
    near = np.abs(np.linalg.norm(points[:, None] - points[None], axis=2) - 2) < 1e-9
    cells = np.array(
        [
            (a, b, c)
            for a in range(12)
            for b in range(a + 1, 12)
            for c in range(b + 1, 12)
            if near[a, b] and near[b, c] and near[a, c]
        ]
    )
    for _ in range(level):
        points, cells = refined(points, cells)
        points /= np.linalg.norm(points, axis=1, keepdims=True)
    x, y, z = points.T
    radius = 1 + 0.2 * np.sin(3 * x + 1) * np.cos(4 * y) + 0.3 * z**2
    return Mesh("bumpy", points * radius[:, None], cells)


def _lapy(mesh: Mesh) -> Any:
    made = lapy.TriaMesh(np.array(mesh.vertices), np.array(mesh.cells))
    return lapy.Solver(made).eigs(K)[0]


def _ours(mesh: Mesh) -> Any:
    return solve(mesh, SolveOptions(k=K, eigenfunctions=True)).eigenvalues


def _timed(call: Callable[[Mesh], Any], mesh: Mesh) -> tuple[float, Any]:
    start = time.process_time()
    values = call(mesh)
    return time.process_time() - start, values


def main() -> None:
    """Print what was asked for as JSON."""
    what, side, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if what == "memory":
        call = {"ours": _ours, "lapy": _lapy}.get(side)
        if call is not None:
            call(bumpy(number))
        print(json.dumps({"peak_bytes": peak_bytes()}))
        return
    mesh = bumpy(int(side))
    solve(bumpy(2), SolveOptions(k=20))  # imports what is imported late
    times: dict[str, list[float]] = {"lapy": [], "ours": []}
    error = 0.0
    for _ in range(number):
        spent, expected = _timed(_lapy, mesh)
        times["lapy"].append(spent)
        spent, found = _timed(_ours, mesh)
        times["ours"].append(spent)
        error = max(error, float((np.abs(found[1:] - expected[1:]) / expected[1:]).max()))
    print(json.dumps({**times, "error": error, "vertices": len(mesh.vertices)}))


if __name__ == "__main__":
    main()
