"""What the readers share: cells of any kind to triangles or tetrahedra, bytes of a file."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.errors import FileFormatError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

BYTES_LIMIT = 1 << 31
"""Largest mesh that is held in memory, so that a small gzip file cannot fill it."""

MESH_EXPECTED = "a mesh of triangles or tetrahedra"


def all_bytes(path: Path) -> bytes:
    """Return the bytes of a file, decompressed.

    Raises
    ------
    FileFormatError
        If it cannot be read, or is larger than any mesh that is taken.
    """
    try:
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as stream:
            data = stream.read(BYTES_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileFormatError(
            path, f"a file that cannot be read ({reason})", MESH_EXPECTED
        ) from error
    if len(data) > BYTES_LIMIT:
        raise FileFormatError(path, f"more than {BYTES_LIMIT >> 20} MB", "a mesh of at most that")
    return data


def fans(sizes: NDArray[np.int64], corners: NDArray[np.int64]) -> NDArray[np.int64]:
    """Cut polygons into triangles that share their first corner.

    Parameters
    ----------
    sizes : ndarray, shape (p,)
        Corners of each polygon; those of fewer than three are left out.
    corners : ndarray, shape (sum of sizes,)
        Vertex indices, polygon after polygon.

    Returns
    -------
    ndarray, shape (m, 3)
        In the polygons' order.

    Examples
    --------
    >>> fans(np.array([4]), np.array([0, 1, 2, 3])).tolist()
    [[0, 1, 2], [0, 2, 3]]
    """
    starts = np.cumsum(sizes) - sizes
    counts = np.maximum(sizes - 2, 0)
    firsts = np.repeat(starts, counts)
    steps = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.stack(
        [corners[firsts], corners[firsts + steps + 1], corners[firsts + steps + 2]], axis=1
    )


def polygons(
    path: Path, rows: Sequence[Sequence[int]]
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return triangles of lists of corners, and the note that says so where some were longer."""
    sizes = np.fromiter(map(len, rows), np.int64, len(rows))
    corners = np.fromiter((corner for row in rows for corner in row), np.int64, int(sizes.sum()))
    if not (sizes >= 3).any():
        raise FileFormatError(path, "no face", MESH_EXPECTED)
    return fans(sizes, corners), cut_note(int((sizes > 3).sum()))


def cut_note(count: int) -> tuple[str, ...]:
    """Return the note on polygons that were cut."""
    if not count:
        return ()
    what = "1 polygon was" if count == 1 else f"{count} polygons were"
    return (f"{what} cut into triangles.",)


_CORNERS = {"triangle": 3, "triangle6": 3, "triangle7": 3, "tetra": 4, "tetra10": 4}
_IGNORED = ("vertex", "line", "line3")


def of_blocks(
    path: Path, blocks: Iterable[tuple[str, NDArray[np.int64]]]
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Choose among meshio's blocks of cells: tetrahedra where there are some, else triangles.

    Raises
    ------
    FileFormatError
        If there is neither.
    """
    solid: list[NDArray[np.int64]] = []
    flat: list[NDArray[np.int64]] = []
    others: set[str] = set()
    cut = 0
    curved = False
    for kind, cells in blocks:
        array = np.asarray(cells, np.int64)
        if kind in _CORNERS:
            curved |= array.shape[1] > _CORNERS[kind]
            (solid if _CORNERS[kind] == 4 else flat).append(array[:, : _CORNERS[kind]])
        elif kind.startswith(("quad", "polygon")):
            corners = array[:, :4] if kind.startswith("quad") else array
            sizes = np.full(len(corners), corners.shape[1])
            flat.append(fans(sizes, corners.ravel()))
            cut += len(corners)
        elif kind not in _IGNORED:
            others.add(kind)
    notes = cut_note(cut)
    if curved:
        notes += ("Curved cells were read as flat ones, by their corners.",)
    if solid:
        if flat:
            notes += ("The file's triangles were left out: its tetrahedra are the mesh.",)
        return np.concatenate(solid), notes
    if not flat or others:
        found = f"cells of the kind {', '.join(sorted(others))}" if others else "no face"
        raise FileFormatError(path, found, MESH_EXPECTED)
    return np.concatenate(flat), notes
