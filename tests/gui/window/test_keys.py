"""Keys do what people expect of them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from spectracnn.gui.tools.registry import ToolInfo
from spectracnn.gui.tools.shelf import Tools
from spectracnn.gui.tour.card import TourCard
from spectracnn.gui.window.geometry_keeper import first_size
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.resources import sample_spectra


def test_tab_leaves_the_table(qtbot, program, spectra):
    program.fill(spectra)
    current = program.workspace.selection.current
    view = program.ui.table.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert program.workspace.selection.current == current
    assert QApplication.focusWidget() is not view


@pytest.mark.parametrize(
    ("key", "modifier"),
    [
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier),
    ],
)
@pytest.mark.parametrize("kind", ["pop-out", "tool"])
def test_windows_beside_the_main_one_close(qtbot, program, spectra, key, modifier, kind):
    program.fill(spectra)
    if kind == "pop-out":
        program.ui.stack.panels[0].header.pop_out_button.click()
        window = program.window.pop_outs.windows[0]
    else:
        info = ToolInfo("far", "Far", "Far", lambda _: QWidget(), window=True)
        parts = (program.workspace, program.broker, program.themes, program.settings)
        context = ToolContext(*parts)
        window = Tools(context, program.ui.tools, program.window, (info,)).open("far").window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    closed = []
    window.installEventFilter(_Closes(window, closed))
    qtbot.keyClick(window, key, modifier)
    qtbot.waitUntil(lambda: bool(closed))
    assert program.window.isVisible()


class _Closes(QObject):
    def __init__(self, parent, closed):
        super().__init__(parent)
        self._closed = closed

    def eventFilter(self, _watched, event):
        if event.type() == QEvent.Type.Close:
            self._closed.append(True)
        return False


def test_copy_with_the_table_focused_copies_rows(qtbot, program, spectra):
    program.fill(spectra)
    view = program.ui.table.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    mime = QGuiApplication.clipboard().mimeData()
    assert not mime.hasImage()
    assert mime.text().splitlines()[1].split("\t")[0] == "shape 0"


@pytest.fixture
def card(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    card = TourCard(window)
    step = SimpleNamespace(title="A", text="b")
    card.show_step(step, 1, 3)
    window.show()
    card.show()
    card.setFocus()
    qtbot.waitExposed(window)
    return card


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_the_tour_goes_on_with_enter_and_space(qtbot, card, key):
    with qtbot.waitSignal(card.moveRequested) as waiter:
        qtbot.keyClick(card, key)
    assert waiter.args == [1]


def test_tab_stays_in_the_tour(qtbot, card):
    seen = set()
    for _ in range(5):
        card.focusNextPrevChild(True)
        seen.add(card.window().focusWidget().text())
    assert seen == {"Next", "End", "Back"}
    card.back_button.setFocus()
    with qtbot.waitSignal(card.moveRequested) as waiter:
        qtbot.keyClick(card.back_button, Qt.Key.Key_Return)
    assert waiter.args == [-1]


@pytest.mark.parametrize(
    ("screen", "size"),
    [
        (QSize(1280, 800), QSize(1278, 768)),
        (QSize(853, 533), QSize(851, 501)),  # 1280x800 at 150 %
        (QSize(1920, 1080), QSize(1728, 972)),
        (QSize(3840, 2160), QSize(1760, 1080)),
    ],
)
def test_the_first_window_fits_the_screen(screen, size):
    assert first_size(screen) == size


def test_samples_do_not_flood_the_recent_files(settings, ev_file):
    own = ev_file("own.ev")
    settings.remember([own])
    settings.remember(sample_spectra())
    assert settings.recent == [own]


def test_the_tabs_of_the_tools_never_hide_behind_arrows(program):
    assert not program.ui.tools.tabBar().usesScrollButtons()
