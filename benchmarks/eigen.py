"""Solving meshes of 2,562, 10,242 and 40,962 vertices for 200 eigenvalues, against LaPy.

Both sides begin with vertices and triangles: LaPy makes its mesh, its matrices and calls
``Solver.eigs``; ours looks the mesh over, makes its matrices, solves and confirms the count. Each
runs in a child with one thread, in turns; processor time is compared. Peak memory is that of
children that solve once, less that of one that only imports both.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from typing import Any

from benchmarks.interleave import median_ratio

LEVELS = {4: 5, 5: 3, 6: 2}
"""Refinements of an icosahedron, and rounds."""


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
    return found


def _child(*words: object) -> dict[str, Any]:
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    environment = {**os.environ, **dict.fromkeys(names, "1")}
    command = [sys.executable, "-m", "benchmarks.eigen_child", *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
