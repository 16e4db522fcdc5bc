"""Zooming has an end, and Fit brings back everything."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication


def wheel(plot, clicks, at=None):
    viewport = plot.viewport()
    where = QPointF(viewport.rect().center() if at is None else at)
    for _ in range(abs(clicks)):
        event = QWheelEvent(
            where,
            QPointF(viewport.mapToGlobal(where)),
            QPoint(0, 0),
            QPoint(0, 120 if clicks > 0 else -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(viewport, event)


def view(plot):
    return plot.getViewBox().viewRange()


@pytest.mark.parametrize("way", ["button", "key", "double click"])
@pytest.mark.parametrize("clicks", [3, -3, 200, -200])
def test_fit_brings_back_both_axes(qtbot, program, spectra, clicks, way):
    program.fill(spectra)
    plot = program.ui.stack.spectrum.plot
    before = view(plot)
    wheel(plot, clicks)
    assert view(plot)[1] != before[1]
    if way == "button":
        program.ui.view_bar.fit_button.click()
    elif way == "key":
        program.window.commands.run("fit")
    else:
        plot.fitRequested.emit()
    for after, first in zip(view(plot), before, strict=True):
        assert after == pytest.approx(first)


def test_zooming_in_stops_while_there_is_something_to_see(program, spectra):
    program.fill(spectra)
    plot = program.ui.stack.spectrum.plot
    wheel(plot, 300)
    (left, right), (bottom, top) = view(plot)
    assert right - left >= 1.9
    assert top - bottom > 0


def test_zooming_out_stops_near_the_data(program, spectra):
    program.fill(spectra)
    plot = program.ui.stack.spectrum.plot
    (left, right), (bottom, top) = view(plot)
    wheel(plot, -300)
    (left2, right2), (bottom2, top2) = view(plot)
    assert right2 - left2 <= 3.1 * (right - left)
    assert top2 - bottom2 <= 5.1 * (top - bottom)


def test_all_panels_have_the_same_limits(program, spectra):
    program.fill(spectra)
    for panel in program.ui.stack.panels:
        if not panel.plot.vector:
            panel.plot.getViewBox().setXRange(-1e9, 1e9)
            assert view(panel.plot)[0][1] < 1000


@pytest.mark.parametrize("log", [False, True])
def test_limits_follow_the_axis(program, spectra, log):
    program.fill(spectra)
    program.workspace.set_view(log_index=log, log_value=log)
    plot = program.ui.stack.spectrum.plot
    fitted = view(plot)
    wheel(plot, 50)
    program.ui.stack.fit()
    for after, first in zip(view(plot), fitted, strict=True):
        assert after == pytest.approx(first)


def test_a_drag_beside_the_points_moves_nothing(qtbot, program, spectra):
    program.fill(spectra)
    program.workspace.editing.set_dragging(True)
    plot = program.ui.stack.spectrum.plot
    before = view(plot)
    viewport = plot.viewport()
    start = QPoint(viewport.width() // 2, 12)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for step in range(1, 6):
        qtbot.mouseMove(viewport, start + QPoint(10 * step, 4 * step))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start + QPoint(50, 20))
    assert view(plot) == before
    assert program.workspace.selection.pinned is None
    assert not program.workspace.editing.edits


def test_a_click_beside_the_points_pins_as_ever(qtbot, program, spectra):
    program.fill(spectra)
    program.workspace.editing.set_dragging(True)
    viewport = program.ui.stack.spectrum.plot.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(viewport.width() // 2, 12))
    assert program.workspace.selection.pinned is not None


def test_the_readout_is_not_stale_after_scrolling(program, spectra):
    from spectracnn.state.selection import Sample

    program.fill(spectra)
    program.window.resize(900, 420)
    QApplication.processEvents()
    program.workspace.hover(Sample(0, 3, 0))
    bar = program.ui.stack.scroll_area.verticalScrollBar()
    bar.setRange(0, 200)
    bar.setValue(bar.maximum())
    assert program.workspace.selection.hovered is None
