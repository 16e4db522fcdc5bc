"""File > Save workspace and Open workspace, in the whole window."""

import pytest

from spectracnn.core.edits import Scale
from spectracnn.gui.tools.embedding.embedding import EmbeddingTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.selection import Sample, SpectrumMode
from spectracnn.state.tools import CompareTab, ToolChoices


@pytest.fixture
def saved(qtbot, program, ev_file, tmp_path):
    """A workspace file of three spectra, of which one was edited and one is left out by name."""
    program.engine.answer_open()
    paths = [ev_file(f"shape_{n}.ev", slope=1.0 + n) for n in range(3)]
    with qtbot.waitSignal(program.reader.jobFinished, timeout=20_000):
        program.window.open_paths(paths)
    workspace = program.workspace
    first, second, third = workspace.document.entries
    workspace.editing.remove([third.id])
    workspace.set_edits(second.id, (Scale(factor=2.0),))
    workspace.reorder([second.id, first.id])
    workspace.set_current(second.id)
    program.engine.answer_trace()
    workspace.set_overlaid([first.id])
    workspace.set_view(spectrum_mode=SpectrumMode.RAW, log_value=True)
    workspace.set_muted(frozenset({(0, 1)}))
    workspace.pin(Sample(0, 3, 1))
    workspace.editing.choose("compare", choice(workspace, second.id), "Compare: tab")
    path = tmp_path / "mine.spectracnn"
    program.window.session.save(path)
    return path


def choice(workspace, entry_id):
    from dataclasses import replace

    return replace(workspace.choices.compare, tab=CompareTab.MULTIPLES, second=f"entry {entry_id}")


def restore(qtbot, program, path):
    with qtbot.waitSignal(program.window.session.restored, timeout=20_000):
        program.window.open_paths([path])


def test_everything_is_there_again(qtbot, program, saved):
    workspace = program.workspace
    old = {entry.id for entry in workspace.document.entries}
    before = workspace.selection
    workspace.set_muted(frozenset())
    workspace.set_view(log_value=False)
    restore(qtbot, program, saved)
    second, first = workspace.document.entries
    assert (second.spectrum.name, first.spectrum.name) == ("shape_1 (edited)", "shape_0")
    assert not {first.id, second.id} & old
    assert second.edits[0].factor == 2.0
    found = workspace.selection
    assert (found.current, found.overlaid) == (second.id, {first.id})
    assert (found.muted, found.pinned, found.log_value) == (before.muted, before.pinned, True)
    assert workspace.choices.compare.tab is CompareTab.MULTIPLES
    assert workspace.choices.compare.second == f"entry {second.id}"
    assert not workspace.editing.stack.canUndo()
    program.engine.answer_trace()
    assert workspace.document.trace(second.id) is not None
    assert program.ui.table.isVisible()


def test_a_tool_that_is_open_shows_what_was_saved(qtbot, program, saved, themes, settings):
    tool = EmbeddingTool(ToolContext(program.workspace, program.broker, themes, settings))
    qtbot.addWidget(tool)
    tool.show()
    place = tool.layer_box.findData(0)
    tool.layer_box.setCurrentIndex(place)
    tool.layer_box.activated.emit(place)
    program.window.session.save(saved)
    program.workspace.editing.stack.undo()
    assert tool.layer_box.currentData() != 0
    restore(qtbot, program, saved)
    assert tool.layer_box.currentData() == 0


def test_what_is_missing_is_said_and_the_rest_is_there(qtbot, program, saved):
    (saved.parent / "shape_0.ev").unlink()
    restore(qtbot, program, saved)
    (second,) = program.workspace.document.entries
    assert second.edits
    assert program.workspace.selection.overlaid == frozenset()
    assert "shape_0" in program.ui.message_bar.sentence.text()


def test_a_file_that_is_none_changes_nothing(qtbot, program, saved):
    before = program.workspace.document.entries
    saved.write_text("{}")
    program.window.open_paths([saved])
    assert program.workspace.document.entries == before
    assert "mine.spectracnn" in program.ui.message_bar.sentence.text()


def test_another_model_is_opened_first(qtbot, program, saved, engine):
    from dataclasses import replace

    other = replace(engine.network.description, path="other.keras", name="other")
    engine.answer_open(other)
    program.workspace.set_choices(ToolChoices())
    program.window.open_paths([saved])
    qtbot.waitUntil(lambda: len(program.workspace.document.entries) == 2, timeout=20_000)
    assert program.workspace.choices == ToolChoices()  # the model is not there yet
    with qtbot.waitSignal(program.window.session.restored, timeout=20_000):
        engine.answer_open()
    assert program.workspace.document.model.path == engine.network.description.path
    assert program.workspace.selection.muted == {(0, 1)}
    assert program.workspace.choices.compare.tab is CompareTab.MULTIPLES
