"""How a mesh hangs together: edges, components, boundary, orientation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TRIANGLE_SIDES = ((0, 1), (1, 2), (2, 0))
_TETRA_SIDES = ((1, 2, 3), (0, 3, 2), (0, 1, 3), (0, 2, 1))


@dataclass(frozen=True, eq=False)
class Sides:
    """The edges of triangles, or the faces of tetrahedra, each once.

    Parameters
    ----------
    corners : ndarray, shape (e, 2) or (e, 3)
        Vertices, sorted.
    count : ndarray, shape (e,)
        How many cells share each.
    balance : ndarray, shape (e,)
        Of triangles, how often it is passed upwards less downwards; 0 on an inner edge whose two
        triangles are oriented alike.
    """

    corners: NDArray[np.int64]
    count: NDArray[np.int64]
    balance: NDArray[np.int64]

    @property
    def boundary(self) -> NDArray[np.int64]:
        """Those of one cell only."""
        found: NDArray[np.int64] = self.corners[self.count == 1]
        return found


def sides(cells: NDArray[np.int64]) -> Sides:
    """Return the sides of all cells."""
    pattern = _TRIANGLE_SIDES if cells.shape[1] == 3 else _TETRA_SIDES
    every = np.concatenate([cells[:, list(corners)] for corners in pattern])
    ordered = np.sort(every, axis=1)
    direction = np.where(every[:, 0] < every[:, 1], 1, -1)
    base = int(cells.max()) + 1 if cells.size else 1
    keys = ordered[:, 0].copy()
    for column in range(1, ordered.shape[1]):
        keys = keys * base + ordered[:, column]
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    count = np.bincount(place, minlength=len(first))
    balance = np.bincount(place, direction, minlength=len(first)).astype(np.int64)
    return Sides(ordered[first], count, balance)


def components(cells: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Return the component of each vertex, shape (n,); vertices without a cell have their own."""
    # Here, and not at the top: the window's menus name shapes, and must not wait for SciPy.
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    pairs = np.concatenate([cells[:, [0, other]] for other in range(1, cells.shape[1])])
    graph = coo_array((np.ones(len(pairs), np.int8), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    labels: NDArray[np.int64] = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def edge_count(cells: NDArray[np.int64]) -> int:
    """Return the number of edges."""
    count = cells.shape[1]
    base = int(cells.max()) + 1 if cells.size else 1
    keys = []
    for a in range(count):
        for b in range(a + 1, count):
            low, high = np.minimum(cells[:, a], cells[:, b]), np.maximum(cells[:, a], cells[:, b])
            keys.append(low * base + high)
    return int(np.unique(np.concatenate(keys)).size)


def refined(
    vertices: NDArray[np.float64], triangles: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cut each triangle into four at the middles of its edges."""
    edges = np.concatenate([triangles[:, list(side)] for side in _TRIANGLE_SIDES])
    ordered = np.sort(edges, axis=1)
    keys = ordered[:, 0] * len(vertices) + ordered[:, 1]
    _, first, place = np.unique(keys, return_index=True, return_inverse=True)
    middles = vertices[ordered[first]].mean(axis=1)
    ab, bc, ca = (place + len(vertices)).reshape(3, -1)
    a, b, c = triangles.T
    small = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    cells = np.concatenate([np.stack(corners, axis=1) for corners in small])
    return np.concatenate([vertices, middles]), cells
