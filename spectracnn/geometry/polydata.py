"""VTK's polydata, which meshio does not read: legacy ``.vtk`` and XML ``.vtp``."""

from __future__ import annotations

import base64
import re
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.mesh import Mesh
from spectracnn.errors import FileFormatError
from spectracnn.geometry.soup import MESH_EXPECTED, all_bytes, cut_note, fans
from spectracnn.geometry.topology import sides

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray

_LEGACY = {
    "double": ">f8", "float": ">f4", "int": ">i4", "long": ">i8", "vtktypeint64": ">i8",
    "vtktypeint32": ">i4", "unsigned_int": ">u4", "short": ">i2", "unsigned_char": ">u1",
    "vtkidtype": ">i8",
}  # fmt: skip
_XML = {
    "Float32": "f4", "Float64": "f8", "Int8": "i1", "Int16": "i2", "Int32": "i4", "Int64": "i8",
    "UInt8": "u1", "UInt16": "u2", "UInt32": "u4", "UInt64": "u8",
}  # fmt: skip


def read_vtk_polydata(path: Path, name: str) -> Mesh:
    """Read a legacy polydata file, text or binary, of versions up to 5.1."""
    return _Legacy(path, all_bytes(path)).mesh(name)


class _Legacy:
    """A legacy file, read from section to section."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path, self.data = path, data
        lines = data.split(b"\n", 3)
        if len(lines) < 4:
            raise FileFormatError(path, "a header that is cut off", MESH_EXPECTED)
        self.binary = lines[2].strip().upper() == b"BINARY"

    def mesh(self, name: str) -> Mesh:
        at, words = self._section(rb"POINTS", 2)
        points, _ = self._values(at, 3 * int(words[0]), words[1])
        strips = re.search(rb"^\s*TRIANGLE_STRIPS\s", self.data, re.MULTILINE)
        if strips:
            raise FileFormatError(self.path, "strips of triangles", "polygons", "TRIANGLE_STRIPS")
        at, words = self._section(rb"POLYGONS", 2)
        count, total = int(words[0]), int(words[1])
        if re.match(rb"\s*OFFSETS\s", self.data[at : at + 64]):
            at, words = self._section(rb"OFFSETS", 1, at)
            offsets, at = self._values(at, count, words[0])
            at, words = self._section(rb"CONNECTIVITY", 1, at)
            corners, _ = self._values(at, total, words[0])
            whole = offsets.astype(np.int64)
            sizes = whole[1:] - whole[:-1]
        else:
            packed, _ = self._values(at, total, "int")
            sizes, corners = _unpacked(self.path, packed.astype(np.int64), count)
        return _polygon_mesh(self.path, name, points.reshape(-1, 3), sizes, corners)

    def _section(self, word: bytes, extra: int, start: int = 0) -> tuple[int, list[str]]:
        """Return where the data of a section begins, and the words after its name."""
        pattern = (
            rb"^[ \t]*" + word + rb"[ \t]+" + rb"[ \t]+".join([rb"(\S+)"] * extra) + rb"[^\n]*\n"
        )
        match = re.compile(pattern, re.MULTILINE | re.IGNORECASE).search(self.data, start)
        if match is None:
            raise FileFormatError(self.path, "no such section", MESH_EXPECTED, word.decode())
        return match.end(), [group.decode("latin-1") for group in match.groups()]

    def _values(self, at: int, count: int, kind: str) -> tuple[NDArray[Any], int]:
        dtype = np.dtype(_LEGACY.get(kind.lower(), ">f8"))
        if self.binary:
            end = at + count * dtype.itemsize
            if end > len(self.data):
                raise FileFormatError(self.path, "a file that is cut off", f"{count} numbers")
            return np.frombuffer(self.data, dtype, count, at), end
        words = self.data[at : at + 40 * count + 4096].split(None, count)
        if len(words) < count:
            raise FileFormatError(self.path, f"{len(words)} numbers", str(count))
        try:
            return np.array(words[:count]).astype(np.float64), at
        except ValueError as error:
            raise FileFormatError(self.path, f"text ({error})", "numbers") from error


def _unpacked(
    path: Path, packed: NDArray[np.int64], count: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Take apart ``size corner corner ... size ...``."""
    if count and len(packed) == 4 * count and (packed[::4] == 3).all():
        return np.full(count, 3), packed.reshape(-1, 4)[:, 1:].ravel()
    sizes, keep, at = [], np.ones(len(packed), bool), 0
    for _ in range(count):
        if at >= len(packed) or packed[at] < 0:
            raise FileFormatError(path, "a list of corners that is cut off", "polygons", "POLYGONS")
        sizes.append(int(packed[at]))
        keep[at] = False
        at += 1 + sizes[-1]
    return np.array(sizes, np.int64), packed[:at][keep[:at]]


def read_vtp(path: Path, name: str) -> Mesh:
    """Read an XML polydata file of one piece or several."""
    from xml.etree import ElementTree

    data = all_bytes(path)
    if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
        raise FileFormatError(path, "XML with a document type", "plain VTK XML")
    appended = b""
    match = re.search(rb"<AppendedData[^>]*>\s*_", data)
    if match is not None:
        end = data.rfind(b"</AppendedData>")
        raw = b"raw" in match.group(0)
        body = data[match.end() : end]
        appended = body if raw else body.strip()
        data = data[: match.start()] + b'<AppendedData encoding="%s"/></VTKFile>' % (
            b"raw" if raw else b"base64"
        )
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise FileFormatError(path, f"XML that is damaged ({error})", MESH_EXPECTED) from error
    reader = _Xml(path, root, appended)
    points, sizes, corners, shift = [], [], [], 0
    for piece in root.iter("Piece"):
        points.append(
            reader.array(piece.find("Points/DataArray")).astype(np.float64).reshape(-1, 3)
        )
        held = {item.get("Name"): item for item in piece.findall("Polys/DataArray")}
        ends = reader.array(held.get("offsets")).astype(np.int64)
        corners.append(reader.array(held.get("connectivity")).astype(np.int64) + shift)
        sizes.append(np.diff(ends, prepend=0))
        shift += len(points[-1])
    if not points:
        raise FileFormatError(path, "no piece", MESH_EXPECTED)
    return _polygon_mesh(
        path, name, np.concatenate(points), np.concatenate(sizes), np.concatenate(corners)
    )


class _Xml:
    """Decodes data arrays."""

    def __init__(self, path: Path, root: Element, appended: bytes) -> None:
        self.path, self.appended = path, appended
        order = "<" if root.get("byte_order", "LittleEndian") == "LittleEndian" else ">"
        self.order = order
        self.header = np.dtype(order + _XML.get(root.get("header_type", "UInt32"), "u4"))
        self.packed = bool(root.get("compressor"))
        place = root.find("AppendedData")
        self.raw = place is not None and place.get("encoding") == "raw"
        if self.packed and "ZLib" not in str(root.get("compressor")):
            raise FileFormatError(path, f"{root.get('compressor')}", "zlib compression or none")

    def array(self, element: Element | None) -> NDArray[Any]:
        if element is None:
            raise FileFormatError(self.path, "no polygons", MESH_EXPECTED)
        dtype = np.dtype(self.order + _XML.get(element.get("type", ""), "f8"))
        form = element.get("format", "ascii")
        if form == "ascii":
            return np.array((element.text or "").split()).astype(np.float64)
        if form == "appended":
            body = self.appended[int(element.get("offset", "0")) :]
            return np.frombuffer(self._decoded(body, raw=self.raw), dtype)
        return np.frombuffer(self._decoded((element.text or "").strip().encode(), raw=False), dtype)

    def _decoded(self, body: bytes, *, raw: bool) -> bytes:
        size = self.header.itemsize

        def part(start: int, count: int) -> bytes:
            """Return decoded bytes from an encoded position on."""
            if raw:
                return body[start : start + count]
            return base64.b64decode(body[start : start + 4 * -(-count // 3)])[:count]

        def encoded(count: int) -> int:
            return count if raw else 4 * -(-count // 3)

        if not self.packed:
            (length,) = np.frombuffer(part(0, size), self.header)
            return part(0, size + int(length))[size:]
        (blocks,) = np.frombuffer(part(0, size), self.header)
        head = part(0, size * (3 + int(blocks)))
        lengths = np.frombuffer(head, self.header)[3:]
        data = part(encoded(len(head)), int(lengths.sum()))
        ends = np.cumsum(lengths.astype(np.int64))
        starts = ends - lengths.astype(np.int64)
        return b"".join(zlib.decompress(data[a:b]) for a, b in zip(starts, ends, strict=True))


def _polygon_mesh(
    path: Path, name: str, points: Any, sizes: NDArray[np.int64], corners: NDArray[Any]
) -> Mesh:
    if not (sizes >= 3).any():
        raise FileFormatError(path, "no polygon", MESH_EXPECTED)
    if sizes.sum() != len(corners):
        raise FileFormatError(path, f"{len(corners)} corners", f"{int(sizes.sum())}", "polygons")
    whole = np.asarray(corners, np.int64)
    if sizes.size and (sizes == 4).all() and _are_tetrahedra(whole.reshape(-1, 4)):
        return Mesh(name, np.asarray(points, np.float64), whole.reshape(-1, 4), path, (_AS_LAPY,))
    cells = fans(sizes, whole)
    return Mesh(name, np.asarray(points, np.float64), cells, path, cut_note(int((sizes > 3).sum())))


_AS_LAPY = "Polygons of four corners were read as tetrahedra, which LaPy once wrote so."


def _are_tetrahedra(fours: NDArray[np.int64]) -> bool:
    """Whether cells of four corners hang together as tetrahedra do, and not as quadrangles.

    Quadrangles of a surface share an edge by twos; tetrahedra have each face by twos at most, and
    of their edges, passed in the order of the corners, most are in many cells.
    """
    if not 0 <= fours.min() or (np.diff(np.sort(fours, axis=1), axis=1) == 0).any():
        return False
    edges = np.sort(np.stack([fours, np.roll(fours, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    keys = edges[:, 0] * (int(fours.max()) + 1) + edges[:, 1]
    shared = np.unique(keys, return_counts=True)[1]
    return bool((shared > 2).mean() > 0.25 and int(sides(fours).count.max()) <= 2)
