from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from spectracnn.core.mesh import Mesh
from spectracnn.core.progress import Progress
from spectracnn.geometry.samples import sample_shape, torus
from spectracnn.gui.workspace.mesh_solver import MeshSolver
from spectracnn.state.mesh_rows import MeshRow
from spectracnn.state.selection import Sample


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


def cells(view):
    """Return name and state of the rows, as they are read aloud and shown."""
    model = view.model()
    role = Qt.ItemDataRole.ToolTipRole
    rows = range(model.rowCount())
    return [(model.index(row, 0).data(), model.index(row, 0).data(role) or "") for row in rows]


def test_meshes_are_rows_of_the_table_at_once_and_then_spectra(qtbot, program, bad, tmp_path):
    mesh = torus(1.0, 0.31)
    stray = Mesh("x", [*mesh.vertices.tolist(), [9.0, 9.0, 9.0]], mesh.cells)
    fresh = write(tmp_path / "fresh.off", stray)
    seen = []
    meshes = program.reader.meshes
    meshes.rowsChanged.connect(seen.append)
    program.engine.answer_open()
    program.window.open_paths([fresh, bad])
    table = program.ui.table
    qtbot.waitUntil(lambda: table.view.model().rowCount() == 2, timeout=60_000)
    (name, tip), (other, _) = cells(table.view)
    assert (name, other) == ("fresh.off", "bad.off")
    assert "computing, 0 %" in tip
    assert tip.endswith("Esc stops it.")
    assert table.selected_ids() == []
    # The greeting made room, although there is no spectrum yet.
    assert program.ui.pages.currentWidget() is program.ui.columns
    qtbot.waitUntil(lambda: [row.path.name for row in meshes.rows] == ["bad.off"], timeout=240_000)
    qtbot.waitUntil(lambda: bool(meshes.rows[0].failure), timeout=240_000)
    (entry,) = program.workspace.document.entries
    assert (entry.spectrum.name, len(entry.spectrum)) == ("fresh", 200)
    assert entry.spectrum.notes == ("1 vertex of no cell removed.",)
    reports = [row.report for now in seen for row in now if row.report is not None]
    assert reports[0].repairs == ("1 vertex of no cell removed.",)
    shares = [row.share for now in seen for row in now if row.path == fresh]
    assert max(shares) > 0.3
    assert "bad.off: found no triangle with area" in program.ui.message_bar.sentence.text()
    # The spectrum stands above what failed, whose row says why.
    (name, _), (other, tip) = cells(table.view)
    assert (name, other) == ("fresh", "bad.off")
    assert "found no triangle with area" in tip
    state = table.view.model().index(1, table.model.column("class"))
    assert state.data().startswith("found no triangle with area")


@pytest.fixture
def rows(program, spectra, tmp_path, monkeypatch):
    """Three spectra, one mesh that is computed, one that waits and one that has failed."""
    program.fill(spectra)
    solver = program.reader.meshes
    paths = [tmp_path / name for name in ("a.off", "b.off", "c.off")]
    monkeypatch.setattr(solver, "_start", lambda: solver.rowsChanged.emit(solver.rows))
    solver.solve(paths)
    solver._rows[1] = MeshRow(1, paths[0], running=True, share=0.5)
    solver._rows[3] = MeshRow(3, paths[2], failure="found no face, expected a mesh.")
    solver._waiting.clear()
    solver._waiting.append(2)
    solver._threads[1] = SimpleNamespace(progress=Progress(), wait=lambda: None, worker=Ended())
    solver.rowsChanged.emit(solver.rows)
    return solver


class Ended:
    def end(self):
        pass


def names(program):
    view = program.ui.table.view
    return [view.model().index(row, 0).data() for row in range(view.model().rowCount())]


def test_meshes_stay_below_whatever_is_sorted_or_filtered(program, spectra, rows):
    table = program.ui.table
    last = ["a.off", "b.off", "c.off"]
    assert names(program) == [*(one.name for one in spectra), *last]
    table.view.selectRow(len(spectra) + 1)
    assert [row.number for row in table.meshes.selected()] == [2]
    table.view.sortByColumn(table.model.column("name"), Qt.SortOrder.DescendingOrder)
    assert names(program) == [*sorted((one.name for one in spectra), reverse=True), *last]
    assert [row.number for row in table.meshes.selected()] == [2]
    table.filter_edit.setText("nothing is called so")
    assert names(program) == last
    assert table.view.isVisible()
    assert [row.number for row in table.meshes.selected()] == [2]
    assert table.count_label.text().startswith("0 of ")
    tester = QAbstractItemModelTester(
        table.view.model(), QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    table.filter_edit.clear()
    program.workspace.add_spectra([spectra[0]])
    rows.cancel([2])
    assert names(program)[-3:] == [spectra[0].name, "a.off", "c.off"] or names(program)[-2:] == [
        "a.off",
        "c.off",
    ]
    del tester


def test_a_mesh_is_no_spectrum_for_the_commands(program, spectra, rows):
    table = program.ui.table
    current = program.workspace.selection.current
    table.view.selectAll()
    assert table.selected_ids() == [entry.id for entry in program.workspace.document.entries]
    assert table.selected_count == len(spectra)
    assert table.selected_text()[1] == len(spectra)
    table.view.selectRow(len(spectra))
    assert table.selected_count == 0
    assert program.workspace.selection.current == current
    assert not program.window.commands["remove_selected"].isEnabled()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Delete])
def test_a_key_stops_those_that_are_selected(qtbot, program, spectra, rows, key):
    table = program.ui.table
    program.workspace.pin(Sample(0, 3, 1))
    current = program.workspace.selection.current
    progress = rows._threads[1].progress
    table.view.setFocus()
    table.view.selectRow(len(spectra))
    qtbot.keyClick(table.view, key)
    assert progress.cancelled
    assert names(program)[len(spectra) :] == ["b.off", "c.off"]
    assert program.workspace.selection.pinned is not None  # Esc was about the mesh
    table.view.selectRow(len(spectra) + 1)
    qtbot.keyClick(table.view, key)  # what has failed is removed
    assert names(program)[len(spectra) :] == ["b.off"]
    assert len(program.workspace.document.entries) == len(spectra)
    assert program.workspace.selection.current == current  # and not the row that came near
    assert set(table.selected_ids()) <= {current}


def test_delete_takes_selected_spectra_and_meshes_and_no_others(qtbot, program, spectra, rows):
    view = program.ui.table.view
    view.setFocus()
    view.clearSelection()
    both = QItemSelection(
        view.model().index(len(spectra) - 1, 0), view.model().index(len(spectra), 0)
    )
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(both, flags.ClearAndSelect | flags.Rows)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    left = [*(one.name for one in spectra[:-1]), "b.off", "c.off"]
    qtbot.waitUntil(lambda: names(program) == left, timeout=5_000)


def test_the_menu_of_a_mesh_stops_it_or_tries_it_again(qtbot, program, spectra, rows):
    view, commands = program.ui.table.view, program.window.commands

    def menu_of(row):
        view.selectRow(row)
        at = view.visualRect(view.model().index(row, 0)).center()
        view.customContextMenuRequested.emit(at)
        menu = program.window.context_menus.menu
        found = [action.text() for action in menu.actions() if action.isEnabled()]
        menu.close()
        return found

    assert menu_of(len(spectra)) == ["&Stop computing", "Stop computing &all"]
    assert "&Remove" in menu_of(len(spectra) + 2)
    commands["compute_again"].trigger()
    assert [bool(row.failure) for row in rows.rows] == [False] * 3
    assert list(rows._waiting) == [2, 3]
    commands["stop_all_computing"].trigger()
    assert names(program) == [one.name for one in spectra]
    assert not commands["stop_all_computing"].isEnabled()


def test_rows_are_painted_with_their_state_and_progress(program, spectra, rows, qtbot):
    view = program.ui.table.view
    row = len(spectra)
    qtbot.waitUntil(lambda: view.visualRect(view.model().index(row, 0)).isValid())
    image = view.viewport().grab().toImage()
    accent = view.palette().link().color()
    rect = view.visualRect(view.model().index(row, 0))
    y = rect.bottom()
    coloured = [x for x in range(image.width()) if image.pixelColor(x, y) == accent]
    length = min(view.horizontalHeader().length(), view.viewport().width())
    assert len(coloured) == pytest.approx(length / 2, abs=2)


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
    solver.cancel([second])
    solver.cancel([first])
    solver.cancel([first])
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
