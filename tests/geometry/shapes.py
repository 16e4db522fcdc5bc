"""Meshes whose spectra are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spectracnn.core.mesh import Mesh


def sphere(subdivisions: int, bumps: float = 0.0) -> Mesh:
    import trimesh

    made = trimesh.creation.icosphere(subdivisions=subdivisions)
    points = np.asarray(made.vertices)
    radius = 1 + bumps * np.sin(3 * points[:, 0] + 1) * np.cos(4 * points[:, 1])
    return Mesh("sphere", points * radius[:, None], np.asarray(made.faces))


def rectangle(nx: int, ny: int, a: float = 1.0, b: float = 1.0) -> Mesh:
    x, y = np.meshgrid(np.linspace(0, a, nx + 1), np.linspace(0, b, ny + 1), indexing="ij")
    points = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1)
    number = np.arange(x.size).reshape(x.shape)
    p, q, r, s = number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]
    cells = np.concatenate(
        [np.stack([p, q, r], axis=-1).reshape(-1, 3), np.stack([p, r, s], axis=-1).reshape(-1, 3)]
    )
    return Mesh("rectangle", points, cells)


def cube(n: int) -> Mesh:
    """Return the unit cube, each of its n**3 cells cut into six tetrahedra."""
    axis = np.linspace(0, 1, n + 1)
    points = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    number = np.arange((n + 1) ** 3).reshape(n + 1, n + 1, n + 1)
    cells = []
    for order in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
        corner = np.zeros(3, int)
        path = [corner.copy()]
        for step in order:
            corner[step] = 1
            path.append(corner.copy())
        parts = [number[i : i + n, j : j + n, k : k + n].ravel() for i, j, k in path]
        cells.append(np.stack(parts, axis=1))
    return Mesh("cube", points, np.concatenate(cells))


def fsaverage(name: str) -> Path:
    import nilearn.datasets

    return Path(nilearn.datasets.__file__).parent / "data" / "fsaverage5" / f"{name}.gii.gz"
