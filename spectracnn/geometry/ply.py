"""PLY, as text and binary: the vertices and the faces, whatever else stands there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.mesh import Mesh
from spectracnn.errors import FileFormatError
from spectracnn.geometry.soup import MESH_EXPECTED, all_bytes, cut_note, fans

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_TYPES = {
    "char": "i1", "uchar": "u1", "short": "i2", "ushort": "u2", "int": "i4", "uint": "u4",
    "float": "f4", "double": "f8", "int8": "i1", "uint8": "u1", "int16": "i2", "uint16": "u2",
    "int32": "i4", "uint32": "u4", "float32": "f4", "float64": "f8",
}  # fmt: skip
_ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}


@dataclass
class _Element:
    name: str
    count: int
    properties: list[tuple[str, str, str]] = field(default_factory=list)  # name, type, count's type


def read_ply(path: Path, name: str) -> Mesh:
    """Read a PLY file; polygons are cut into triangles, colours are left out."""
    data = all_bytes(path)
    order, elements, start = _header(path, data)
    columns: _Text | _Binary = (
        _Binary(path, data, start, order) if order else _Text(path, data[start:])
    )
    vertices: NDArray[np.float64] | None = None
    faces: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
    for element in elements:
        found = columns.read(element)
        if element.name == "vertex":
            try:
                vertices = np.stack([found[axis] for axis in "xyz"], axis=1).astype(np.float64)
            except KeyError as error:
                raise FileFormatError(path, "vertices without x, y, z", "them", "header") from error
        elif element.name == "face":
            key = next((key for key in ("vertex_indices", "vertex_index") if key in found), None)
            faces = found[key] if key else None
    if vertices is None or faces is None or not (faces[0] >= 3).any():
        raise FileFormatError(path, "no face", MESH_EXPECTED)
    sizes, corners = faces
    return Mesh(name, vertices, fans(sizes, corners), path, cut_note(int((sizes > 3).sum())))


def _header(path: Path, data: bytes) -> tuple[str, list[_Element], int]:
    end = data.find(b"end_header")
    stop = data.find(b"\n", end)
    if end < 0 or stop < 0:
        raise FileFormatError(path, "a damaged file", "a line 'end_header'", "header")
    order, elements = None, []
    for line in data[:end].decode("latin-1").splitlines():
        words = line.split()
        try:
            if words[:1] == ["format"]:
                order = _ORDERS[words[1]]
            elif words[:1] == ["element"]:
                elements.append(_Element(words[1], int(words[2])))
            elif words[:2] == ["property", "list"]:
                kinds = _TYPES[words[3]], _TYPES[words[2]]
                elements[-1].properties.append((words[4], *kinds))
            elif words[:1] == ["property"]:
                elements[-1].properties.append((words[2], _TYPES[words[1]], ""))
        except (IndexError, KeyError, ValueError) as error:
            raise FileFormatError(path, repr(line[:60]), "a line of PLY", "header") from error
    if order is None or any(element.count < 0 for element in elements):
        raise FileFormatError(path, "no format", "text or binary", "header")
    return order, elements, stop + 1


class _Text:
    """Elements written as lines of text."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path, self._lines, self._at = path, data.splitlines(), 0

    def read(self, element: _Element) -> dict[str, Any]:
        lines = self._lines[self._at : self._at + element.count]
        self._at += element.count
        if len(lines) < element.count:
            raise FileFormatError(
                self._path, f"{len(lines)} lines", f"{element.count}", element.name
            )
        rows = [line.split() for line in lines]
        found: dict[str, Any] = {}
        if not any(counts for _, _, counts in element.properties):
            table = np.array([row[: len(element.properties)] for row in rows]).astype(np.float64)
            names = [name for name, _, _ in element.properties]
            return dict(zip(names, table.T, strict=True)) if len(table) else {}
        places = [0] * len(rows)
        for name, _, counts in element.properties:
            sizes, values = [], []
            for at, row in enumerate(rows):
                size = int(row[places[at]]) if counts else 1
                first = places[at] + bool(counts)
                if size < 0 or first + size > len(row):
                    raise FileFormatError(self._path, "too few numbers", f"{size}", f"face {at}")
                values += row[first : first + size]
                sizes.append(size)
                places[at] = first + size
            flat = np.array(values).astype(np.float64)
            found[name] = (np.array(sizes, np.int64), flat.astype(np.int64)) if counts else flat
        return found


class _Binary:
    """Elements written as bytes."""

    def __init__(self, path: Path, data: bytes, start: int, order: str) -> None:
        self._path, self._data, self._at, self._order = path, data, start, order

    def read(self, element: _Element) -> dict[str, Any]:
        if not any(counts for _, _, counts in element.properties):
            fields = [(name, self._order + kind) for name, kind, _ in element.properties]
            records = self._records(np.dtype(fields), element)
            return {name: records[name] for name, _ in fields}
        return self._alike(element) or self._one_by_one(element)

    def _records(self, dtype: np.dtype[Any], element: _Element) -> NDArray[Any]:
        size = dtype.itemsize * element.count
        if self._at + size > len(self._data):
            raise FileFormatError(self._path, "a file that is cut off", "it whole", element.name)
        records = np.frombuffer(self._data, dtype, element.count, self._at)
        self._at += size
        return records

    def _alike(self, element: _Element) -> dict[str, Any]:
        """Read lists that are all as long as the first one at once; empty if they are not."""
        first = self._row(element, self._at)[0] if element.count else {}
        fields: list[Any] = []
        for name, kind, counts in element.properties:
            if counts:
                fields.append((f"{name} count", self._order + counts))
                fields.append((name, self._order + kind, (len(first.get(name, ())),)))
            else:
                fields.append((name, self._order + kind))
        dtype = np.dtype(fields)
        if not element.count or self._at + dtype.itemsize * element.count > len(self._data):
            return {}
        records = np.frombuffer(self._data, dtype, element.count, self._at)
        found: dict[str, Any] = {}
        for name, _, counts in element.properties:
            if not counts:
                found[name] = records[name]
                continue
            sizes = records[f"{name} count"].astype(np.int64)
            if (sizes != len(first[name])).any():
                return {}
            found[name] = (sizes, records[name].astype(np.int64).ravel())
        self._at += dtype.itemsize * element.count
        return found

    def _one_by_one(self, element: _Element) -> dict[str, Any]:
        rows: list[dict[str, Any]] = []
        for _ in range(element.count):
            row, self._at = self._row(element, self._at)
            rows.append(row)
        found: dict[str, Any] = {}
        for name, _, counts in element.properties:
            parts = [row[name] for row in rows]
            flat = np.concatenate(parts) if parts else np.zeros(0)
            sizes = np.array([len(part) for part in parts], np.int64)
            found[name] = (sizes, flat.astype(np.int64)) if counts else flat
        return found

    def _row(self, element: _Element, at: int) -> tuple[dict[str, Any], int]:
        row = {}
        for name, kind, counts in element.properties:
            size = 1
            if counts:
                size = int(self._values(counts, 1, at, element)[0])
                at += np.dtype(counts).itemsize
            row[name] = self._values(kind, size, at, element)
            at += np.dtype(kind).itemsize * size
        return row, at

    def _values(self, kind: str, count: int, at: int, element: _Element) -> NDArray[Any]:
        dtype = np.dtype(self._order + kind)
        if count < 0 or at + dtype.itemsize * count > len(self._data):
            raise FileFormatError(self._path, "a file that is cut off", "it whole", element.name)
        return np.frombuffer(self._data, dtype, count, at)
