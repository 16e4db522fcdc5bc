"""The two drums of Gordon, Webb and Wolpert: different outlines, the same eigenvalues.

Each consists of seven halves of a unit square, every one the mirror image of its neighbours. A
function on one drum can be cut along the triangles and put together again, up to sign, on the
other; that maps eigenfunctions to eigenfunctions, so that all eigenvalues agree.

References
----------
.. [1] Gordon, Webb, Wolpert (1992), Invent. Math. 110, 1-22.
.. [2] Driscoll (1997), SIAM Review 39, 1-17 (their eigenvalues to 12 digits).
"""

from __future__ import annotations

import numpy as np

from spectracnn.core.mesh import Mesh
from spectracnn.geometry.topology import refined

OUTLINES = (
    ((0, 0), (0, 1), (2, 3), (2, 2), (3, 2), (2, 1), (1, 1), (1, 0)),
    ((0, 1), (0, 2), (2, 2), (2, 3), (3, 2), (2, 1), (1, 1), (1, 0)),
)
"""The corners of both, in order."""

TILES = (
    (
        ((0, 0), (1, 0), (0, 1)),
        ((1, 0), (1, 1), (0, 1)),
        ((0, 1), (1, 1), (1, 2)),
        ((1, 1), (2, 1), (1, 2)),
        ((2, 1), (2, 2), (1, 2)),
        ((1, 2), (2, 2), (2, 3)),
        ((2, 1), (3, 2), (2, 2)),
    ),
    (
        ((1, 0), (1, 1), (0, 1)),
        ((0, 1), (1, 1), (1, 2)),
        ((0, 1), (1, 2), (0, 2)),
        ((1, 1), (2, 1), (1, 2)),
        ((2, 1), (2, 2), (1, 2)),
        ((2, 1), (3, 2), (2, 2)),
        ((2, 2), (3, 2), (2, 3)),
    ),
)
"""The seven triangles of both, each counter-clockwise."""


def drum(which: int, refinements: int = 5) -> Mesh:
    """Return one of the drums, flat, of area 3.5.

    Parameters
    ----------
    which : int
        0 or 1.
    refinements : int
        How often each of the seven triangles is cut into four.
    """
    corners = np.array(TILES[which], np.float64).reshape(-1, 2)
    outline, cells = np.unique(corners, axis=0, return_inverse=True)
    points, cells = np.pad(outline, ((0, 0), (0, 1))), cells.reshape(-1, 3).astype(np.int64)
    for _ in range(refinements):
        points, cells = refined(points, cells)
    return Mesh(f"drum_{which + 1}", points, cells)
