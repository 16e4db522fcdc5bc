"""Spectra of meshes kept on disk, by the mesh file's content and the options."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from platformdirs import user_cache_path

from spectracnn.core.atomic import atomic_path
from spectracnn.core.mesh import Mesh
from spectracnn.errors import ExportError
from spectracnn.geometry.doctor import MeshReport
from spectracnn.geometry.solve import Solution

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.geometry.options import SolveOptions

VERSION = 1
"""Of the solver's results: one that is raised makes older ones unknown."""

LIMIT = 1 << 30
"""Bytes that are kept; the results that were not used for longest go first."""


def cache_folder() -> Path:
    """Return where results are kept."""
    return user_cache_path("spectracnn") / "shapes"


def cache_key(path: Path, options: SolveOptions) -> str:
    """Return the name of a result: the SHA-256 of content, options and version."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    record = json.dumps({**options.to_json(), "version": VERSION}, sort_keys=True)
    digest.update(record.encode())
    return digest.hexdigest()


def load(key: str, path: Path, options: SolveOptions) -> Solution | None:
    """Return a kept result, None if there is none that can be read."""
    file = cache_folder() / f"{key}.npz"
    try:
        with np.load(file, allow_pickle=False) as held:
            record: dict[str, Any] = json.loads(str(held["said"]))
            functions = held["eigenfunctions"] if "eigenfunctions" in held else None
            mesh = Mesh(record["name"], held["vertices"], held["cells"], path)
            values = held["eigenvalues"]
        report = record["report"]
        for word in ("repairs", "warnings"):
            report[word] = tuple(report[word])
        found = Solution(
            mesh, values, functions, MeshReport(**report), options,
            record["confirmed"], record["method"], record["seconds"],
        )  # fmt: skip
        os.utime(file)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    return found


def store(key: str, solution: Solution, limit: int = LIMIT) -> None:
    """Keep a result; where that is not possible, it is computed again the next time."""
    record = {
        "name": solution.mesh.name,
        "report": solution.report.to_json(),
        "confirmed": solution.confirmed,
        "method": solution.method,
        "seconds": solution.seconds,
    }
    arrays: dict[str, Any] = {
        "vertices": solution.mesh.vertices,
        "cells": solution.mesh.cells,
        "eigenvalues": solution.eigenvalues,
        "said": np.array(json.dumps(record)),
    }
    if solution.eigenfunctions is not None:
        arrays["eigenfunctions"] = solution.eigenfunctions
    folder = cache_folder()
    with contextlib.suppress(OSError, ExportError):
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_path(folder / f"{key}.npz") as temporary:
            np.savez(temporary, **arrays)
        trim(limit)


def trim(limit: int = LIMIT) -> None:
    """Remove what was not used for longest, until no more than the limit is kept."""
    kept = sorted(
        (
            (file.stat().st_mtime, file.stat().st_size, file)
            for file in cache_folder().glob("*.npz")
        ),
        reverse=True,
    )
    total = 0
    for _, size, file in kept:
        total += size
        if total > limit:
            file.unlink(missing_ok=True)


def named(solution: Solution, name: str) -> Solution:
    """Return the result under another file's name: its content was the same."""
    return replace(solution, mesh=replace(solution.mesh, name=name))
