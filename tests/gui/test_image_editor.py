"""A filter with rows and columns under the hand: mouse and keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from spectracnn.gui.theme import LIGHT
from spectracnn.gui.widgets.image_editor import ImageEditor

WEIGHTS = np.array([1.0, -2.0, 0.0, 0.5, 0.0, -0.25])


@pytest.fixture
def editor(qtbot):
    editor = ImageEditor(LIGHT, "Weights")
    qtbot.addWidget(editor)
    editor.resize(400, 200)
    editor.set_window(2, 3)
    editor.set_weights(WEIGHTS)
    editor.show()
    editor.changes, editor.gestures = [], []
    editor.weightsChanged.connect(editor.changes.append)
    editor.gestureBegun.connect(lambda: editor.gestures.append("begun"))
    editor.gestureFinished.connect(lambda: editor.gestures.append("finished"))
    return editor


def colour_at(editor, place):
    centre = editor.cell(place).topLeft().toPoint() + QPoint(4, 4)
    return editor.grab().toImage().pixelColor(centre)


def test_cells_lie_as_the_kernel_does_and_have_the_colour_of_their_sign(editor):
    assert editor.cell(1).left() > editor.cell(0).left()
    assert editor.cell(3).top() > editor.cell(0).top()
    positive, negative, zero = (colour_at(editor, place) for place in (0, 1, 2))
    assert positive.red() > positive.blue()
    assert negative.blue() > negative.red()
    assert zero.lightness() > max(positive.lightness(), negative.lightness())
    assert "2 rows of 3 weights; row 0, column 0: 1" in editor.accessibleDescription()


def test_a_drag_upwards_raises_one_weight(qtbot, editor):
    where = editor.cell(5).center().toPoint()
    qtbot.mousePress(editor, Qt.MouseButton.LeftButton, pos=where)
    assert not editor.changes  # a press alone chooses
    qtbot.mouseMove(editor, where - QPoint(0, 50))
    qtbot.mouseRelease(editor, Qt.MouseButton.LeftButton, pos=where - QPoint(0, 50))
    changed = editor.changes[-1]
    assert changed[5] == pytest.approx(-0.25 + 50 / 100 * 2.0 * 1.15)
    np.testing.assert_array_equal(np.delete(changed, 5), WEIGHTS[:5])
    assert editor.gestures == ["begun", "finished"]


def test_keys_choose_and_change(qtbot, editor):
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(editor, key)
    assert editor.chosen == 4
    assert not editor.changes
    qtbot.keyClick(editor, Qt.Key.Key_Plus)
    assert editor.changes[-1][4] == pytest.approx(0.05 * 2.0 * 1.15)
    qtbot.keyClick(editor, Qt.Key.Key_Minus)
    assert editor.changes[-1][4] == pytest.approx(0.0, abs=1e-12)
    qtbot.keyClick(editor, Qt.Key.Key_Up)
    qtbot.keyClick(editor, Qt.Key.Key_0)
    assert editor.changes[-1].tolist() == [1.0, 0.0, 0.0, 0.5, 0.0, -0.25]
    assert "row 0, column 1: 0" in editor.accessibleDescription()
