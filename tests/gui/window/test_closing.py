"""Closing spectra can be undone; edits name the spectrum that they are about."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from spectracnn.core.edits import Scale
from spectracnn.engine.messages import TraceSpectrum


def names(program):
    return [entry.spectrum.name for entry in program.workspace.document.entries]


def test_closing_all_can_be_undone(qtbot, program, spectra):
    program.fill(spectra)
    before = program.workspace.selection
    program.ui.table.view.selectAll()
    qtbot.keyClick(program.ui.table.view, Qt.Key.Key_Delete)
    assert names(program) == []
    assert "Closed 4 spectra" in program.ui.status.currentMessage()
    program.window.commands.run("undo")
    assert names(program) == ["shape 0", "shape 1", "shape 2", "shape 3"]
    assert program.workspace.selection.overlaid == before.overlaid
    assert program.workspace.selection.current == before.current
    program.window.commands.run("redo")
    assert names(program) == []


def test_closed_spectra_come_back_where_they_were(program, spectra):
    program.fill(spectra)
    ids = [entry.id for entry in program.workspace.document.entries]
    assert program.workspace.editing.remove([ids[1], ids[3]]) == 2
    assert names(program) == ["shape 0", "shape 2"]
    assert program.workspace.editing.stack.undoText() == "close 2 spectra"
    program.workspace.editing.stack.undo()
    assert names(program) == ["shape 0", "shape 1", "shape 2", "shape 3"]


def test_closing_nothing_is_no_step(program, spectra):
    program.fill(spectra)
    assert program.workspace.editing.remove([]) == 0
    assert program.workspace.editing.remove([12345]) == 0
    assert not program.workspace.editing.stack.canUndo()


def test_edits_survive_closing_and_undo(program, spectra):
    program.fill(spectra)
    first = program.workspace.document.entries[0].id
    program.workspace.editing.make(Scale(factor=2))
    program.workspace.editing.remove([first])
    program.workspace.editing.stack.undo()
    assert len(program.workspace.document.entry(first).edits) == 1
    program.workspace.editing.stack.undo()
    assert program.workspace.document.entry(first).edits == ()


def test_the_history_names_the_spectrum(program, spectra):
    program.fill(spectra)
    program.workspace.editing.make(Scale(factor=2))
    assert program.workspace.editing.stack.undoText().startswith("shape 0: ")


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_nothing_changes_unseen(program, spectra, way):
    program.fill(spectra)
    first, second, *_ = (entry.id for entry in program.workspace.document.entries)
    program.workspace.editing.make(Scale(factor=2))
    if way == "redo":
        program.workspace.editing.stack.undo()
    program.workspace.set_current(second)
    getattr(program.workspace.editing.stack, way)()
    assert program.workspace.selection.current == first
    engine = program.engine
    assert engine.latest(TraceSpectrum) > 0
