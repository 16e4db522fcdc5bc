"""Which files are meshes: by content, and where content is plain numbers, by name as well."""

from __future__ import annotations

import gzip
import re
import zlib
from enum import StrEnum
from pathlib import Path

from spectracnn.core.regular import open_regular

HEAD = 1 << 16
SUFFIXES = (
    ".off",
    ".obj",
    ".ply",
    ".stl",
    ".vtk",
    ".vtu",
    ".vtp",
    ".gii",
    ".msh",
    ".pial",
    ".white",
    ".inflated",
    ".sphere",
    ".orig",
    ".midthickness",
    ".smoothwm",
)
"""Names of meshes, for folders and file dialogs; any file is judged by its content first."""


class MeshFormat(StrEnum):
    """What a mesh file is; the values are for people."""

    OFF = "OFF"
    OBJ = "OBJ"
    PLY = "PLY"
    STL_TEXT = "STL (text)"
    STL_BINARY = "STL (binary)"
    VTK = "VTK"
    VTK_POLYDATA = "VTK polydata"
    VTU = "VTK XML (.vtu)"
    VTP = "VTK XML (.vtp)"
    GIFTI = "GIFTI"
    FREESURFER = "FreeSurfer surface"
    FREESURFER_TEXT = "FreeSurfer surface (text)"
    GMSH = "Gmsh"


_TEXT: tuple[tuple[re.Pattern[bytes], MeshFormat], ...] = (
    (re.compile(rb"\A\s*(?:#[^\n]*\n\s*)*(?:ST)?C?N?4?n?OFF\b"), MeshFormat.OFF),
    (re.compile(rb"\Aply\r?\n"), MeshFormat.PLY),
    (
        re.compile(rb"\A\s*solid\b.*?\bfacet\s+normal\b", re.DOTALL | re.IGNORECASE),
        MeshFormat.STL_TEXT,
    ),
    (re.compile(rb"\A\$(?:MeshFormat|NOD|Comments)"), MeshFormat.GMSH),
    (re.compile(rb"<VTKFile[^>]*type\s*=\s*[\"']PolyData"), MeshFormat.VTP),
    (re.compile(rb"<VTKFile[^>]*type\s*=\s*[\"']UnstructuredGrid"), MeshFormat.VTU),
    (re.compile(rb"<GIFTI\b"), MeshFormat.GIFTI),
    (re.compile(rb"\A#!ascii[^\n]*\n\s*\d+\s+\d+\s*\n"), MeshFormat.FREESURFER_TEXT),
)
_POLYDATA = re.compile(rb"\n\s*DATASET\s+POLYDATA", re.IGNORECASE)
_OBJ = re.compile(rb"^v[ \t]+[-+.\d]\S*[ \t]+\S+[ \t]+\S+", re.MULTILINE)


def mesh_format(path: str | Path) -> MeshFormat | None:
    """Return what mesh format a file has; None if it is none, or cannot be read.

    Parameters
    ----------
    path : str or Path
        Any file, also one compressed by gzip.
    """
    path = Path(path)
    try:
        head, compressed = read_head(path)
        size = 0 if compressed else path.stat().st_size
    except (OSError, EOFError, zlib.error):
        return None
    if head.startswith(b"\xff\xff\xfe"):
        return MeshFormat.FREESURFER
    if head.startswith((b"\xff\xff\xff", b"\xff\xff\xfd")):
        # Curvature files begin alike; a surface of quadrangles is read when its name says so.
        named = path.name.lower().removesuffix(".gz")
        return MeshFormat.FREESURFER if named.endswith(_SURFACES) else None
    if re.match(rb"# vtk DataFile", head, re.IGNORECASE):
        return MeshFormat.VTK_POLYDATA if _POLYDATA.search(head) else MeshFormat.VTK
    if (
        size >= 84
        and size == 84 + 50 * int.from_bytes(head[80:84], "little")
        and head[80:84].strip(b"\0")
    ):
        return MeshFormat.STL_BINARY
    for pattern, form in _TEXT:
        if pattern.search(head[:8192] if pattern.pattern.startswith(b"<") else head):
            return form
    name = path.name.lower().removesuffix(".gz")
    if _OBJ.search(head) and (
        name.endswith(".obj") or re.search(rb"^f[ \t]+\d", head, re.MULTILINE)
    ):
        return MeshFormat.OBJ
    return MeshFormat.STL_BINARY if name.endswith(".stl") and size >= 84 else None


_SURFACES = (".pial", ".white", ".inflated", ".sphere", ".orig", ".smoothwm", ".reg", ".nofix")


def is_mesh(path: str | Path) -> bool:
    """Whether a file is a mesh."""
    return mesh_format(path) is not None


def is_mesh_name(path: str | Path) -> bool:
    """Whether a file's name is one of a mesh; looks into no file."""
    return Path(path).name.lower().removesuffix(".gz").endswith(SUFFIXES)


def mesh_stem(path: str | Path) -> str:
    """Return a mesh file's name without what says only its format.

    Examples
    --------
    >>> mesh_stem("bunny.off"), mesh_stem("lh.pial"), mesh_stem("a/pial_left.gii.gz")
    ('bunny', 'lh.pial', 'pial_left')
    """
    name = Path(path).name
    if name.lower().endswith(".gz"):
        name = name[:-3]
    for suffix in (".surf.gii", *SUFFIXES[:9]):
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            return name[: -len(suffix)]
    return name


def read_head(path: Path) -> tuple[bytes, bool]:
    """Return the first bytes of a file, and whether it is compressed."""
    with open_regular(path) as stream:
        head = stream.read(HEAD)
    if not head.startswith(b"\x1f\x8b"):
        return head, False
    with gzip.open(path) as packed:
        return packed.read(HEAD), True
