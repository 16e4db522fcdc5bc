"""Shift and drag over the spectrum marks what depends on it, in every layer; Esc clears."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


def send(plot, kind, at, button=LEFT, buttons=LEFT, modifiers=SHIFT):
    viewport = plot.viewport()
    where = QPointF(at)
    event = QMouseEvent(kind, where, viewport.mapToGlobal(where), button, buttons, modifiers)
    QApplication.sendEvent(viewport, event)


def pixel(plot, index):
    box = plot.getViewBox()
    x = plot.mapFromScene(box.mapViewToScene(QPointF(index, 0))).x()
    return QPoint(x, plot.height() // 2)


def drag(plot, first, last):
    send(plot, QEvent.Type.MouseButtonPress, pixel(plot, first))
    send(plot, QEvent.Type.MouseMove, pixel(plot, (first + last) / 2), Qt.MouseButton.NoButton)
    send(plot, QEvent.Type.MouseMove, pixel(plot, last), Qt.MouseButton.NoButton)
    send(plot, QEvent.Type.MouseButtonRelease, pixel(plot, last), buttons=Qt.MouseButton.NoButton)


@pytest.fixture
def shown(program, spectra):
    program.fill(spectra)
    return program


def test_a_drag_with_shift_marks_and_moves_nothing(shown):
    plot = shown.ui.stack.spectrum.plot
    before = plot.getViewBox().viewRange()[0]
    drag(plot, 2, 4)
    assert shown.workspace.selection.index_range == (2, 4)
    assert plot.getViewBox().viewRange()[0] == before
    conv, pool, average, dense = (panel.plot.brackets.ranges for panel in shown.ui.stack.panels)
    # Inputs 1 to 3; steps 0 to 3 of the convolution stand at inputs 1 to 4, eigenvalues 2 to 5.
    assert conv == ((1.5, 5.5),)
    assert pool == ((1.5, 5.5),)
    assert average == ((-0.5, 1.5),)
    assert dense == ((-0.5, 2.5),)


def test_backwards_and_beyond_the_end(shown):
    plot = shown.ui.stack.spectrum.plot
    drag(plot, 8, 5)
    assert shown.workspace.selection.index_range == (5, 8)
    send(plot, QEvent.Type.MouseButtonPress, pixel(plot, 3))
    send(plot, QEvent.Type.MouseMove, QPoint(plot.width() * 9, 20), Qt.MouseButton.NoButton)
    assert shown.workspace.selection.index_range == (3, 19)


def test_escape_clears(shown):
    drag(shown.ui.stack.spectrum.plot, 2, 4)
    shown.window.commands.run("release_pin")
    assert shown.workspace.selection.index_range is None
    assert all(panel.plot.brackets.ranges is None for panel in shown.ui.stack.panels)


def test_a_click_with_shift_still_pins(shown):
    plot = shown.ui.stack.spectrum.plot
    at = pixel(plot, 6)
    send(plot, QEvent.Type.MouseButtonPress, at)
    send(plot, QEvent.Type.MouseButtonRelease, at, buttons=Qt.MouseButton.NoButton)
    assert shown.workspace.selection.index_range is None
    assert shown.workspace.selection.pinned.step == 6
