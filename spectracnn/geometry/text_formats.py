"""Meshes written as text: OFF, OBJ and FreeSurfer's ``#!ascii``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.mesh import Mesh
from spectracnn.errors import FileFormatError
from spectracnn.geometry.soup import MESH_EXPECTED, all_bytes, cut_note, fans, polygons

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_OFF = re.compile(r"\A\s*(?P<kind>(?:ST)?C?N?4?n?OFF)\b[ \t]*(?P<binary>BINARY)?")


def read_off(path: Path, name: str) -> Mesh:
    """Read an OFF file; colours and normals are left out."""
    data = all_bytes(path)
    lines = [line.partition(b"#")[0].split() for line in data.splitlines()]
    rows = [line for line in lines if line]
    match = _OFF.match(" ".join(token.decode("latin-1") for token in rows[0]))
    if match is None or match["binary"] or match["kind"] not in ("OFF", "COFF", "NOFF", "CNOFF"):
        raise FileFormatError(
            path, "a kind of OFF that is not read", "OFF as text, in three dimensions"
        )
    rows[0] = rows[0][1:]
    rows = rows if rows[0] else rows[1:]
    n, m = _counts(path, rows[0] if rows else [])
    if len(rows) < 1 + n + m:
        raise FileFormatError(path, f"{max(len(rows) - 1, 0)} lines", f"{n} vertices and {m} faces")
    vertices = _floats(path, [row[:3] for row in rows[1 : 1 + n]], "vertices")
    faces = []
    for at, row in enumerate(rows[1 + n : 1 + n + m]):
        try:
            size = int(row[0])
            faces.append([int(token) for token in row[1 : 1 + size]])
        except ValueError as error:
            raise FileFormatError(path, "no numbers", "a face", f"face {at}") from error
        if len(faces[-1]) != size:
            raise FileFormatError(path, f"{len(faces[-1])} corners", str(size), f"face {at}")
    cells, notes = polygons(path, faces)
    return Mesh(name, vertices, cells, path, notes)


def read_obj(path: Path, name: str) -> Mesh:
    """Read the vertices and faces of an OBJ file, all groups as one mesh."""
    points: list[list[bytes]] = []
    sizes: list[int] = []
    corners: list[int] = []
    data = all_bytes(path).replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
    for at, line in enumerate(data.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        if words[0] == b"v":
            points.append(words[1:4])
        elif words[0] == b"f":
            try:
                found = [int(word.partition(b"/")[0]) for word in words[1:] if word[:1] != b"#"]
            except ValueError as error:
                raise FileFormatError(path, "no numbers", "a face", f"line {at}") from error
            # Negative numbers count back from the last vertex read.
            corners += [corner - 1 if corner > 0 else len(points) + corner for corner in found]
            if 0 in found:
                raise FileFormatError(path, "vertex 0", "vertices from 1 on", f"line {at}")
            sizes.append(len(found))
    vertices = _floats(path, points, "vertices")
    lengths = np.array(sizes, np.int64)
    if not (lengths >= 3).any():
        raise FileFormatError(path, "no face", MESH_EXPECTED)
    cells = fans(lengths, np.array(corners, np.int64))
    return Mesh(name, vertices, cells, path, cut_note(int((lengths > 3).sum())))


def read_freesurfer_text(path: Path, name: str) -> Mesh:
    """Read FreeSurfer's surface as text: counts, then vertices, then triangles, four columns."""
    lines = all_bytes(path).decode("latin-1").splitlines()
    rows = [line.encode().split() for line in lines[1:] if line.strip()]
    n, m = _counts(path, rows[0] if rows else [])
    if len(rows) < 1 + n + m:
        raise FileFormatError(path, f"{max(len(rows) - 1, 0)} lines", f"{n} vertices and {m} faces")
    vertices = _floats(path, [row[:3] for row in rows[1 : 1 + n]], "vertices")
    cells = _floats(path, [row[:3] for row in rows[1 + n : 1 + n + m]], "faces")
    return Mesh(name, vertices, cells.astype(np.int64), path)


def _counts(path: Path, row: list[bytes]) -> tuple[int, int]:
    try:
        n, m = int(row[0]), int(row[1])
    except (ValueError, IndexError) as error:
        raise FileFormatError(
            path, "no counts", "counts of vertices and faces", "header"
        ) from error
    if n < 0 or m < 0:
        raise FileFormatError(path, "negative counts", "counts of vertices and faces", "header")
    return n, m


def _floats(path: Path, rows: list[list[bytes]], what: str) -> NDArray[np.float64]:
    if not rows or any(len(row) != 3 for row in rows):
        found = "rows of other lengths" if rows else "none"
        raise FileFormatError(path, found, "three numbers each", what)
    try:
        return np.array(rows).astype(np.float64)
    except ValueError as error:
        raise FileFormatError(path, f"text ({error})", "three numbers each", what) from error
