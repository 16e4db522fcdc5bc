from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton

from spectracnn import __version__
from spectracnn.gui.dialogs.about import AboutDialog
from spectracnn.gui.dialogs.import_table.import_preview import ImportPreview
from spectracnn.gui.dialogs.model_card.about_model import ModelCardDialog
from spectracnn.gui.dialogs.parts import parts
from spectracnn.gui.dialogs.shortcuts import ShortcutsDialog
from spectracnn.gui.theme import LIGHT
from spectracnn.gui.window.commands.table import COMMANDS, key_texts, shortcut_groups


@pytest.fixture
def opened(qtbot):
    """Shows a dialog and closes it after the test."""
    dialogs = []

    def show(dialog):
        dialogs.append(dialog)
        dialog.show()
        return dialog

    yield show
    for dialog in dialogs:
        if dialog.isVisible():
            dialog.reject()


# --- which way a table lies ------------------------------------------------------------------


@pytest.fixture
def table(tmp_path):
    """Three spectra in columns; each row rises as well."""
    path = tmp_path / "table.csv"
    rows = [f"{0.9 * i:g},{i + 0.6:g},{i + 1.2:g}" for i in range(7)]
    path.write_text("\n".join(rows) + "\n")
    return path


@pytest.fixture
def preview(qtbot, opened, table):
    dialog = opened(ImportPreview(table, LIGHT))
    qtbot.waitUntil(dialog.read_button.isEnabled)
    return dialog


def header_texts(table):
    columns = [table.horizontalHeaderItem(i).text() for i in range(table.columnCount())]
    rows = [table.verticalHeaderItem(i).text() for i in range(table.rowCount())]
    return rows, columns


def test_both_readings_are_drawn(preview):
    curves = {
        name: [item.yData.tolist() for item in card.plot.listDataItems()]
        for name, card in preview.cards.items()
    }
    assert len(curves["columns"]) == 3
    assert curves["columns"][0] == pytest.approx([0.9 * i for i in range(7)])
    assert len(curves["rows"]) == 7
    assert curves["rows"][1] == [0.9, 1.6, 2.2]


def test_the_table_shows_the_file_and_says_what_is_a_spectrum(preview):
    preview.cards["columns"].radio.click()
    rows, columns = header_texts(preview.table)
    assert rows == [str(i) for i in range(7)]
    assert len(columns) == 3
    assert preview.table.item(1, 2).text() == "2.2"
    preview.cards["rows"].radio.click()
    rows, columns = header_texts(preview.table)
    assert columns == ["0", "1", "2"]
    assert len(rows) == 7
    assert preview.table.item(1, 2).text() == "2.2"


@pytest.mark.parametrize("orientation", ["rows", "columns"])
def test_the_choice_comes_out(qtbot, preview, orientation):
    other = "rows" if orientation == "columns" else "columns"
    preview.cards[other].radio.click()
    qtbot.mouseClick(preview.cards[orientation], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(preview.accepted):
        preview.read_button.click()
    assert preview.orientation == orientation


def test_a_file_that_cannot_be_read_offers_nothing(qtbot, opened, tmp_path):
    dialog = opened(ImportPreview(tmp_path / "gone.csv", LIGHT))
    cards = dialog.cards.values()
    qtbot.waitUntil(lambda: all(card.caption.text() != "Reading \u2026" for card in cards))
    assert not dialog.read_button.isEnabled()
    assert not any(card.radio.isEnabled() for card in cards)


def test_the_preview_can_be_left_while_it_reads(qtbot, table):
    dialog = ImportPreview(table, LIGHT)
    dialog.show()
    reader = dialog._reader
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    qtbot.waitUntil(reader.isFinished)


# --- model card ------------------------------------------------------------------------------


def test_the_card_says_everything(opened, network):
    text = opened(ModelCardDialog(network.description)).browser.toPlainText()
    for part in (
        "Three shapes",
        "17 parameters",
        "drop zeros",
        "n = 12",
        "divide by index",
        "cup, human, teddy",
        "8 values",
        "0.750 \u00b1 0.125",
        "leave one out",
        "CC0",
        "Nobody (2000)",
        "ab" * 32,
        "three.keras",
    ):
        assert part in text


def test_the_card_is_text_and_no_markup(opened, network):
    card = replace(network.description.card, title="<b>&amp;</b>", citation="a < b")
    dialog = opened(ModelCardDialog(replace(network.description, card=card)))
    assert dialog.browser.toPlainText().startswith("<b>&amp;</b>")
    assert "a < b" in dialog.browser.toPlainText()


def test_a_card_with_little_in_it(opened, network):
    from spectracnn.core.card import ModelCard
    from spectracnn.core.preprocessing import Preprocessing

    bare = replace(
        network.description,
        card=ModelCard(Preprocessing(()), ("a", "b")),
        warnings=("There is no card.",),
    )
    text = opened(ModelCardDialog(bare)).browser.toPlainText()
    assert "There is no card." in text
    assert "Citation" not in text


def test_the_card_is_copied(opened, network):
    dialog = opened(ModelCardDialog(network.description))
    dialog.copy_button.click()
    assert "Three shapes" in QGuiApplication.clipboard().text()


def test_the_card_can_be_selected(opened, network):
    dialog = opened(ModelCardDialog(network.description))
    dialog.browser.selectAll()
    assert "Three shapes" in dialog.browser.textCursor().selectedText()


# --- about -----------------------------------------------------------------------------------


def test_about_lists_the_parts(qtbot, opened):
    dialog = opened(AboutDialog())
    qtbot.waitUntil(lambda: not dialog._timer.isActive(), timeout=20000)
    known = {part.name.casefold().replace("_", "-"): part for part in dialog.parts}
    for name in ("python", "numpy", "pyside6-essentials", "pyqtgraph", "matplotlib", "keras"):
        assert known[name].version
        assert known[name].licence != "\u2013"
    assert len(known) == len(dialog.parts) == dialog.tree.topLevelItemCount()
    dialog.copy_button.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith(f"SpectraCNN {__version__}")
    assert "numpy" in text


def test_parts_come_one_at_a_time():
    assert next(parts()).name == "Python"


# --- keyboard and mouse ----------------------------------------------------------------------


def test_every_key_of_the_menus_is_told(opened):
    dialog = opened(ShortcutsDialog(shortcut_groups()))
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    for command in COMMANDS:
        assert set(key_texts(command)) <= texts
    assert {"Hover", "Ctrl+Wheel", "Double click", "Drag"} <= texts


def test_the_keys_fit_the_screen_and_close_is_in_view(opened):
    dialog = opened(ShortcutsDialog(shortcut_groups()))
    room = dialog.screen().availableSize()
    assert dialog.width() <= room.width()
    assert dialog.height() <= room.height()
    close = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Close")
    assert dialog.rect().contains(close.geometry())


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_a_dialog_is_left_with_the_keyboard_and_is_gone(qtbot, key):
    dialog = ShortcutsDialog(shortcut_groups())
    dialog.show()
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, key)
