"""A mesh file to a mesh."""

from __future__ import annotations

import contextlib
import io
import lzma
import struct
import tempfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

import numpy as np

from spectracnn.core.mesh import Mesh
from spectracnn.errors import FileFormatError, MeshError
from spectracnn.geometry import ply, polydata, stl, text_formats
from spectracnn.geometry.formats import MeshFormat, mesh_format, mesh_stem
from spectracnn.geometry.soup import MESH_EXPECTED, all_bytes, of_blocks

if TYPE_CHECKING:
    from collections.abc import Callable

_DAMAGED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    SystemExit,
    TypeError,
    ValueError,
    ExpatError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
"""What the libraries raise on files that are cut off or damaged; some even end the program."""


def read_mesh(path: str | Path) -> Mesh:
    """Read a mesh as its file holds it; nothing is repaired.

    Parameters
    ----------
    path : str or Path
        OFF, OBJ, PLY, STL, VTK (``.vtk``, ``.vtu``, ``.vtp``), GIFTI, FreeSurfer, Gmsh; also by
        gzip compressed.

    Raises
    ------
    FileFormatError
        If it is no mesh, or damaged; the only expected error.
    """
    path = Path(path)
    form = mesh_format(path)
    if form is None:
        all_bytes(path)  # says why, where the file cannot be read at all
        raise FileFormatError(path, "no known kind of mesh", MESH_EXPECTED)
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            mesh = _READERS[form](path, mesh_stem(path))
    except (FileFormatError, ModuleNotFoundError):
        raise
    except MeshError as error:
        found = str(error).partition(": found ")[2].rstrip(".") or str(error)
        raise FileFormatError(path, *_parts(found)) from error
    except (*_DAMAGED, _meshio_error()) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise FileFormatError(path, f"a damaged file ({reason})", f"a whole {form} mesh") from error
    if not len(mesh.cells):
        raise FileFormatError(path, "no face", MESH_EXPECTED)
    return mesh


def _parts(text: str) -> tuple[str, str]:
    found, _, expected = text.partition(", expected ")
    return found, expected or MESH_EXPECTED


def _meshio_error() -> type[Exception]:
    from meshio import ReadError

    error: type[Exception] = ReadError
    return error


def _by_meshio(kind: str) -> Callable[[Path, str], Mesh]:
    def read(path: Path, name: str) -> Mesh:
        from importlib import import_module

        with _plain(path) as plain:
            found: Any = import_module(f"meshio.{kind}").read(str(plain))
        points = np.asarray(found.points, np.float64)
        if points.ndim == 2 and points.shape[1] == 2:
            points = np.pad(points, ((0, 0), (0, 1)))
        cells, notes = of_blocks(path, [(block.type, block.data) for block in found.cells])
        return Mesh(name, points, cells, path, notes)

    return read


@contextlib.contextmanager
def _plain(path: Path) -> Any:
    """Give the file itself, or a decompressed copy for as long as it is read."""
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    if not packed:
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, path.name.removesuffix(".gz"))
        copy.write_bytes(all_bytes(path))
        yield copy


def _gifti(path: Path, name: str) -> Mesh:
    from nibabel.gifti import GiftiImage

    image: Any = GiftiImage.from_bytes(all_bytes(path))
    points = image.get_arrays_from_intent("NIFTI_INTENT_POINTSET")
    faces = image.get_arrays_from_intent("NIFTI_INTENT_TRIANGLE")
    if not points or not faces:
        raise FileFormatError(path, "a GIFTI file without a surface", MESH_EXPECTED)
    notes = ("Only the first of its surfaces was read.",) if len(points) > 1 else ()
    return Mesh(name, points[0].data, faces[0].data, path, notes)


def _freesurfer(path: Path, name: str) -> Mesh:
    from nibabel.freesurfer import read_geometry

    with _plain(path) as plain:
        vertices, faces = read_geometry(str(plain))[:2]
    return Mesh(name, vertices, faces, path)


_READERS: dict[MeshFormat, Callable[[Path, str], Mesh]] = {
    MeshFormat.OFF: text_formats.read_off,
    MeshFormat.OBJ: text_formats.read_obj,
    MeshFormat.PLY: ply.read_ply,
    MeshFormat.STL_TEXT: stl.read_stl_text,
    MeshFormat.STL_BINARY: stl.read_stl_binary,
    MeshFormat.VTK: _by_meshio("vtk"),
    MeshFormat.VTK_POLYDATA: polydata.read_vtk_polydata,
    MeshFormat.VTU: _by_meshio("vtu"),
    MeshFormat.VTP: polydata.read_vtp,
    MeshFormat.GIFTI: _gifti,
    MeshFormat.FREESURFER: _freesurfer,
    MeshFormat.FREESURFER_TEXT: text_formats.read_freesurfer_text,
    MeshFormat.GMSH: _by_meshio("gmsh"),
}
