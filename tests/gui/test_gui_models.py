"""Several models: one is current, the others' answers stand in the table, none of them stale."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from shiboken6 import delete

from spectracnn.core.edits import Scale
from spectracnn.engine.messages import (
    BatchPredictions,
    Failed,
    OpenModel,
    PredictSpectra,
    Succeeded,
)
from spectracnn.errors import EngineError, ModelError, PreprocessingError
from spectracnn.gui.settings import ModelLimits, Settings
from spectracnn.gui.window.models_menu import ModelsMenu
from spectracnn.gui.workspace.models import OtherModels
from spectracnn.state.others import EntryPrediction


@pytest.fixture
def other(network):
    return replace(network.description, path="other.keras", name="Other", sha256="cd" * 32)


@pytest.fixture
def asking(workspace, inference, engine):
    models = OtherModels(workspace, inference, engine.broker)
    yield models
    delete(models)


def latest_about(engine, path):
    """The number of the latest question about a model that is not the current one."""
    found = [
        number
        for number, request in engine.requests.items()
        if isinstance(request, PredictSpectra) and request.model and request.model.path == path
    ]
    return max(found, default=0)


def answer(engine, number, row, errors=None):
    count = len(engine.requests[number].spectra)
    part = BatchPredictions(np.tile(np.float32(row), (count, 1)), errors or (None,) * count)
    engine.eventReceived.emit(Succeeded(number, part))


def shown(document, place=0):
    """The classes that one of the other models gives."""
    model = document.others[place]
    found = []
    for entry in document.entries:
        said = model.prediction(entry)
        known = said is not None and said.probabilities is not None
        found.append(model.model.classes[int(np.argmax(said.probabilities))] if known else None)
    return found


def open_two(filled, engine, other):
    engine.answer_open(other)
    engine.answer_trace()
    return filled


def test_the_model_before_stays_open_and_is_asked(qtbot, filled, asking, engine, other):
    open_two(filled, engine, other)
    document = filled.document
    assert [item.model.path for item in document.others] == ["three.keras"]
    qtbot.waitUntil(lambda: latest_about(engine, "three.keras") > 0)
    number = latest_about(engine, "three.keras")
    request = engine.requests[number]
    assert request.model.sha256 == "ab" * 32
    assert request.model.card is document.others[0].model.card
    assert len(request.spectra) == 4
    with qtbot.waitSignal(filled.entriesUpdated):
        answer(engine, number, (0.1, 0.2, 0.7))
    assert shown(filled.document) == ["teddy"] * 4


def test_what_was_answered_is_kept_on_the_way_there_and_back(
    qtbot, filled, asking, engine, other, network
):
    qtbot.waitUntil(lambda: engine.latest(PredictSpectra) > 0)
    engine.answer_predictions()
    before = [entry.probabilities for entry in filled.document.entries]
    open_two(filled, engine, other)
    assert all(entry.probabilities is None for entry in filled.document.entries)
    said = [filled.document.others[0].prediction(entry) for entry in filled.document.entries]
    for row, mine in zip(before, said, strict=True):
        np.testing.assert_array_equal(mine.probabilities, row)
    engine.answer_open(network.description)
    for row, entry in zip(before, filled.document.entries, strict=True):
        np.testing.assert_array_equal(entry.probabilities, row)
    assert [item.model.path for item in filled.document.others] == ["other.keras"]


def test_another_card_makes_the_answers_stale(qtbot, filled, engine, other, network):
    qtbot.waitUntil(lambda: engine.latest(PredictSpectra) > 0)
    engine.answer_predictions()
    open_two(filled, engine, other)
    card = replace(network.description.card, classes=("x", "y", "z"))
    engine.answer_open(replace(network.description, card=card, classes=card.classes))
    assert all(entry.probabilities is None for entry in filled.document.entries)


def test_an_edit_makes_the_other_answer_stale(qtbot, filled, asking, engine, other):
    open_two(filled, engine, other)
    qtbot.waitUntil(lambda: latest_about(engine, "three.keras") > 0)
    first = latest_about(engine, "three.keras")
    entry = filled.document.entries[0]
    filled.set_edits(entry.id, (Scale(factor=2.0),))
    answer(engine, first, (0.1, 0.2, 0.7))
    assert shown(filled.document) == [None, "teddy", "teddy", "teddy"]
    qtbot.waitUntil(lambda: latest_about(engine, "three.keras") > first)
    again = latest_about(engine, "three.keras")
    assert [s.name for s in engine.requests[again].spectra] == ["shape 0 (edited)"]
    answer(engine, again, (0.8, 0.1, 0.1))
    assert shown(filled.document)[0] == "cup"
    filled.set_edits(entry.id, ())
    assert shown(filled.document)[0] is None


def test_an_answer_about_a_model_that_was_closed_or_opened_anew_is_dropped(filled, engine, other):
    open_two(filled, engine, other)
    gone = filled.document.others[0].model
    entry = filled.document.entries[0]
    filled.close_model(gone.path)
    filled.receive_others(gone, {entry.id: EntryPrediction(entry.revision, np.ones(3, np.float32))})
    assert filled.document.others == ()


def test_refusals_and_failures_are_kept_as_sentences(qtbot, filled, asking, engine, other):
    open_two(filled, engine, other)
    qtbot.waitUntil(lambda: latest_about(engine, "three.keras") > 0)
    number = latest_about(engine, "three.keras")
    errors = (PreprocessingError("shape 0: too short."), None, None, None)
    answer(engine, number, (0.1, 0.2, 0.7), errors)
    said = filled.document.others[0].prediction(filled.document.entries[0])
    assert said.refusal == "shape 0: too short."
    filled.add_spectra([filled.document.entries[0].spectrum])
    qtbot.waitUntil(lambda: latest_about(engine, "three.keras") > number)
    number = latest_about(engine, "three.keras")
    engine.eventReceived.emit(Failed(number, ModelError("The file has changed.")))
    said = filled.document.others[0].prediction(filled.document.entries[-1])
    assert said.refusal == "The file has changed."


def test_a_question_that_the_engine_lost_is_asked_once_more(qtbot, filled, asking, engine, other):
    open_two(filled, engine, other)
    qtbot.waitUntil(lambda: latest_about(engine, "three.keras") > 0)
    first = latest_about(engine, "three.keras")
    engine.eventReceived.emit(Failed(first, EngineError("It stopped.")))
    qtbot.waitUntil(lambda: latest_about(engine, "three.keras") > first)
    second = latest_about(engine, "three.keras")
    engine.eventReceived.emit(Failed(second, EngineError("It stopped again.")))
    qtbot.wait(400)
    assert latest_about(engine, "three.keras") == second
    said = filled.document.others[0].prediction(filled.document.entries[0])
    assert said.refusal == "It stopped again."


def test_the_model_of_the_start_gives_way(filled, engine, other):
    filled.passing_model = "three.keras"
    open_two(filled, engine, other)
    assert filled.document.others == ()


# --- in the window ---------------------------------------------------------------------------


def headings(program):
    """In the order on the screen."""
    view = program.ui.table.view
    header, model = view.horizontalHeader(), view.model()
    columns = sorted(range(model.columnCount()), key=header.visualIndex)
    return [model.headerData(column, Qt.Orientation.Horizontal, 0) for column in columns]


def test_columns_come_and_go_with_the_models(qtbot, program, spectra, engine, other):
    plain = ["Name", "", "Class", "p", "n", "File"]
    program.fill(spectra)
    assert headings(program) == plain
    engine.answer_open(other)
    assert headings(program) == ["Name", "", "Class", "p", "three", "p", "n", "File"]
    third = replace(other, path="third.keras", name="Third")
    engine.answer_open(third)
    assert headings(program)[4:8] == ["three", "p", "Other", "p"]
    for path in ("three.keras", "other.keras"):
        program.workspace.close_model(path)
    assert headings(program) == plain


def test_cells_of_another_model(qtbot, program, spectra, engine, other, network):
    program.fill(spectra)
    engine.answer_open(other)
    model = program.workspace.document.others[0].model
    first, second, *_ = program.workspace.document.entries
    program.workspace.receive_others(
        model,
        {
            first.id: EntryPrediction(first.revision, np.float32([0.25, 0.5, 0.25])),
            second.id: EntryPrediction(second.revision, None, "too short"),
        },
    )
    qtbot.waitUntil(lambda: engine.latest(PredictSpectra) > 0)
    engine.answer_predictions()
    table = program.ui.table.model
    cell = [table.index(row, column) for row in (0, 1, 2) for column in (4, 5)]
    assert [c.data() for c in cell] == ["human", "0.50", "\u2014", "", "", ""]
    assert cell[2].data(Qt.ItemDataRole.ToolTipRole) == "too short"
    mine = CLASSES[int(np.argmax(network.trace(first.spectrum).probabilities))]
    differs = cell[0].data(Qt.ItemDataRole.ForegroundRole) is not None
    assert differs == (mine != "human")
    program.ui.table.view.sortByColumn(5, Qt.SortOrder.DescendingOrder)
    assert program.ui.table.view.model().index(0, 0).data() == first.spectrum.name


CLASSES = ("cup", "human", "teddy")


def menu_texts(menu):
    return [action.text().replace("&", "") for action in menu.actions() if action.text()]


def test_the_menu_lists_the_models_and_switches(program, spectra, engine, other, network):
    menu = ModelsMenu(program.window, program.workspace, program.inference)._menu
    assert menu_texts(menu)[0] == "No model is open"
    program.fill(spectra)
    engine.answer_open(other)
    texts = menu_texts(menu)
    assert texts[:2] == ["1 three", "2 Other"]
    assert texts[-2:] == ["Close this model", "Close the others"]
    assert [action.isChecked() for action in menu.actions()[:2]] == [False, True]
    menu.actions()[0].trigger()
    assert engine.requests[engine.latest(OpenModel)].path == "three.keras"
    engine.answer_open(network.description)
    # The order on the menu stays.
    assert menu_texts(menu)[:2] == ["1 three", "2 Other"]
    assert [action.isChecked() for action in menu.actions()[:2]] == [True, False]
    menu.actions()[-1].trigger()
    assert menu_texts(menu)[0] == "1 three"
    assert "2 Other" not in menu_texts(menu)


def test_closing_the_current_model_goes_to_another(program, spectra, engine, other, network):
    menu = ModelsMenu(program.window, program.workspace, program.inference)._menu
    program.fill(spectra)
    engine.answer_open(other)
    menu.actions()[-2].trigger()
    assert engine.requests[engine.latest(OpenModel)].path == "three.keras"
    engine.answer_open(network.description)
    assert program.workspace.document.others == ()


# --- limits ----------------------------------------------------------------------------------


def test_limits_are_stored_and_asked_of_the_engine(qtbot, program, monkeypatch):
    from spectracnn.gui.dialogs.preferences import PreferencesDialog

    def choose(dialog):
        dialog.memory_spin.setValue(0)
        dialog.time_spin.setValue(30)
        dialog.accept()
        return 1

    monkeypatch.setattr(PreferencesDialog, "exec", choose)
    program.window.commands.run("preferences")
    assert Settings().model_limits == ModelLimits(None, 30)
    request = program.inference.opening("a.keras")
    assert (request.memory_limit, request.time_limit) == (None, 30)
    assert ModelLimits() == ModelLimits(6, 120)
    assert OpenModel("a").memory_limit == 6 << 30


@pytest.mark.parametrize("stored", [{"memory_gib": "much"}, {"seconds": -1}, {"seconds": True}])
def test_stored_limits_that_make_no_sense_are_passed_over(settings, stored):
    text = json.dumps({"version": 2, "model_limits": stored})
    QSettings().setValue("settings", text)
    assert Settings().model_limits == ModelLimits()
