"""Labels that are typed in the table of spectra."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog

EDIT = Qt.ItemDataRole.EditRole


@pytest.fixture
def table(program, qtbot, make_spectrum):
    program.workspace.add_spectra([make_spectrum(name, n=30) for name in ("a", "b", "c")])
    qtbot.waitUntil(lambda: program.window.ui.built)
    return program.window.ui.table


def cells(table):
    place = table.model.column("label")
    return [table.model.index(row, place).data() for row in range(table.model.rowCount())]


def answer(monkeypatch, text, accepted=True):
    monkeypatch.setattr(QInputDialog, "getItem", lambda *args: (text, accepted))


def test_a_command_labels_the_selected_rows(program, table, monkeypatch):
    assert table.model.column("label") == -1
    ids = [entry.id for entry in program.workspace.document.entries]
    table.select(ids[:2])
    answer(monkeypatch, "ant")
    program.window.commands.run("set_label")
    assert cells(table) == ["ant", "ant", ""]
    program.workspace.editing.stack.undo()
    assert cells(table) == ["", "", ""]
    program.workspace.editing.stack.redo()
    assert cells(table) == ["ant", "ant", ""]


def test_a_cell_is_typed_over(program, table, qtbot):
    editing = program.workspace.editing
    editing.set_labels([program.workspace.document.entries[0].id], "ant")
    place = table.model.column("label")
    index = table.model.index(1, place)
    assert table.model.flags(index) & Qt.ItemFlag.ItemIsEditable
    assert not table.model.flags(table.model.index(1, 0)) & Qt.ItemFlag.ItemIsEditable
    table.model.setData(index, " cup ", EDIT)
    qtbot.waitUntil(lambda: cells(table) == ["ant", "cup", ""])
    editing.stack.undo()
    assert cells(table) == ["ant", "", ""]


def test_a_declined_question_changes_nothing(program, table, monkeypatch):
    table.select([program.workspace.document.entries[0].id])
    answer(monkeypatch, "ant", accepted=False)
    program.window.commands.run("set_label")
    assert not program.workspace.document.labels
