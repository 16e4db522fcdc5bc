"""Shapes that the program makes itself, to try things on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_path

from spectracnn.core.atomic import atomic_path
from spectracnn.core.mesh import Mesh
from spectracnn.geometry.drums import drum

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray


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


SHAPES: dict[str, Callable[[], Mesh]] = {
    "dumbbell": dumbbell,
    "torus": torus,
    "blob": blob,
    "drum_1": lambda: drum(0),
    "drum_2": lambda: drum(1),
}


EDITION = 2
"""Raised when a shape changes, because files that are there are not written again."""


def sample_shape(name: str) -> Path:
    """Return the OFF file of a shape, which is written where it is not there yet.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    folder = user_cache_path("spectracnn") / f"samples-{EDITION}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.off"
    if not path.exists():
        mesh = SHAPES[name]()
        with atomic_path(path) as temporary, temporary.open("w", encoding="ascii") as stream:
            stream.write(f"OFF\n{len(mesh.vertices)} {len(mesh.cells)} 0\n")
            np.savetxt(stream, mesh.vertices, fmt="%.17g")
            np.savetxt(stream, np.insert(mesh.cells, 0, 3, axis=1), fmt="%d")
    return path
