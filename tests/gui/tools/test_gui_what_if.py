"""The what-if tab: every control makes the edit that it names, on the real document."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from spectracnn.core.edits import Mix, Noise, Offset, Scale, Smooth, Space, Zero
from spectracnn.gui.tools.what_if.what_if import WhatIfTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.selection import Sample, SpectrumMode


@pytest.fixture
def tool(qtbot, filled, themes, settings):
    tool = WhatIfTool(ToolContext(filled, None, themes, settings))
    qtbot.addWidget(tool)
    tool.resize(300, 700)
    tool.show()
    return tool


def edits(workspace):
    return workspace.editing.edits


@pytest.mark.parametrize(
    ("name", "value", "kind", "field", "expected"),
    [
        ("scale", 25, Scale, "factor", 1.25),
        ("smooth", 3, Smooth, "reach", 3),
        ("noise", 20, Noise, "sd", 0.02),
    ],
)
def test_each_slider_makes_its_edit(tool, filled, name, value, kind, field, expected):
    tool.sliders[name].slider.setValue(value)
    (edit,) = edits(filled)
    assert type(edit) is kind
    assert getattr(edit, field) == pytest.approx(expected)
    assert edit.space is Space.EIGENVALUES


def test_a_slider_that_moves_on_stays_one_edit_and_another_adds_one(tool, filled):
    tool.sliders["scale"].slider.setValue(10)
    tool.sliders["scale"].slider.setValue(20)
    assert [edit.factor for edit in edits(filled)] == [1.2]
    tool.sliders["move"].slider.setValue(5)
    spread = np.ptp(filled.document.entries[0].original.eigenvalues * 1.2)
    assert edits(filled)[1].amount == pytest.approx(0.05 * spread)
    assert tool.sliders["scale"].slider.value() == 0
    tool.sliders["move"].slider.setValue(0)
    assert len(edits(filled)) == 1
    assert filled.editing.stack.count() == 2


def test_a_slider_stands_where_it_was_left_and_goes_on_from_there(tool, filled):
    tool.sliders["noise"].slider.setValue(20)
    for away, back in ((tool.hide, tool.show), (tool.first.stepUp, tool.first.stepDown)):
        away()
        back()
        assert tool.sliders["noise"].slider.value() == 20
        assert tool.sliders["noise"].value.text() == "2.0 %"
    filled.set_current(filled.document.entries[1].id)
    assert tool.sliders["noise"].slider.value() == 0
    filled.set_current(filled.document.entries[0].id)
    assert tool.sliders["noise"].slider.value() == 20
    tool.sliders["noise"].slider.setValue(30)
    assert [edit.sd for edit in edits(filled)] == [pytest.approx(0.03)]
    filled.editing.stack.undo()
    assert tool.sliders["noise"].slider.value() == 20
    assert [edit.sd for edit in edits(filled)] == [pytest.approx(0.02)]


def test_a_step_about_a_spectrum_that_is_gone_selects_nothing(tool, filled):
    first, second = (entry.id for entry in filled.document.entries[:2])
    tool.sliders["scale"].slider.setValue(10)
    filled.remove([first])  # as when its file is read again another way
    assert filled.selection.current == second
    filled.editing.stack.undo()
    assert filled.selection.current == second


def test_it_says_what_to_do_until_something_was_done(tool):
    assert "Move a slider" in tool.hint.text()
    assert tool.hint.isVisible()
    tool.sliders["scale"].slider.setValue(10)
    assert not tool.hint.isVisible()


def test_the_range_limits_edits(tool, filled):
    tool.first.setValue(4)
    tool.last.setValue(6)
    tool.sliders["scale"].slider.setValue(50)
    original = filled.document.entries[0].original.eigenvalues
    now = filled.document.entries[0].spectrum.eigenvalues
    changed = np.flatnonzero(now != original)
    assert changed.tolist() == [4, 5, 6]
    tool.all_button.click()
    assert filled.editing.span is None
    assert (tool.first.value(), tool.last.value()) == (0, 19)


def test_the_model_input_is_edited_and_a_band_of_it_zeroed(tool, filled, engine):
    tool.first.setValue(3)
    tool.last.setValue(5)
    tool.zero_button.click()
    (edit,) = edits(filled)
    # the zero eigenvalue was dropped: index 3 of the file is sample 2 of the input
    assert (type(edit), edit.space, edit.first, edit.last) == (Zero, Space.INPUT, 2, 4)
    engine.answer_trace()
    tool.space._group.button(1).click()
    assert (
        tool.last.maximum() == filled.document.traces[filled.selection.current].input.shape[0] - 1
    )
    tool.sliders["scale"].slider.setValue(-50)
    assert edits(filled)[-1].space is Space.INPUT


def test_two_spectra_are_mixed(tool, filled):
    tool.other.setCurrentIndex(1)
    name = tool.other.currentText()
    tool.mix.slider.setValue(40)
    (edit,) = edits(filled)
    assert isinstance(edit, Mix)
    assert (edit.name, edit.share) == (name, 0.4)
    entry = filled.document.entries[0]
    other = next(e.spectrum for e in filled.document.entries if e.spectrum.name == name)
    expected = 0.6 * entry.original.eigenvalues + 0.4 * other.eigenvalues  # the same area
    np.testing.assert_allclose(entry.spectrum.eigenvalues, expected)


def test_undo_puts_the_sliders_back(tool, filled):
    tool.sliders["scale"].slider.setValue(30)
    assert tool.original_button.isEnabled()
    filled.editing.stack.undo()
    assert tool.sliders["scale"].slider.value() == 0
    assert not tool.original_button.isEnabled()
    filled.editing.stack.redo()
    tool.original_button.click()
    assert edits(filled) == ()


def test_muted_filters_are_named_and_let_go(tool, filled, engine):
    filled.editing.toggle_mute(0, 1)
    engine.answer_trace()
    assert tool.muted_label.text() == "Muted: conv: 1"
    assert filled.contents.layers[0].muted == (1,)
    tool.unmute_button.click()
    engine.answer_trace()
    assert filled.contents.layers[0].muted == ()
    assert not tool.unmute_button.isEnabled()


def mouse(plot, kind, at, buttons=Qt.MouseButton.LeftButton):
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    where = QPointF(at)
    viewport = plot.viewport()
    event = QMouseEvent(
        kind,
        where,
        QPointF(viewport.mapToGlobal(where.toPoint())),
        button,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)


@pytest.mark.parametrize(
    "mode", [SpectrumMode.RAW, SpectrumMode.UNIT_AREA, SpectrumMode.MODEL_INPUT]
)
def test_a_point_is_dragged(program, spectra, mode):
    program.fill(spectra)
    workspace = program.workspace
    workspace.set_overlaid([])
    workspace.set_view(spectrum_mode=mode)
    workspace.editing.set_dragging(True)
    QTest.qWait(50)
    plot = program.ui.stack.spectrum.plot
    box = plot.getViewBox()
    curve = workspace.contents.spectrum.curves[-1]
    point = box.mapViewToScene(QPointF(curve.x[6], curve.y[6]))
    start = QPointF(plot.mapFromScene(point))
    per_pixel = (box.viewRange()[1][1] - box.viewRange()[1][0]) / box.height()
    mouse(plot, QEvent.Type.MouseButtonPress, start)
    for pixels in (5, 12, 20):
        mouse(plot, QEvent.Type.MouseMove, start - QPointF(0, pixels))
    mouse(plot, QEvent.Type.MouseButtonRelease, start - QPointF(0, 20))
    (edit,) = workspace.editing.edits
    assert isinstance(edit, Offset)
    assert workspace.editing.stack.count() == 1
    area = {SpectrumMode.UNIT_AREA: 2.0}.get(mode, 1.0)
    assert edit.amount == pytest.approx(20 * per_pixel / area, rel=1e-6)
    assert (edit.first, edit.last) == (
        (6, 6) if mode is SpectrumMode.MODEL_INPUT else (int(curve.x[6]),) * 2
    )
    assert edit.space is (Space.INPUT if mode is SpectrumMode.MODEL_INPUT else Space.EIGENVALUES)


def test_shift_click_mutes_and_with_ctrl_solos(program, spectra, monkeypatch):
    program.fill(spectra)
    held = [Qt.KeyboardModifier.ShiftModifier]
    monkeypatch.setattr(QApplication, "keyboardModifiers", staticmethod(lambda: held[0]))
    program.ui.stack.pinRequested.emit(Sample(0, 3, 1))
    program.engine.answer_trace()
    assert program.workspace.selection.muted == {(0, 1)}
    assert program.workspace.selection.pinned is None
    assert program.ui.stack.panels[0].plot.struck.rows == (1,)
    program.ui.stack.pinRequested.emit(Sample(2, 1))  # a vector's unit
    assert program.workspace.selection.muted == {(0, 1), (2, 1)}
    held[0] |= Qt.KeyboardModifier.ControlModifier
    program.ui.stack.pinRequested.emit(Sample(0, 3, 1))
    assert program.workspace.selection.muted == {(0, 0), (2, 1)}
    held[0] = Qt.KeyboardModifier.NoModifier
    program.ui.stack.pinRequested.emit(Sample(0, 3, 1))
    assert program.workspace.selection.pinned == Sample(0, 3, 1)
