"""Which mesh a file of eigenvalues was computed from: the one with the same name beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.geometry.formats import is_mesh, mesh_stem

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIXES = (".off", ".obj", ".ply", ".stl", ".vtk", ".vtu", ".vtp", ".gii", ".surf.gii", ".msh")
_PACKED = ".gz"
_SURFACES = ("pial", "white", "midthickness", "orig", "smoothwm", "inflated")
"""FreeSurfer's, in the order in which one is chosen for a hemisphere's name alone."""

_FOLDERS = (".", "../surf", "surf")
"""Where a mesh is sought from the folder of the eigenvalues: FreeSurfer keeps surfaces in surf."""


def mesh_beside(source: Path, name: str = "") -> Path | None:
    """Return the mesh that belongs to a file of eigenvalues, None if there is none.

    Looks for a few names and lists no folder: ``lh.ev`` has ``lh.pial``, ``lh.pial.ev`` too,
    ``lh-white-2d.ev`` has ``lh.white``, ``torus.ev`` has ``torus.off``.

    Parameters
    ----------
    source : Path
        The file of eigenvalues, or a mesh, which belongs to itself.
    name : str
        Of the spectrum in it, where the file holds several.
    """
    if is_mesh(source):
        return source
    names = []
    for stem in (_bare(source.name), name):
        if stem and not {"/", "\\"} & set(stem):
            names += _candidates(stem)
    for folder in _FOLDERS:
        for candidate in dict.fromkeys(names):
            path = source.parent / folder / candidate
            if path != source and path.is_file() and is_mesh(path):
                return path
    return None


def _bare(name: str) -> str:
    """Return a name without the endings of eigenvalue files."""
    low = name.lower()
    for ending in (".gz", ".ev", ".csv", ".tsv", ".txt", ".h5", ".hdf5", ".npy", ".npz", ".json"):
        if low.endswith(ending) and len(low) > len(ending):
            name, low = name[: -len(ending)], low[: -len(ending)]
    return name


def _candidates(stem: str) -> list[str]:
    found = [stem]
    for suffix in _SUFFIXES:
        found += [stem + suffix, stem + suffix + _PACKED]
    # BrainPrint's names: hemisphere, surface and dimension with dashes.
    parts = stem.lower().removesuffix("-2d").removesuffix("-3d").replace("-", ".").split(".")
    if parts[0] in ("lh", "rh"):
        if len(parts) > 1:
            found.append(".".join(parts[:2]))
        else:
            found += [f"{parts[0]}.{surface}" for surface in _SURFACES]
    return found


def same_shape(mesh: Path, name: str) -> bool:
    """Whether a spectrum's name is the one of a mesh file.

    Examples
    --------
    >>> from pathlib import Path
    >>> same_shape(Path("a/lh.pial"), "lh.pial"), same_shape(Path("b.off"), "c")
    (True, False)
    """
    return bool(name) and name in (mesh_stem(mesh), mesh.name)
