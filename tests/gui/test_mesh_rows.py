from __future__ import annotations

import pytest

from spectracnn.core.mesh import Mesh
from spectracnn.geometry.samples import sample_shape, torus
from spectracnn.gui.workspace.mesh_solver import MeshSolver


def write(path, mesh: Mesh):
    lines = [f"OFF\n{len(mesh.vertices)} {len(mesh.cells)} 0"]
    lines += [" ".join(map(repr, row)) for row in mesh.vertices.tolist()]
    lines += ["3 " + " ".join(map(str, row)) for row in mesh.cells.tolist()]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def bad(tmp_path):
    path = tmp_path / "bad.off"
    path.write_text("OFF\n3 1 0\n0 0 0\n1 0 0\n2 0 0\n3 0 1 2\n")
    return path


def test_meshes_are_rows_at_once_and_then_spectra(qtbot, program, bad, tmp_path):
    mesh = torus(1.0, 0.31)
    stray = Mesh("x", [*mesh.vertices.tolist(), [9.0, 9.0, 9.0]], mesh.cells)
    fresh = write(tmp_path / "fresh.off", stray)
    seen = []
    meshes = program.reader.meshes
    meshes.rowsChanged.connect(seen.append)
    program.engine.answer_open()
    program.window.open_paths([fresh, bad])
    rows = program.ui.mesh_rows
    qtbot.waitUntil(lambda: len(rows.rows) == 2, timeout=60_000)
    assert [row.name.text() for row in rows.rows] == ["fresh.off", "bad.off"]
    assert rows.rows[0].state.text() == "computing"
    # The greeting made room, although there is no spectrum yet.
    assert program.ui.pages.currentWidget() is program.ui.columns
    qtbot.waitUntil(lambda: not meshes.rows, timeout=240_000)
    qtbot.waitUntil(rows.isHidden, timeout=10_000)
    (entry,) = program.workspace.document.entries
    assert (entry.spectrum.name, len(entry.spectrum)) == ("fresh", 200)
    assert entry.spectrum.notes == ("1 vertex of no cell removed.",)
    reports = [row.report for now in seen for row in now if row.report is not None]
    assert reports[0].repairs == ("1 vertex of no cell removed.",)
    shares = [row.share for now in seen for row in now if row.path == fresh]
    assert max(shares) > 0.3
    texts = program.ui.message_bar.sentence.text()
    assert "bad.off: found no triangle with area" in texts


def test_one_row_is_stopped_and_the_others_go_on(qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr("spectracnn.gui.workspace.mesh_solver.cores", lambda: 1)
    solver = MeshSolver()
    solved, ends = [], []
    solver.solved.connect(solved.append)
    solver.finished.connect(ends.append)
    paths = [write(tmp_path / f"{at}.off", torus(1.0, 0.2 + at / 50)) for at in range(3)]
    solver.solve(paths)
    assert [row.running for row in solver.rows] == [True, False, False]
    first, second, _ = (row.number for row in solver.rows)
    solver.cancel(second)
    solver.cancel(first)
    solver.cancel(first)
    assert [row.path.name for row in solver.rows] == ["2.off"]
    qtbot.waitUntil(lambda: ends == [True], timeout=240_000)
    assert [path.name for one in solved for path, _ in one.solutions] == ["2.off"]
    solver.close()


def test_as_many_as_there_are_cores_are_computed_at_a_time(qtbot, monkeypatch):
    monkeypatch.setattr("spectracnn.gui.workspace.mesh_solver.cores", lambda: 2)
    solver = MeshSolver()
    solver.solve([sample_shape(name) for name in ("torus", "blob", "drum_1")])
    assert [row.running for row in solver.rows] == [True, True, False]
    solver.close()
    assert solver.rows == ()
