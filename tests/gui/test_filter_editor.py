import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from spectracnn.gui.theme import LIGHT
from spectracnn.gui.widgets.filter_editor import FilterEditor


@pytest.fixture
def editor(qtbot):
    widget = FilterEditor(LIGHT, "filter")
    qtbot.addWidget(widget)
    widget.resize(300, 140)
    widget.set_weights(np.array([0.0, 1.0, -1.0]))
    widget.show()
    return widget


def test_a_point_follows_the_pointer(editor, qtbot):
    at = editor._point(0).toPoint()
    with qtbot.waitSignals([editor.weightsChanged, editor.gestureFinished]):
        qtbot.mousePress(editor, Qt.MouseButton.LeftButton, pos=at)
        qtbot.mouseMove(editor, at + QPoint(0, -20))
        qtbot.mouseRelease(editor, Qt.MouseButton.LeftButton)
    assert editor.weights[0] > 0
    assert editor.weights[1:].tolist() == [1.0, -1.0]


def test_keys_choose_and_change(editor, qtbot):
    qtbot.keyClick(editor, Qt.Key.Key_Right)
    qtbot.keyClick(editor, Qt.Key.Key_Up)
    assert editor.chosen == 1
    assert editor.weights[1] > 1.0
    qtbot.keyClick(editor, Qt.Key.Key_0)
    assert editor.weights.tolist() == [0.0, 0.0, -1.0]
    assert "0" in editor.accessibleDescription()


def test_setting_says_nothing(editor, qtbot):
    with qtbot.assertNotEmitted(editor.weightsChanged):
        editor.set_weights(np.ones(7))
    assert editor.weights.size == 7
