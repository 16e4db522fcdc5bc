"""A switch of theme: the style sheet stays, the palette changes, widgets follow in small steps."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QSpinBox

from spectracnn.gui.theme import DARK, LIGHT, ThemeChoice, qt_palette, style_sheet


def test_the_style_sheet_names_roles_and_no_colours():
    assert not re.findall(r"#[0-9A-Fa-f]{6}\b", style_sheet())
    assert "$" not in style_sheet()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_each_role_has_the_colour_that_it_stands_for(theme):
    palette = qt_palette(theme)
    for role, name in (
        (QPalette.ColorRole.Base, "ground"),
        (QPalette.ColorRole.Window, "raised"),
        (QPalette.ColorRole.WindowText, "ink"),
        (QPalette.ColorRole.PlaceholderText, "muted"),
        (QPalette.ColorRole.Mid, "line"),
        (QPalette.ColorRole.Light, "hover"),
        (QPalette.ColorRole.Highlight, "accent"),
        (QPalette.ColorRole.HighlightedText, "on_accent"),
        (QPalette.ColorRole.LinkVisited, "warning"),
        (QPalette.ColorRole.BrightText, "error"),
    ):
        assert palette.color(role) == QColor(getattr(theme, name)), name


def _at_rest(qtbot, widgets):
    """Return pictures of the widgets once they do not change any more: layout follows in turns."""
    seen = [[]]

    def unchanged():
        seen.append([widget.grab().toImage() for widget in widgets])
        return seen[-1] == seen[-2]

    qtbot.waitUntil(unchanged)
    return seen[-1]


def test_a_switched_window_looks_like_one_that_began_so(qtbot, program, spectra):
    """Pixel for pixel, but for what the fresh style sheet draws anew."""
    program.fill(spectra)
    program.themes.choose(ThemeChoice.DARK)
    program.themes.finish()
    qtbot.waitUntil(lambda: not program.ui.stack.scroll_area.faded.panels)
    QApplication.processEvents()
    parts = (program.ui.table.view, program.ui.view_bar)
    switched = _at_rest(qtbot, parts)
    QApplication.instance().setStyleSheet("")
    QApplication.instance().setStyleSheet(style_sheet())
    QApplication.processEvents()
    fresh = _at_rest(qtbot, parts)
    for one, other in zip(switched, fresh, strict=True):
        assert one == other


def test_a_switch_leaves_the_style_sheet_alone_and_works_in_steps(qtbot, program, themes):
    before = QApplication.instance().styleSheet()
    themes.choose(ThemeChoice.DARK)
    assert QApplication.instance().styleSheet() == before
    assert themes._restyling._waiting  # nothing was done at once
    qtbot.waitUntil(lambda: not themes._restyling._waiting)
    assert not themes._restyling._timer.isActive()


def test_no_window_is_painted_half_light_and_half_dark(qtbot, program, themes):
    assert program.window.updatesEnabled()
    themes.choose(ThemeChoice.DARK)
    assert not program.window.updatesEnabled()
    themes.choose(ThemeChoice.LIGHT)  # while the first switch is under way
    assert not program.window.updatesEnabled()
    qtbot.waitUntil(lambda: not themes._restyling._waiting)
    assert program.window.updatesEnabled()
    themes.choose(ThemeChoice.DARK)
    themes.finish()
    assert program.window.updatesEnabled()


def test_a_widget_that_is_deleted_meanwhile_does_no_harm(qtbot, program, themes):
    from shiboken6 import delete

    from spectracnn.gui.widgets.buttons import tool_button

    button = tool_button("x", "x")
    button.setParent(program.window)
    themes.choose(ThemeChoice.DARK)
    delete(button)
    themes.finish()


def test_text_of_spin_boxes_stands_off_the_edge(qtbot, themes):
    for kind in (QSpinBox, QDoubleSpinBox):
        box = kind()
        qtbot.addWidget(box)
        box.show()
        edit = box.lineEdit().geometry()
        assert edit.left() >= 8
        assert box.width() - edit.right() >= 8
        assert edit.width() > 10
        qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(3, box.height() // 2))
        assert box.value() == 0  # the room beside the text is no button
