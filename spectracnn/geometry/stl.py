"""STL: triangles that repeat their corners. They are kept so; the doctor joins them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.mesh import Mesh
from spectracnn.errors import FileFormatError
from spectracnn.geometry.soup import MESH_EXPECTED, all_bytes

if TYPE_CHECKING:
    from pathlib import Path

_VERTEX = re.compile(rb"\bvertex\s+(\S+)\s+(\S+)\s+(\S+)", re.IGNORECASE)
_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])


def read_stl_binary(path: Path, name: str) -> Mesh:
    """Read a binary STL; one that is cut off is refused."""
    data = all_bytes(path)
    count = int.from_bytes(data[80:84], "little")
    if len(data) < 84 + 50 * count or not count:
        whole = max(len(data) - 84, 0) // 50
        raise FileFormatError(path, f"{whole} triangles", f"{count or 'some'}, as the header says")
    records = np.frombuffer(data, _RECORD, count, 84)
    return _joined(name, records["corners"].astype(np.float64).reshape(-1, 3), path)


def read_stl_text(path: Path, name: str) -> Mesh:
    """Read an STL written as text."""
    found = _VERTEX.findall(all_bytes(path))
    if not found or len(found) % 3:
        raise FileFormatError(path, f"{len(found)} corners", MESH_EXPECTED)
    try:
        points = np.array(found).astype(np.float64)
    except ValueError as error:
        raise FileFormatError(path, f"text ({error})", "numbers", "vertex") from error
    return _joined(name, points, path)


def _joined(name: str, points: np.ndarray, path: Path) -> Mesh:
    return Mesh(name, points, np.arange(len(points)).reshape(-1, 3), path)
