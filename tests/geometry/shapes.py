"""Meshes whose spectra are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from spectracnn.core.mesh import Mesh

GWW_TONES = 4 * np.array(
    [
        2.53794399980, 3.65550971352, 5.17555935622, 6.53755744376, 7.24807786256,
        9.20929499840, 10.5969856913, 11.5413953956, 12.3370055014, 13.0536540557,
    ]
)  # fmt: skip
"""Of the drums of Gordon, Webb and Wolpert with the rim held: Driscoll (1997), SIAM Review 39.

His triangles have legs of 2, ours of 1. The same digits are quoted in libMesh's example
``eigenproblems_ex3``. The ninth is 5 pi**2 exactly, a tone of a single triangle.
"""


def extrapolated(coarse: np.ndarray, middle: np.ndarray, fine: np.ndarray) -> np.ndarray:
    """Return the limit of values on grids that are halved, whatever the order (Aitken)."""
    last = fine - middle
    limit: np.ndarray = fine - last**2 / (last - (middle - coarse))
    return limit


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
