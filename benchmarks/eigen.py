"""Solving meshes of 2,562, 10,242 and 40,962 vertices for 200 eigenvalues, against LaPy.

Both sides begin with vertices and triangles: LaPy makes its mesh, its matrices and calls
``Solver.eigs``; ours looks the mesh over, makes its matrices, solves and confirms the count. Each
runs in a child with one thread, in turns; processor time is compared. Peak memory is that of
children that solve once, less that of one that only imports both. Eight files of 10,242 vertices
are solved by two processes and by one, in turns, by the clock.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.interleave import interleaved, median_ratio, seconds
from spectracnn.core.mesh import Mesh
from spectracnn.geometry.computing import SolveRequest, solver
from spectracnn.geometry.options import SolveOptions
from spectracnn.geometry.write_maps import write_maps
from spectracnn.jobs.pool import Pool

LEVELS = {4: 5, 5: 3, 6: 2}
"""Refinements of an icosahedron, and rounds."""

_BATCH = 8


def run() -> dict[str, Any]:
    """Measure."""
    found: dict[str, Any] = {"name": "eigen", "eigenvalues": 200}
    for level, rounds in LEVELS.items():
        times = _child("times", level, rounds)
        n = times["vertices"]
        found[f"lapy_s_{n}"] = statistics.median(times["lapy"])
        found[f"ours_s_{n}"] = statistics.median(times["ours"])
        found[f"speed_{n}"] = median_ratio(times["lapy"], times["ours"])
        found[f"error_{n}"] = times["error"]
    empty = _child("memory", "none", 5)["peak_bytes"]
    ours, lapy = (_child("memory", side, 5)["peak_bytes"] - empty for side in ("ours", "lapy"))
    found["memory_over_lapy"] = ours / lapy
    found["two_cores"] = _two_cores()
    return found


def _two_cores() -> float:
    """Return how much faster two processes solve a batch of files than one does, by the clock."""
    from benchmarks.eigen_child import bumpy

    with tempfile.TemporaryDirectory() as folder:
        mesh = bumpy(5)
        requests = []
        for number in range(_BATCH):
            path = Path(folder, f"{number}.vtk")
            stretched = mesh.vertices * [1.0, 1.0, 1.0 + 0.05 * number]
            write_maps(Mesh(path.stem, stretched, mesh.cells), {}, path)
            requests.append(SolveRequest(path, SolveOptions(), cached=False))
        with Pool(solver, count=1) as one, Pool(solver, count=2) as two:

            def batch(pool: Pool) -> float:
                return seconds(lambda: list(pool.map(requests)))

            for pool in (one, two):
                batch(pool)  # starts the processes
            times = interleaved({"one": lambda: batch(one), "two": lambda: batch(two)}, 3)
    return median_ratio(times["one"], times["two"])


def _child(*words: object) -> dict[str, Any]:
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(names, "1")}
    command = [sys.executable, "-m", "benchmarks.eigen_child", *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
