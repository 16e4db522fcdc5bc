"""Files that people drop by mistake, recognised by content, each with its own sentence."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from spectracnn.errors import FileFormatError

if TYPE_CHECKING:
    from spectracnn.io.source import Source

_MESH_HINT = "Compute its Laplace-Beltrami eigenvalues first: spectracnn spectrum."
_EXPECTED = "a file of eigenvalues"

_IMAGES: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"II+\0", "a TIFF image"),
    (b"%PDF-", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
)
_MESHES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xff\xfe", "a FreeSurfer surface (a mesh)"),
    (b"\xff\xff\xff", "a FreeSurfer curvature file"),
    (b"glTF", "a glTF mesh"),
)
_MESH_TEXT: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"\Aply\r?\n"), "a PLY mesh"),
    (re.compile(rb"\A# vtk DataFile", re.IGNORECASE), "a VTK mesh"),
    (re.compile(rb"<VTKFile\b"), "a VTK mesh"),
    (re.compile(rb"<GIFTI\b"), "a GIFTI file"),
    (re.compile(rb"\A#!ascii"), "a FreeSurfer surface (a mesh)"),
    (re.compile(rb"\A\$MeshFormat"), "a Gmsh mesh"),
    (
        re.compile(rb"^v[ \t]++\S++[ \t]++\S++[ \t]++\S++[^\n]*+\n\s*+v[nt]?[ \t]", re.MULTILINE),
        "an OBJ mesh",
    ),
    (re.compile(rb"\ASolution:", re.MULTILINE), "a vertex function (.psol)"),
    (re.compile(rb"\A\s*+<(?:!DOCTYPE\s++)?html", re.IGNORECASE), "a web page"),
    (re.compile(rb"\A\s*+<\?xml"), "an XML document"),
    (re.compile(rb"\A# format: spectracnn-attribution\s"), "a table of attributions"),
)
_OFF = re.compile(rb"(?:ST)?C?N?4?n?OFF(?:\s|\Z)")
_FACET = re.compile(rb"\bfacet\s++normal\b")
_NO_MESH = ("a web page", "an XML document", "a vertex function", "a table of attributions")

_EVECS_NAME = re.compile(r"\.brainprint\.evecs-[^/]*\.csv$")


def refuse_known(source: Source) -> None:
    """Refuse a mesh, an image and other files that hold no spectrum.

    Raises
    ------
    FileFormatError
        If the content is one of those; else nothing happens.
    """
    head = source.head
    for magic, found in _IMAGES:
        if head.startswith(magic):
            raise FileFormatError(source.label, found, _EXPECTED)
    for magic, found in _MESHES:
        if head.startswith(magic):
            raise FileFormatError(source.label, found, _EXPECTED, hint=_MESH_HINT)
    found = _binary_image(head, source.file_name)
    if found:
        raise FileFormatError(source.label, found, _EXPECTED)
    if _is_binary_stl(source):
        raise FileFormatError(source.label, "an STL mesh", _EXPECTED, hint=_MESH_HINT)
    if _is_off(head):
        raise FileFormatError(source.label, "an OFF mesh", _EXPECTED, hint=_MESH_HINT)
    if head.startswith(b"solid") and _FACET.search(head):
        raise FileFormatError(source.label, "an STL mesh", _EXPECTED, hint=_MESH_HINT)
    for pattern, found in _MESH_TEXT:
        if pattern.search(head[:4096] if pattern.pattern.startswith(b"<") else head):
            hint = "" if found.startswith(_NO_MESH) else _MESH_HINT
            raise FileFormatError(source.label, found, _EXPECTED, hint=hint)


def _is_off(head: bytes) -> bool:
    """Whether the first line that is no comment says OFF, or one of its kinds."""
    for line in head.split(b"\n"):
        word = line.strip()
        if word and not word.startswith(b"#"):
            return _OFF.match(word) is not None
    return False


def _binary_image(head: bytes, name: str) -> str:
    if head[128:132] == b"DICM":
        return "a DICOM image"
    if head[344:348] in (b"n+1\0", b"ni1\0") or head[4:8] == b"n+2\0":
        return "a NIfTI image"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a WebP image"
    if head[:2] == b"BM" and len(head) > 30 and head[6:10] == b"\0\0\0\0":
        return "a BMP image"
    if head[:4] == b"\0\0\0\1" and name.endswith((".mgh", ".mgz")):
        return "a FreeSurfer volume (.mgh)"
    return ""


def _is_binary_stl(source: Source) -> bool:
    """Whether the length is exactly what the count of triangles in the header asks for."""
    if source.path is None or source.compressed or len(source.head) < 84:
        return False
    (count,) = struct.unpack_from("<I", source.head, 80)
    return bool(count) and source.path.stat().st_size == 84 + 50 * count


def refuse_binary_text(source: Source) -> None:
    """Refuse bytes that are no text.

    Raises
    ------
    FileFormatError
        If the head holds control characters that no text has.
    """
    head = source.head
    controls = sum(head.count(byte) for byte in range(32) if byte not in (9, 10, 11, 12, 13, 27))
    if b"\0" in head or controls > len(head) // 100:
        raise FileFormatError(source.label, "binary data of no known kind", _EXPECTED)


def _is_pair(name: str) -> bool:
    """Whether a column is called ``Left-X_Right-X``."""
    half = (len(name) - len("Left-_Right-")) // 2
    return half > 0 and name == f"Left-{name[5 : 5 + half]}_Right-{name[5 : 5 + half]}"


def refuse_sidecar(source: Source, header: list[str], rows: int) -> None:
    """Refuse BrainPrint's tables of eigenvectors and of asymmetry.

    Raises
    ------
    FileFormatError
        If the name or the header row is that of a sidecar.
    """
    spectra = "the file <subject>.brainprint.csv beside it"
    if _EVECS_NAME.search(source.file_name):
        raise FileFormatError(
            source.label, "eigenvectors written by BrainPrint", f"eigenvalues, in {spectra}"
        )
    names = [cell.strip() for cell in header if cell.strip()]
    pairs = bool(names) and rows <= 1 and all(map(_is_pair, names))
    if pairs or source.file_name.endswith(".brainprint.asymmetry.csv"):
        raise FileFormatError(
            source.label, "asymmetry distances written by BrainPrint", f"eigenvalues, in {spectra}"
        )
