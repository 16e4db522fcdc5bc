"""A shape with values at its vertices as a picture, in plain NumPy: needs no OpenGL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.mesh import Mesh, vertex_normals
from spectracnn.core.spectrum import Kind
from spectracnn.geometry.topology import sides

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_MOST_LEVEL = 64


@dataclass(frozen=True, eq=False)
class Skin:
    """What of a mesh is seen: its surface, centred and of size 1.

    Parameters
    ----------
    points, normals : ndarray, shape (n, 3)
        At the mesh's vertices.
    faces : ndarray, shape (m, 3)
        Triangles.
    closed : bool
        Whether they enclose something, oriented alike: then the far side cannot be seen.
    """

    points: NDArray[np.float64]
    normals: NDArray[np.float64]
    faces: NDArray[np.int64]
    closed: bool = False


def skin(mesh: Mesh) -> Skin:
    """Return the surface of a mesh; of a solid, its boundary."""
    faces = mesh.cells
    if mesh.kind is Kind.SOLID:
        faces = sides(mesh.cells).boundary
    used = mesh.vertices[np.unique(faces)]
    centre = (used.max(axis=0) + used.min(axis=0)) / 2
    size = float(np.linalg.norm(used - centre, axis=1).max()) or 1.0
    points = (mesh.vertices - centre) / size
    found = sides(faces)
    closed = bool((found.count == 2).all() and (found.balance == 0).all())
    return Skin(points, vertex_normals(Mesh(mesh.name, points, faces)), faces, closed)


def draw(
    shape: Skin,
    values: NDArray[np.float64],
    colours: NDArray[np.uint8],
    rotation: NDArray[np.float64],
    size: tuple[int, int],
    *,
    zoom: float = 1.0,
    ground: tuple[int, int, int] = (255, 255, 255),
    contour: bool = True,
    stopped: Callable[[], bool] = lambda: False,
) -> NDArray[np.uint8] | None:
    """Return the picture, shape (height, width, 3); None where it was stopped.

    Parameters
    ----------
    shape : Skin
        What is seen.
    values : ndarray, shape (n,)
        From -1 to 1, at the vertices.
    colours : ndarray, shape (c, 3), uint8
        For -1 to 1.
    rotation : ndarray, shape (3, 3)
        Of the shape; the eye looks along -z.
    size : (int, int)
        Width and height in pixels.
    zoom : float
        1 lets the whole shape be seen.
    ground : (int, int, int)
        Behind it.
    contour : bool
        Whether the lines where the values change their sign are drawn.
    stopped : callable
        Whether the picture is not wanted any more; asked again and again.
    """
    width, height = size
    turned = shape.points @ rotation.T
    scale = 0.47 * zoom * min(width, height)
    place = turned[:, :2] * [scale, -scale] + [width / 2, height / 2]
    light = np.abs(shape.normals @ rotation.T @ np.array([0.3, 0.45, 0.84]))
    depth = np.full(width * height, -np.inf)
    field = np.zeros(width * height)
    shade = np.zeros(width * height)
    for level, faces in _by_size(place, _facing(shape, turned), width, height):
        if stopped():
            return None
        weights = _weights(level)
        x, y, z, value, bright = (
            (data[faces] @ weights.T).ravel()
            for data in (place[:, 0], place[:, 1], turned[:, 2], values, light)
        )
        column, row = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
        seen = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        pixel = row[seen] * width + column[seen]
        order = np.argsort(z[seen], kind="stable")  # the nearest of a pixel is written last
        pixel, near = pixel[order], z[seen][order]
        nearer = near > depth[pixel]
        pixel, order = pixel[nearer], order[nearer]
        depth[pixel] = near[nearer]
        field[pixel] = value[seen][order]
        shade[pixel] = bright[seen][order]
    return _coloured(depth, field, shade, colours, size, ground, contour)


def _facing(shape: Skin, turned: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the triangles that can be seen: of a closed surface those that face the eye."""
    if not shape.closed:
        return shape.faces
    a, b, c = (turned[shape.faces[:, corner], :2] for corner in range(3))
    u, v = b - a, c - a
    area = u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]
    outwards = np.einsum("ij,ij->", shape.points, shape.normals) > 0
    return shape.faces[area > 0] if outwards else shape.faces[area < 0]


def _by_size(
    place: NDArray[np.float64], faces: NDArray[np.int64], width: int, height: int
) -> list[tuple[int, NDArray[np.int64]]]:
    """Group triangles by how many samples along an edge cover every pixel."""
    corners = place[faces]
    low, high = corners.min(axis=1), corners.max(axis=1)
    seen = (high >= 0).all(axis=1) & (low[:, 0] < width) & (low[:, 1] < height)
    edges = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    levels = np.ceil(np.clip(1.1 * edges, 2, None)).astype(int)
    # Not one group for each size of triangle: large ones are rounded up to a power of two.
    levels = np.where(levels > 12, 2 ** np.ceil(np.log2(levels)).astype(int), levels)
    groups = []
    for level in np.unique(levels[seen]):
        chosen = faces[seen & (levels == level)]
        if level > _MOST_LEVEL:  # a few large triangles: cut into pieces of a size that fits memory
            groups += [(int(level), part) for part in np.array_split(chosen, len(chosen))]
        else:
            groups.append((int(level), chosen))
    return groups


def _weights(level: int) -> NDArray[np.float64]:
    """Return barycentric coordinates of evenly spread samples, shape (s, 3)."""
    a, b = np.meshgrid(np.arange(level + 1), np.arange(level + 1), indexing="ij")
    keep = a + b <= level
    first, second = a[keep] / level, b[keep] / level
    return np.stack([first, second, 1 - first - second], axis=1)


def _coloured(
    depth: NDArray[np.float64],
    field: NDArray[np.float64],
    shade: NDArray[np.float64],
    colours: NDArray[np.uint8],
    size: tuple[int, int],
    ground: tuple[int, int, int],
    contour: bool,
) -> NDArray[np.uint8]:
    width, height = size
    hit = np.isfinite(depth)
    number = np.clip((field + 1) / 2 * (len(colours) - 1), 0, len(colours) - 1).astype(int)
    picture = colours[number] * (0.5 + 0.5 * shade[:, None])
    picture[~hit] = ground
    picture = picture.reshape(height, width, 3)
    if contour:
        grid, z = field.reshape(height, width), depth.reshape(height, width)
        solid = hit.reshape(height, width)
        for axis in (0, 1):
            one = tuple(slice(None, -1) if at == axis else slice(None) for at in (0, 1))
            two = tuple(slice(1, None) if at == axis else slice(None) for at in (0, 1))
            line = ((grid[one] > 0) != (grid[two] > 0)) & (solid[one] & solid[two])
            with np.errstate(invalid="ignore"):
                line &= np.abs(z[one] - z[two]) < 0.05  # no line at the rim of what is in front
            picture[one][line] = 40
    found: NDArray[np.uint8] = picture.astype(np.uint8)
    return found


def turned(rotation: NDArray[np.float64], right: float, up: float) -> NDArray[np.float64]:
    """Return the rotation turned on, by radians about the picture's axes."""
    c, s = np.cos(right), np.sin(right)
    about_y = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    c, s = np.cos(up), np.sin(up)
    about_x = np.array([[1, 0, 0], [0, c, -s], [0, s, c]])
    found: NDArray[np.float64] = about_x @ about_y @ rotation
    return found


START = turned(np.eye(3), -0.5, 0.35)
"""How a shape is seen first."""


def diverging(count: int = 256) -> NDArray[np.uint8]:
    """Return blue, white, red, shape (count, 3)."""
    t = np.linspace(-1, 1, count)[:, None]
    blue, red, white = np.array([[38, 90, 190], [190, 48, 38], [248, 248, 248]], float)
    ends = np.where(t < 0, blue, red)
    found: NDArray[np.uint8] = (white + (ends - white) * np.abs(t)).astype(np.uint8)
    return found
