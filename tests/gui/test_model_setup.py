"""The dialog about a model's card: guesses, a live trial, words for what is wrong, saving."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from spectracnn.core import card_places
from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, read_card
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import DivideByIndex, DropZeros, Standardise, Take, UnitArea
from spectracnn.engine.messages import Failed, OpenModel, TraceSpectrum
from spectracnn.errors import CardError, ExportError, PreprocessingError
from spectracnn.gui.dialogs.model_card.setup import ModelSetupDialog, Subject
from spectracnn.gui.theme import DARK, LIGHT
from spectracnn.gui.window.models_setup import CardSetup

NUMBERED = ("class 0", "class 1", "class 2")


@pytest.fixture
def broker(engine):
    return engine.broker


@pytest.fixture
def model(network, tmp_path):
    """A model without a card, whose folder can be written."""
    card = ModelCard(Preprocessing((Take(12),)), NUMBERED, input_meaning="Assumed.")
    path = tmp_path / "net.keras"
    path.write_bytes(b"stands for a model")
    return replace(
        network.description,
        path=str(path),
        card=card,
        classes=NUMBERED,
        card_assumed=True,
        warnings=("net.keras has no model card.",),
    )


@pytest.fixture
def make_dialog(qtbot, inference, broker, make_spectrum):
    def make(model, subject=None):
        subject = subject or Subject(make_spectrum("cup 1"))
        dialog = ModelSetupDialog(model, subject, inference, broker, LIGHT)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def trial(qtbot, engine, after=0):
    """Wait for the next trial, and return its number and request."""
    qtbot.waitUntil(lambda: engine.latest(TraceSpectrum) > after)
    number = engine.latest(TraceSpectrum)
    return number, engine.requests[number]


def test_it_begins_with_a_guess_and_tries_it(qtbot, make_dialog, model, engine, network):
    dialog = make_dialog(model)
    assert dialog.steps.steps == (DropZeros(), Take(12))
    number, request = trial(qtbot, engine)
    assert request.model.card.preprocessing.steps == (DropZeros(), Take(12))
    assert request.model.sha256 == model.sha256
    engine.answer_trace(number)
    spectrum = request.spectrum
    curve = dialog.preview.plot.getPlotItem().listDataItems()[0]
    np.testing.assert_allclose(curve.yData, network.trace(spectrum).input[:, 0], rtol=1e-6)
    assert "cup 1: eigenvalues 1 to 12 give 12 values" in dialog.preview.caption.text()
    shares = network.trace(spectrum).probabilities
    best = NUMBERED[int(np.argmax(shares))]
    assert dialog.preview.bars.accessibleDescription().startswith(best)


def test_a_change_is_tried_and_an_older_answer_is_not_shown(qtbot, make_dialog, model, engine):
    dialog = make_dialog(model)
    old, _ = trial(qtbot, engine)
    dialog.steps.switches[UnitArea].click()
    engine.answer_trace(old)
    assert not dialog.preview.bars.isVisible()
    _, request = trial(qtbot, engine, old)
    assert request.model.card.preprocessing.steps == (DropZeros(), UnitArea(), Take(12))


def test_a_picture_does_not_outlive_its_card(qtbot, make_dialog, model, engine):
    dialog = make_dialog(model)
    engine.answer_trace(trial(qtbot, engine)[0])
    assert dialog.preview.bars.isVisible()
    dialog.steps.switches[DivideByIndex].click()
    qtbot.waitUntil(lambda: not dialog.preview.bars.isVisible())
    assert dialog.preview.caption.text().startswith("Trying")


def test_steps_are_added_moved_changed_and_removed(qtbot, make_dialog, model):
    dialog = make_dialog(model)
    editor = dialog.steps
    names = [action.text() for action in editor.add_button.menu().actions()]
    editor.add_button.menu().actions()[names.index("Standardise")].trigger()
    editor.rows[2].up_button.click()
    assert [type(step) for step in editor.steps] == [DropZeros, Standardise, Take]
    line = editor.rows[1].editors["scale"]
    line.selectAll()
    qtbot.keyClicks(line, "2.5")
    assert editor.steps[1].scale == 2.5
    editor.rows[1].remove_button.click()
    editor.switches[DivideByIndex].click()
    combo = editor.rows[1].editors["rule"]
    combo.setCurrentText("mindboggle")
    combo.textActivated.emit("mindboggle")
    assert editor.steps == (DropZeros(), DivideByIndex("mindboggle"), Take(12))
    editor.switches[DropZeros].click()
    assert editor.steps == (DivideByIndex("mindboggle"), Take(12))


def test_what_is_wrong_is_said_and_not_saved(qtbot, make_dialog, model):
    dialog = make_dialog(model)
    line = dialog.steps.rows[1].editors["n"]
    line.selectAll()
    qtbot.keyClicks(line, "x")
    assert dialog.problem.text() == "Step 'take first n' needs a whole number; found 'x'."
    assert not dialog.save_button.isEnabled()
    qtbot.keyClick(line, Qt.Key.Key_Backspace)
    qtbot.keyClicks(line, "12")
    assert dialog.save_button.isEnabled()
    dialog.classes.text.setPlainText("a\nb")
    assert dialog.problem.text() == "There are 2 classes; the network has 3."
    assert dialog.classes.caption.text() == "2 of 3, one per line"
    dialog.classes.text.setPlainText("a, b, c")
    assert dialog.card().classes == ("a", "b", "c")
    assert not dialog.problem.text()


def test_names_are_loaded_from_a_file(make_dialog, model, tmp_path):
    dialog = make_dialog(model)
    path = tmp_path / "names.txt"
    path.write_text("cup\nhuman\nteddy\n")
    dialog.classes.load(path)
    assert dialog.card().classes == ("cup", "human", "teddy")
    dialog.classes.load(tmp_path / "absent.txt")
    assert dialog.problem.text().startswith("absent.txt cannot be read")
    path.write_bytes(b"\xff\xfe\xff")
    dialog.classes.load(path)
    assert dialog.problem.text().startswith("names.txt cannot be read")


def test_a_spectrum_that_does_not_fit_stops_no_saving_but_a_card_does(
    qtbot, make_dialog, model, engine
):
    dialog = make_dialog(model)
    number, _ = trial(qtbot, engine)
    engine.eventReceived.emit(Failed(number, PreprocessingError("cup 1: too short.")))
    assert dialog.preview.problem.text() == "cup 1: too short."
    assert dialog.save_button.isEnabled()
    dialog.steps.switches[UnitArea].click()
    number, _ = trial(qtbot, engine, number)
    engine.eventReceived.emit(Failed(number, CardError("It does not fit.")))
    assert dialog.problem.text() == "It does not fit."
    assert not dialog.save_button.isEnabled()


def test_structures_are_chosen_from_those_of_the_file(
    qtbot, make_dialog, model, engine, make_spectrum
):
    members = tuple(replace(make_spectrum(name), key=name) for name in ("left", "right", "stem"))
    brain = replace(model, input_shape=(2, 12, 1), structures=("", ""))
    dialog = make_dialog(brain, Subject(members[1], members))
    first, second = dialog.structures.combos
    assert [first.itemText(i) for i in range(first.count())] == ["", "left", "right", "stem"]
    first.setCurrentText("stem")
    assert dialog.problem.text() == "The name of structure 1 is missing."
    second.setCurrentText("left")
    assert dialog.card().structures == ("stem", "left")
    _, request = trial(qtbot, engine)
    assert request.companions == members
    assert request.spectrum is members[1]


def test_without_a_spectrum_there_is_still_a_card(qtbot, make_dialog, model, engine):
    dialog = make_dialog(model, Subject())
    qtbot.waitUntil(lambda: bool(dialog.preview.caption.text()))
    assert "Open a spectrum" in dialog.preview.caption.text()
    assert engine.latest(TraceSpectrum) == 0
    assert dialog.save_button.isEnabled()


def test_colours_follow_the_theme(qtbot, make_dialog, model, engine):
    dialog = make_dialog(model)
    engine.answer_trace(trial(qtbot, engine)[0])
    dialog.apply_theme(DARK)
    brush = dialog.preview.plot.backgroundBrush()
    assert brush.color().name().upper() == DARK.ground
    assert dialog.preview.bars.isVisible()


# --- in the window ---------------------------------------------------------------------------


@pytest.fixture
def setup(program, broker):
    parts = program
    return CardSetup(parts.window, parts.workspace, parts.inference, broker, parts.themes)


def test_a_model_without_a_card_asks_for_one_and_uses_it(qtbot, program, setup, model, engine):
    engine.answer_open(model)
    dialog = setup.dialog
    assert dialog is not None
    assert dialog.isVisible()
    dialog.classes.text.setPlainText("cup\nhuman\nteddy")
    dialog.title_edit.setText("Three")
    dialog.save_button.click()
    saved = read_card(card_path(Path(model.path)))
    assert (saved.classes, saved.title) == (("cup", "human", "teddy"), "Three")
    assert saved.model_sha256 == model.sha256
    assert setup.dialog is None
    assert engine.requests[engine.latest(OpenModel)].path == model.path
    assert engine.requests[engine.latest(OpenModel)].card is None
    assert program.ui.message_bar.current is None


def test_cancel_keeps_the_assumed_card_and_says_so(qtbot, program, setup, model, engine):
    engine.answer_open(model)
    opened = engine.latest(OpenModel)
    setup.dialog.reject()
    assert engine.latest(OpenModel) == opened
    assert program.workspace.document.model is model
    assert program.ui.message_bar.current.sentence == "net.keras has no model card."
    # Going back to this model does not ask again; the message's button does.
    engine.answer_open(model)
    assert setup.dialog is None
    program.ui.message_bar.action_button.click()
    assert setup.dialog is not None
    setup.dialog.reject()


def test_a_folder_that_cannot_be_written_is_got_round(
    qtbot, program, setup, model, engine, monkeypatch, tmp_path
):
    own = tmp_path / "settings-folder"
    monkeypatch.setattr(card_places, "user_card_folder", lambda: own)
    real = card_places.write_card

    def write(card, path):
        if path.parent == Path(model.path).parent:
            raise ExportError("no")
        real(card, path)

    monkeypatch.setattr(card_places, "write_card", write)
    engine.answer_open(model)
    setup.dialog.save_button.click()
    assert read_card(own / f"{model.sha256}.card.json").classes == NUMBERED
    assert str(own) in program.window.statusBar().currentMessage()


def test_a_card_that_can_be_saved_nowhere_is_told_in_the_dialog(
    qtbot, program, setup, model, engine, monkeypatch
):
    def write(card, path):
        raise ExportError(f"{path.name}: cannot be written (no space).")

    monkeypatch.setattr(card_places, "write_card", write)
    engine.answer_open(model)
    setup.dialog.save_button.click()
    assert setup.dialog.isVisible()
    assert "no space" in setup.dialog.problem.text()
    setup.dialog.reject()


def test_an_existing_card_can_be_edited(qtbot, program, setup, engine, network):
    engine.answer_open()
    assert setup.dialog is None
    program.window.commands.run("edit_model_card")
    dialog = setup.dialog
    assert dialog.steps.steps == network.preprocessing.steps
    assert dialog.card().evaluation == network.description.card.evaluation
    # A model that is opened meanwhile makes the dialog pointless.
    engine.answer_open(replace(network.description, path="other.keras"))
    assert setup.dialog is None


def test_the_spectrum_on_the_screen_is_the_one_tried(
    qtbot, program, setup, model, engine, make_spectrum
):
    engine.answer_open(model)
    program.workspace.add_spectra([make_spectrum("late")])
    qtbot.waitUntil(lambda: _tried_name(engine) == "late")
    setup.dialog.reject()


def _tried_name(engine):
    asked = [r for r in engine.requests.values() if isinstance(r, TraceSpectrum) and r.model]
    return asked[-1].spectrum.name if asked else ""
