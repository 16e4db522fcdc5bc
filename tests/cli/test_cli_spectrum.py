from __future__ import annotations

import json
from typing import TYPE_CHECKING

import h5py
import lapy
import lapy.io
import numpy as np
import pytest

from spectracnn import io
from spectracnn.cli.main import main
from spectracnn.geometry import cache
from tests.geometry.shapes import sphere

if TYPE_CHECKING:
    from pathlib import Path


def write_off(path: Path, subdivisions: int = 3, bumps: float = 0.2) -> Path:
    mesh = sphere(subdivisions, bumps)
    lines = ["OFF", f"{len(mesh.vertices)} {len(mesh.cells)} 0"]
    lines += [" ".join(map(repr, point)) for point in mesh.vertices.tolist()]
    lines += [f"3 {a} {b} {c}" for a, b, c in mesh.cells.tolist()]
    path.write_text("\n".join(lines))
    return path


def expected(subdivisions: int, k: int) -> np.ndarray:
    mesh = sphere(subdivisions, 0.2)
    return lapy.Solver(lapy.TriaMesh(mesh.vertices.copy(), mesh.cells.copy())).eigs(k)[0]


def test_a_folder_gets_an_ev_of_each_that_lapy_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(write_off(tmp_path / f"s{level}.off", level)) for level in (2, 3)]
    out = tmp_path / "out"
    words = ["spectrum", *files, "--out", str(out), "-k", "30", "--json", "--jobs", "1"]
    assert main(words) == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["file"] for record in records] == files
    keys = "file n area volume kind n_vertices repairs warnings seconds".split()
    assert list(records[1]) == keys
    assert (records[1]["n"], records[1]["kind"], records[1]["n_vertices"]) == (30, "surface", 642)
    held = lapy.io.read_ev(str(out / "s3.ev"))
    np.testing.assert_allclose(held["Eigenvalues"][1:], expected(3, 30)[1:], rtol=1e-9)
    assert held["Area"] == pytest.approx(records[1]["area"])


def test_one_file_of_all_is_read_by_the_other_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(write_off(tmp_path / f"s{level}.off", level)) for level in (2, 3)]
    out = tmp_path / "all.h5"
    assert main(["spectrum", *files, "--out", str(out), "--eigenfunctions", "-k", "120"]) == 0
    assert main(["info", str(out), "--json"]) == 0
    text = capsys.readouterr().out
    records = json.loads(text[text.index("[\n") :])
    assert [record["name"] for record in records] == ["s2", "s3"]
    with h5py.File(out) as file:
        assert file["shapes/1/eigenfunctions"].shape == (642, 120)
    table = tmp_path / "all.csv"
    assert main(["spectrum", *files, "--out", str(table), "-k", "9"]) == 0
    assert len(io.read(table)) == 2


def test_meshes_that_cannot_be_done_leave_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write_off(tmp_path / "good.off", 2)
    (tmp_path / "bad.off").write_text("OFF\n1 1 0\n0 0 0\n3 0 0 0\n")
    (tmp_path / "text.txt").write_text("1 2 3\n")
    names = ["bad.off", "text.txt", "none.off"]
    words = ["spectrum", *(str(tmp_path / name) for name in names), str(good)]
    assert main([*words, "--out", str(tmp_path / "o"), "-k", "5", "--jobs", "2"]) == 1
    said = capsys.readouterr().err
    for name in names:
        assert said.count(f"spectracnn: {tmp_path / name}: found") == 1
    assert (tmp_path / "o" / "good.ev").exists()
    assert main(["spectrum", str(good), "--out", str(tmp_path / "o"), "-k", "162"]) == 1
    assert "162 vertices, expected more" in capsys.readouterr().err
    assert main(["spectrum", str(good), "--out", str(tmp_path / "o"), "-k", "0"]) == 2
    assert main(["spectrum", str(good), "--out", str(tmp_path / "no" / "x.h5")]) == 2


def test_eigenfunctions_are_read_by_lapy(tmp_path: Path) -> None:
    file = write_off(tmp_path / "s.off", 2)
    words = ["spectrum", str(file), "--out", str(tmp_path / "o"), "-k", "4", "--eigenfunctions"]
    assert main(words) == 0
    held = lapy.io.read_ev(str(tmp_path / "o" / "s.ev"))
    assert held["Eigenvectors"].shape == (162, 4)
    assert len(io.read(tmp_path / "o" / "s.ev")[0]) == 4


def test_results_are_kept_by_content_and_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from spectracnn.geometry import computing

    file = write_off(tmp_path / "s.off", 2)
    calls = []
    real = computing.solve
    monkeypatch.setattr(computing, "solve", lambda *args: calls.append(1) or real(*args))
    for words, expected_calls in (
        (["-k", "11"], 1),
        (["-k", "11"], 1),
        (["-k", "12"], 2),
        (["-k", "11", "--lump"], 3),
        (["-k", "11", "--no-cache"], 4),
    ):
        assert main(["spectrum", str(file), "--out", str(tmp_path / "o"), *words]) == 0
        assert len(calls) == expected_calls
    copy = tmp_path / "copy.off"
    copy.write_bytes(file.read_bytes())
    assert main(["spectrum", str(copy), "--out", str(tmp_path / "o"), "-k", "11"]) == 0
    assert len(calls) == 4
    assert (tmp_path / "o" / "copy.ev").exists()
    cache.trim(1)
    assert not list(cache.cache_folder().glob("*.npz"))


def test_commands_take_meshes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write_off(tmp_path / "s.off", 2)
    assert main(["info", str(file), "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert (record["n"], record["kind"], record["n_zeros"]) == (161, "surface", 1)
    assert main(["predict", str(tmp_path), "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["probability"] > 0
