"""Shapes that the program makes itself, to try things on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_path

from spectracnn.core.atomic import atomic_path
from spectracnn.core.mesh import Mesh
from spectracnn.geometry.topology import refined

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

# Which of seven triangles are each other's mirror images across each of the three sides: the pair
# 7_1 of Giraud and Thas (2010), Rev. Mod. Phys. 82, 2213-2255, after Gordon, Webb, Wolpert (1992),
# Invent. Math. 110, 1-22, and the propellers of Buser, Conway, Doyle and Semmler (1994), Int. Math.
# Res. Notices 9, 391-400.
_GLUED = (
    (((0, 1), (2, 5)), ((0, 2), (4, 3)), ((0, 4), (6, 1))),
    (((0, 4), (2, 3)), ((0, 1), (4, 6)), ((0, 2), (1, 5))),
)
_TILE = np.array([[0.0, 0.0], [1.0, 0.0], [0.42, 0.95]])


def revolved(radius: NDArray[np.float64], height: NDArray[np.float64], around: int) -> Mesh:
    """Return the closed surface of a profile that begins and ends on the axis."""
    angles = 2 * np.pi * np.arange(around) / around
    rings = np.stack(
        [
            np.outer(radius[1:-1], np.cos(angles)),
            np.outer(radius[1:-1], np.sin(angles)),
            np.repeat(height[1:-1, None], around, axis=1),
        ],
        axis=-1,
    )
    points = np.concatenate([rings.reshape(-1, 3), [[0, 0, height[0]], [0, 0, height[-1]]]])
    count = len(radius) - 2
    number = np.arange(count * around).reshape(count, around)
    following = np.roll(number, -1, axis=1)
    a, b, c, d = number[:-1], following[:-1], following[1:], number[1:]
    low, high = count * around, count * around + 1
    cells = [
        np.stack([a, b, c], axis=-1).reshape(-1, 3),
        np.stack([a, c, d], axis=-1).reshape(-1, 3),
        np.stack([following[0], number[0], np.full(around, low)], axis=-1),
        np.stack([number[-1], following[-1], np.full(around, high)], axis=-1),
    ]
    return Mesh("revolved", points, np.concatenate(cells))


def dumbbell() -> Mesh:
    """Return two balls of different size on a thin neck."""
    t = np.linspace(-1, 1, 97)
    shape = (
        0.28 + 0.9 * np.exp(-((t + 0.62) ** 2) / 0.05) + 0.65 * np.exp(-((t - 0.66) ** 2) / 0.04)
    )
    radius = shape * np.sqrt(np.clip(1 - t**2, 0, None)) ** 0.7
    return revolved(radius, 2.2 * t, 64)


def torus(large: float = 1.0, small: float = 0.4) -> Mesh:
    """Return a torus."""
    n, m = 90, 40
    u, v = np.meshgrid(2 * np.pi * np.arange(n) / n, 2 * np.pi * np.arange(m) / m, indexing="ij")
    ring = large + small * np.cos(v)
    points = np.stack([ring * np.cos(u), ring * np.sin(u), small * np.sin(v)], axis=-1)
    number = np.arange(n * m).reshape(n, m)
    right, up = np.roll(number, -1, axis=0), np.roll(number, -1, axis=1)
    both = np.roll(right, -1, axis=1)
    cells = [
        np.stack(corners, axis=-1).reshape(-1, 3)
        for corners in ((number, right, both), (number, both, up))
    ]
    return Mesh("torus", points.reshape(-1, 3), np.concatenate(cells))


def blob() -> Mesh:
    """Return a ball with bumps, without any symmetry."""
    t = np.linspace(0, np.pi, 65)
    mesh = revolved(np.sin(t), -np.cos(t), 96)
    x, y, z = mesh.vertices.T
    radius = 1 + 0.25 * np.sin(2.3 * x + 0.4) * np.cos(3.1 * y) + 0.15 * np.sin(4 * z + x)
    return Mesh("blob", mesh.vertices * radius[:, None], mesh.cells)


def drum(which: int) -> Mesh:
    """Return one of the two drums that sound alike: flat, with the same area and outline's length.

    Parameters
    ----------
    which : int
        0 or 1.
    """
    tiles = {0: _TILE}
    while len(tiles) < 7:
        for side, pairs in enumerate(_GLUED[which]):
            for pair in pairs:
                for known, other in (pair, pair[::-1]):
                    if known in tiles and other not in tiles:
                        tiles[other] = _mirrored(tiles[known], side)
    every = np.round(np.concatenate([tiles[number] for number in range(7)]), 9)
    outline, cells = np.unique(every, axis=0, return_inverse=True)
    points, cells = np.pad(outline, ((0, 0), (0, 1))), _alike(outline, cells.reshape(-1, 3))
    for _ in range(5):
        points, cells = refined(points, cells)
    return Mesh(f"drum_{which + 1}", points, cells)


def _mirrored(tile: NDArray[np.float64], side: int) -> NDArray[np.float64]:
    """Return a triangle's mirror image across the side opposite to a corner."""
    start, end, corner = tile[side - 2], tile[side - 1], tile[side]
    along = (end - start) / np.linalg.norm(end - start)
    foot = start + along * ((corner - start) @ along)
    found = tile.copy()
    found[side] = 2 * foot - corner
    return found


def _alike(points: NDArray[np.float64], cells: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return flat triangles, all the same way round."""
    a, b, c = (points[cells[:, corner]] for corner in range(3))
    u, v = b - a, c - a
    wrong = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0] < 0
    cells = cells.copy()
    cells[wrong] = cells[wrong, ::-1]
    return cells


SHAPES: dict[str, Callable[[], Mesh]] = {
    "dumbbell": dumbbell,
    "torus": torus,
    "blob": blob,
    "drum_1": lambda: drum(0),
    "drum_2": lambda: drum(1),
}


def sample_shape(name: str) -> Path:
    """Return the OFF file of a shape, which is written where it is not there yet.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    folder = user_cache_path("spectracnn") / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.off"
    if not path.exists():
        mesh = SHAPES[name]()
        with atomic_path(path) as temporary, temporary.open("w", encoding="ascii") as stream:
            stream.write(f"OFF\n{len(mesh.vertices)} {len(mesh.cells)} 0\n")
            np.savetxt(stream, mesh.vertices, fmt="%.17g")
            np.savetxt(stream, np.insert(mesh.cells, 0, 3, axis=1), fmt="%d")
    return path
