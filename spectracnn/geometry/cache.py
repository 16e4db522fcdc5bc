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
from spectracnn.geometry.report import MeshReport
from spectracnn.geometry.solve import Solution

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.geometry.options import SolveOptions

VERSION = 1
"""Of the solver's results: one that is raised makes older ones unknown."""

LIMIT_MIB = 1024
"""What is kept where nothing else was chosen; results that were not used for longest go first."""

_LIMIT_FILE = "limit.json"


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


def limit_mib() -> int:
    """Return how many MiB are kept, as it was chosen; for every process that computes."""
    try:
        found = json.loads((cache_folder() / _LIMIT_FILE).read_text("utf-8"))["mib"]
    except (OSError, ValueError, KeyError, TypeError):
        return LIMIT_MIB
    return found if type(found) is int and found >= 0 else LIMIT_MIB


def set_limit_mib(limit: int) -> None:
    """Keep no more than so many MiB from now on; 0 keeps nothing.

    Raises
    ------
    ExportError
        If the choice cannot be written.
    """
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with atomic_path(folder / _LIMIT_FILE) as temporary:
            temporary.write_text(json.dumps({"mib": limit}), "utf-8")
    except OSError as error:
        raise ExportError(f"{folder}: cannot be written ({error.strerror or error}).") from error
    trim()


def kept_bytes() -> int:
    """Return how much is kept."""
    return sum(size for _, size, _ in _kept())


def clear() -> None:
    """Remove all results; they are computed again when they are needed."""
    trim(0)


def store(key: str, solution: Solution) -> None:
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
        trim()


def trim(limit: int | None = None) -> None:
    """Remove what was not used for longest, until no more bytes than the limit are kept."""
    most = limit_mib() << 20 if limit is None else limit
    total = 0
    for _, size, file in sorted(_kept(), reverse=True):
        total += size
        if total > most:
            with contextlib.suppress(OSError):  # in use, or gone already
                file.unlink(missing_ok=True)


def _kept() -> list[tuple[float, int, Path]]:
    """Return when each result was last used, its size and its file."""
    found = []
    for file in cache_folder().glob("*.npz"):
        with contextlib.suppress(OSError):  # another process has just removed it
            status = file.stat()
            found.append((status.st_mtime, status.st_size, file))
    return found


def named(solution: Solution, name: str) -> Solution:
    """Return the result under another file's name: its content was the same."""
    return replace(solution, mesh=replace(solution.mesh, name=name))
