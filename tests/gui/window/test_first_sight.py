"""What a stranger sees first: names, next steps, and what can be dropped."""

from __future__ import annotations

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QTextDocument
from PySide6.QtWidgets import QFileDialog, QToolButton

from spectracnn.engine.messages import PredictSpectra
from spectracnn.gui.window.models_menu import ModelsMenu
from spectracnn.gui.workspace.file_reader import ReadBatch
from spectracnn.state.document import Document, Entry
from spectracnn.view.needs import needed_text
from spectracnn.view.prediction_table import predictions_csv, predictions_json


def test_the_title_names_spectrum_and_model(program, spectra):
    program.fill(spectra)
    assert program.window.windowTitle() == "shape 0 \u2013 three \u2013 SpectraCNN"


def test_a_button_names_the_model_and_opens_its_menu(program, spectra):
    menu = ModelsMenu(program.window, program.workspace, program.inference)
    assert menu.button.text().startswith("No model")
    program.fill(spectra)
    assert menu.button.text().startswith("three")
    assert "three.keras" in menu.button.toolTip()
    names = {action.objectName() for action in menu.button.menu().actions()}
    assert {"open_model", "edit_model_card"} <= names
    assert menu.button.isVisible()


def test_the_greeting_offers_recent_files_model_and_tour(qtbot, program, ev_file, tmp_path):
    path = ev_file("one.ev")
    program.ui.welcome.show_recent([path])
    button = program.ui.welcome.recent.findChild(QToolButton)
    assert button.text() == "one.ev"
    with qtbot.waitSignal(program.reader.jobFinished):
        button.click()
    assert [e.spectrum.name for e in program.workspace.document.entries] == ["one"]
    wishes = []
    program.window.wishes.tourRequested.connect(lambda: wishes.append("tour"))
    program.ui.welcome.tour_button.click()
    assert wishes == ["tour"]
    assert "model" in program.ui.welcome.model_button.text()


def test_the_window_lights_up_while_files_are_dragged(program, tmp_path):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.ev"))])
    event = QDragEnterEvent(
        QPoint(20, 20),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    program.window.dragEnterEvent(event)
    assert program.window._veil.isVisible()
    assert program.window._veil.geometry() == program.window.rect()
    program.window.dragLeaveEvent(QDragLeaveEvent())
    assert not program.window._veil.isVisible()


def test_a_spectrum_that_is_too_short_is_explained_once(qtbot, program, spectra, make_spectrum):
    short = make_spectrum("short", n=8)
    program.fill([*spectra, short])
    qtbot.waitUntil(lambda: program.engine.latest(PredictSpectra) > 0)
    program.engine.answer_predictions()
    assert not program.ui.refused.isVisible()
    program.workspace.set_current(program.workspace.document.entries[-1].id)
    program.engine.answer_trace()
    assert program.ui.refused.isVisible()
    assert "three" in program.ui.refused.headline.text()
    assert "12" in program.ui.refused.reason.text()
    assert program.ui.refused.needs.text() == "three needs a spectrum with at least 12 eigenvalues."
    program.window.commands.run("previous_spectrum")
    assert not program.ui.refused.isVisible()


def test_needs_follow_the_card(network):
    assert "at least 12" in needed_text(network.description)


@pytest.fixture
def predicted(network, make_spectrum):
    shares = np.array([0.25, 0.5, 0.25], np.float32)
    entries = (
        Entry(1, make_spectrum("=cmd|' /C calc'!A0"), shares),
        Entry(2, make_spectrum("short", n=5), refusal="short: too short"),
    )
    return Document(entries, network.description)


def test_predictions_as_a_table(predicted):
    first, second = list(csv.DictReader(predictions_csv(predicted).splitlines()))
    assert first["name"] == "'=cmd|' /C calc'!A0"
    assert (first["prediction"], float(first["probability"])) == ("human", 0.5)
    assert [float(first[name]) for name in ("cup", "human", "teddy")] == [0.25, 0.5, 0.25]
    assert (second["prediction"], second["probability"], second["cup"]) == ("", "", "")
    assert second["error"] == "short: too short"


def test_predictions_as_json(predicted, network):
    whole = json.loads(predictions_json(predicted))
    assert whole["model"]["sha256"] == network.description.sha256
    assert whole["spectra"][0]["outputs"] == {"cup": 0.25, "human": 0.5, "teddy": 0.25}
    assert whole["spectra"][1]["outputs"] == {}
    assert whole["spectra"][1]["probability"] is None


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_predictions_are_saved_from_the_window(
    qtbot, program, spectra, tmp_path, monkeypatch, suffix
):
    program.fill(spectra)
    assert not program.window.commands["save_predictions"].isEnabled()
    qtbot.waitUntil(lambda: program.engine.latest(PredictSpectra) > 0)
    program.engine.answer_predictions()
    path = tmp_path / f"out{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    program.window.commands.run("save_predictions")
    text = path.read_text()
    assert text.count("shape ") >= 4
    assert "Saved the predictions of 4 spectra" in program.ui.status.currentMessage()


def test_predictions_that_cannot_be_saved_are_a_message(
    qtbot, program, spectra, tmp_path, monkeypatch
):
    program.fill(spectra)
    qtbot.waitUntil(lambda: program.engine.latest(PredictSpectra) > 0)
    program.engine.answer_predictions()
    path = tmp_path / "no such folder" / "out.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    program.window.commands.run("save_predictions")
    assert "cannot be written" in program.ui.message_bar.current.sentence


@pytest.mark.parametrize("size", [(900, 600), (853, 533), (1280, 800), (1920, 1080)])
def test_the_window_takes_the_size_that_it_is_given(qtbot, program, spectra, size):
    program.fill(spectra)
    program.window.resize(*size)
    qtbot.waitUntil(lambda: program.window.height() == size[1])
    assert (program.window.width(), program.window.height()) == size


def test_side_panels_grow_with_the_window(program):
    program.ui.columns.resize(1280, 700)
    program.ui.fit_columns(1280)
    small = program.ui.columns.sizes()
    program.ui.columns.resize(1920, 1000)
    program.ui.fit_columns(1920)
    large = program.ui.columns.sizes()
    assert large[0] > small[0] + 80
    assert large[2] > small[2] + 80


def test_the_first_spectrum_stays_current_while_others_arrive(program, spectra):
    arrive = program.window.opening._on_reader_batchRead
    for place, spectrum in enumerate(spectra[:3]):
        arrive(ReadBatch(spectra=[spectrum], done=place + 1, total=3))
    first = program.workspace.document.entries[0].id
    assert program.workspace.selection.current == first
    program.window.opening._on_reader_jobFinished(False)
    arrive(ReadBatch(spectra=[spectra[3]], done=1, total=1))  # opened later: that is looked for
    assert program.workspace.selection.current == program.workspace.document.entries[3].id


def test_side_panels_grow_with_the_window_until_a_border_is_moved(program, spectra):
    program.window.resize(1280, 800)
    program.fill(spectra)
    narrow = program.ui.columns.sizes()
    program.window.resize(1900, 900)
    wide = program.ui.columns.sizes()
    assert wide[0] > 1.3 * narrow[0]
    assert wide[2] > 1.3 * narrow[2]
    program.ui.columns.splitterMoved.emit(300, 1)
    program.window.resize(1280, 800)
    program.window.resize(1900, 900)
    assert program.ui.own_splitters == ("columns", "right")


def test_the_list_of_layers_takes_what_it_needs_and_no_more(program, spectra):
    program.window.resize(1280, 900)
    program.fill(spectra)
    strip = program.ui.strip
    program.ui.fit_left()
    room = strip.tree.viewport().height()
    rows = (
        strip.tree.topLevelItemCount()
        * strip.tree.visualItemRect(strip.tree.topLevelItem(0)).height()
    )
    assert rows <= room <= rows + 40


def test_the_button_that_names_the_model_has_room_for_its_name(qtbot, program, network):
    menu = ModelsMenu(program.window, program.workspace, program.inference)
    narrow = menu.button.width()
    menu._name_button(replace(network.description, name="Shape classes from 100 eigenvalues"))
    qtbot.waitUntil(lambda: menu.button.width() >= menu.button.sizeHint().width())
    assert menu.button.width() > narrow


def test_a_class_is_named_in_full_by_its_tip(program, spectra):
    program.fill(spectra)
    bars = program.ui.prediction.bars
    contents = program.workspace.contents.prediction
    assert bars.words_at(5) == f"{contents.classes[0]}: {contents.text(0)}"
    assert bars.words_at(5000) == bars.words_at(-1) == ""


def test_the_legend_names_whole_curves_and_counts_the_others(qtbot, program, make_spectrum):
    program.fill([make_spectrum(f"a spectrum of number {place}") for place in range(9)])
    panel = program.ui.stack.spectrum
    for width in (900, 1300, 1900):
        program.window.resize(width, 700)
        qtbot.wait(50)
        text = QTextDocument()
        text.setDefaultFont(panel.legend.font())
        text.setHtml(panel.legend.text())
        margins = panel.legend.contentsMargins()
        room = panel.legend.width() - margins.left() - margins.right()
        assert text.idealWidth() - 2 * text.documentMargin() <= room
        named = max(1, panel.legend.text().count("a spectrum of number"))
        assert f"+ {9 - named} more" in panel.legend.text()


def test_what_is_said_about_trust_is_never_cut(qtbot, program, make_spectrum):
    program.fill([make_spectrum("a")])
    panel = program.ui.prediction
    words = "Like its training data, p = 1.000; nearest: a spectrum with a rather long name"
    prediction = replace(program.workspace.contents.prediction, trust=f"cup (90 %)\n{words}")
    panel.set_contents(replace(program.workspace.contents, prediction=prediction))
    for width in (900, 1900):
        program.window.resize(width, 600)
        qtbot.wait(50)
        label = panel.trust[1]
        assert label.text() == words
        assert label.height() >= label.heightForWidth(label.width())
