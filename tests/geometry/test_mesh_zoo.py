"""Broken and unusual meshes: each is a spectrum or a sentence, by the file."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from spectracnn.errors import FileFormatError, MeshError
from spectracnn.geometry.computing import SolveRequest, compute
from spectracnn.geometry.options import SolveOptions
from tests.geometry.shapes import sphere

if TYPE_CHECKING:
    from pathlib import Path

BALL = sphere(2)
V, F = BALL.vertices, BALL.cells


def off(points: np.ndarray, cells: np.ndarray) -> bytes:
    lines = [f"OFF\n{len(points)} {len(cells)} 0"]
    lines += [" ".join(map(repr, map(float, row))) for row in points]
    lines += ["3 " + " ".join(map(str, row)) for row in np.asarray(cells).tolist()]
    return ("\n".join(lines) + "\n").encode()


def changed(place: tuple[int, int], value: float) -> np.ndarray:
    points = V.copy()
    points[place] = value
    return points


def ply(order: str, cut: int = 0) -> bytes:
    name = {"<": "little", ">": "big"}[order]
    head = (
        f"ply\nformat binary_{name}_endian 1.0\nelement vertex {len(V)}\nproperty float x\n"
        f"property float y\nproperty float z\nelement face {len(F)}\n"
        "property list uchar int vertex_indices\nend_header\n"
    )
    faces = np.zeros(len(F), dtype=[("n", "u1"), ("corners", f"{order}i4", 3)])
    faces["n"], faces["corners"] = 3, F
    whole = head.encode() + np.asarray(V, f"{order}f4").tobytes() + faces.tobytes()
    return whole[: len(whole) - cut]


def stl(nan: bool = False, share: float = 1.0) -> bytes:
    corners = np.zeros(len(F), dtype=[("n", "<f4", 3), ("v", "<f4", (3, 3)), ("more", "<u2")])
    corners["v"] = V[F]
    if nan:
        corners["v"][3, 1, 2] = np.nan
    whole = bytes(80) + struct.pack("<I", len(F)) + corners.tobytes()
    return whole[: int(share * len(whole))]


SPECTRA = {
    "holes.off": (off(V, F[8:]), "boundary"),
    "repeated.off": (off(V, np.vstack([F, F[:20]])), "20 triangles that repeat others removed"),
    "fin.off": (
        off(
            np.vstack([V, [1.1 * V[F[0, :2]].mean(axis=0)]]), np.vstack([F, [[*F[0, :2], len(V)]]])
        ),
        "1 edge belongs to more than two triangles",
    ),
    "large.off": (off(V * 1e6, F), ""),
    "small.off": (off(V * 1e-6, F), ""),
    "far.off": (off(V + 1e7, F), ""),
    "strays.off": (off(np.vstack([V, V[:9] + 0.01]), F), "9 vertices of no cell removed"),
    "two.off": (off(np.vstack([V, V + 5]), np.vstack([F, F + len(V)])), "smaller component"),
    "twisted.off": (off(V, np.vstack([F[:1, ::-1], F[1:]])), "not all oriented alike"),
    "little.ply": (ply("<"), ""),
    "big.ply": (ply(">"), ""),
    "soup.stl": (stl(), "at the place of others joined"),
}
SENTENCES = {
    "nan.off": (off(changed((7, 1), np.nan), F), "no finite number"),
    "inf.off": (off(changed((7, 1), np.inf), F), "no finite number"),
    "nothing.off": (b"", "no known kind of mesh"),
    "empty.off": (b"OFF\n0 0 0\n", "found none"),
    "three.off": (off(V[:3], F[:1] * 0 + [0, 1, 2]), "3 vertices, expected more"),
    "point.off": (off(V * 0, F), "extent 0"),
    "line.off": (off(V * [1, 0, 0], F), "no triangle with area"),
    "huge.off": (off(V * 1e160, F), "extent 2e\\+160"),
    "index.off": (off(V, np.vstack([F, [[0, 1, 9999]]])), "vertex 9999"),
    "cut.ply": (ply("<", cut=50), "cut off"),
    "cut.stl": (stl(share=0.5), "as the header says"),
    "nan.stl": (stl(nan=True), "no finite number"),
    "broken.gii": (b"<?xml version='1.0'?><GIFTI><broken>", "damaged"),
    "broken.vtk": (
        b"# vtk DataFile Version 3.0\nx\nBINARY\nDATASET UNSTRUCTURED_GRID\n"
        b"POINTS 99999999999 double\n\0\1",
        "damaged",
    ),
    "lh.pial": (b"\xff\xff\xfeby nobody\n\n\0\x0f\xff\xff\0\x0f\xff\xff", "damaged"),
}


@pytest.mark.parametrize("name", SPECTRA)
def test_what_has_a_spectrum_has_it(tmp_path: Path, name: str) -> None:
    data, remark = SPECTRA[name]
    (tmp_path / name).write_bytes(data)
    found = compute(SolveRequest(tmp_path / name, SolveOptions(k=12), cached=False))
    assert np.isfinite(found.eigenvalues).all()
    assert (np.diff(found.eigenvalues) >= -1e-9 * found.eigenvalues[-1]).all()
    assert found.confirmed == 12
    scale = float(np.ptp(found.mesh.vertices[:, 0])) / 2
    # A ball's first eigenvalue is 2 / R**2; damage moves it a little.
    assert found.eigenvalues[1] * scale**2 == pytest.approx(2, rel=0.3)
    assert remark in " ".join((*found.report.repairs, *found.report.warnings))


@pytest.mark.parametrize("name", SENTENCES)
def test_what_has_none_is_a_sentence(tmp_path: Path, name: str) -> None:
    data, words = SENTENCES[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises((FileFormatError, MeshError), match=words):
        compute(SolveRequest(tmp_path / name, SolveOptions(k=12), cached=False))
