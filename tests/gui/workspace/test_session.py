"""File > Save workspace and Open workspace, in the whole window."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from spectracnn.core.edits import Scale
from spectracnn.engine.messages import OpenModel
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
    qtbot.waitUntil(lambda: not program.window.session.opening, timeout=20_000)
    assert program.workspace.document.entries == before
    assert "mine.spectracnn" in program.ui.message_bar.sentence.text()


def test_another_model_is_opened_first(qtbot, program, saved, engine):
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


def test_a_pasted_spectrum_comes_back_with_its_edit(qtbot, program, saved, make_spectrum):
    workspace = program.workspace
    pasted = make_spectrum("pasted", slope=7.0)
    workspace.add_spectra([pasted])
    *_, entry = workspace.document.entries
    workspace.set_edits(entry.id, (Scale(factor=3.0),))
    workspace.set_labels({entry.id: "cup"})
    program.window.session.save(saved)
    restore(qtbot, program, saved)
    found = workspace.document.entries[-1]
    assert found.original.source is None
    assert (found.original.name, found.original.area) == (pasted.name, pasted.area)
    assert np.array_equal(found.original.eigenvalues, pasted.eigenvalues)
    assert [edit.factor for edit in found.edits] == [3.0]
    assert workspace.document.labels[found.id] == "cup"


def test_the_table_of_participants_comes_back(qtbot, program, saved, tmp_path):
    from spectracnn.io.participants import read_table
    from spectracnn.state.participants import Participants

    (tmp_path / "people.csv").write_text("who,age\nshape_0,61\nshape_1,72\n", encoding="utf-8")
    table = Participants(read_table(tmp_path / "people.csv"), "who")
    program.workspace.set_participants(table)
    program.window.session.save(saved)
    program.workspace.set_participants(None)
    restore(qtbot, program, saved)
    document = program.workspace.document
    column = document.participants.table.column("age")
    ages = {e.original or e.spectrum: e for e in document.entries}
    found = {s.name: document.participants.number(column, e) for s, e in ages.items()}
    assert found == {"shape_0": 61.0, "shape_1": 72.0}
    assert document.participants.id_column == "who"


def test_a_table_that_is_gone_is_a_sentence(qtbot, program, saved, tmp_path):
    from spectracnn.io.participants import read_table
    from spectracnn.state.participants import Participants

    path = tmp_path / "people.csv"
    path.write_text("who,age\nshape_0,61\nshape_1,72\n", encoding="utf-8")
    program.workspace.set_participants(Participants(read_table(path)))
    program.window.session.save(saved)
    path.unlink()
    restore(qtbot, program, saved)
    assert len(program.workspace.document.entries) == 2
    assert "people.csv" in program.ui.message_bar.sentence.text()


def is_asked_to_open(engine, model):
    """Whether the newest request is to open a model: the workspace file is read in a thread."""
    return engine.requests[engine.latest(OpenModel)].path.endswith(model.path)


def test_models_that_were_compared_are_opened_again(qtbot, program, saved, engine):
    own = engine.network.description
    second, third = (replace(own, path=f"{name}.keras", name=name) for name in ("second", "third"))
    for model in (second, third, own):
        engine.answer_open(model)
    assert [other.model.name for other in program.workspace.document.others] == ["second", "third"]
    program.window.session.save(saved)
    for model in (second, third):
        program.workspace.close_model(model.path)
    with qtbot.waitSignal(program.window.session.restored, timeout=20_000):
        program.window.open_paths([saved])
        for model in (second, third, own):
            qtbot.waitUntil(partial(is_asked_to_open, engine, model), timeout=20_000)
            asked = engine.requests[engine.latest(OpenModel)].path
            assert asked.endswith(model.path)
            engine.answer_open(model)
    document = program.workspace.document
    assert document.model.name == own.name
    assert [other.model.name for other in document.others] == ["second", "third"]


def test_a_model_that_is_gone_does_not_keep_the_others(qtbot, program, saved, engine):
    from spectracnn.engine.messages import Failed
    from spectracnn.errors import ModelError

    own = engine.network.description
    engine.answer_open(replace(own, path="second.keras", name="second"))
    engine.answer_open(own)
    program.window.session.save(saved)
    program.workspace.close_model("second.keras")
    with qtbot.waitSignal(program.window.session.restored, timeout=20_000):
        program.window.open_paths([saved])
        second = replace(own, path="second.keras")
        qtbot.waitUntil(partial(is_asked_to_open, engine, second), timeout=20_000)
        gone = Failed(engine.latest(OpenModel), ModelError("second.keras: there is no such file."))
        engine.eventReceived.emit(gone)
        engine.answer_open(own)
    assert len(program.workspace.document.entries) == 2
    assert program.workspace.document.others == ()
    assert "second.keras" in program.ui.message_bar.sentence.text()


def test_what_was_opened_although_it_is_no_spectrum_is_opened_again(
    qtbot, program, saved, tmp_path, make_spectrum
):
    from spectracnn import io

    odd = make_spectrum("odd")
    values = np.random.default_rng(0).normal(size=40) * 1e3
    io.write_ev(type(odd)("odd", values), tmp_path / "odd.ev")
    (spectrum,) = io.read(tmp_path / "odd.ev")
    program.workspace.add_spectra([spectrum])
    program.window.session.save(saved)
    restore(qtbot, program, saved)
    assert [e.spectrum.name for e in program.workspace.document.entries][-1] == spectrum.name
