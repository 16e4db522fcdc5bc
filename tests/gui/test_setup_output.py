"""Threshold and unit in the dialog about a card."""

from __future__ import annotations

import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.outputs import Output, Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.trace import ModelDescription
from spectracnn.gui.dialogs.model_card.setup_output import OutputEditor


def make(task, classes, width, activation):
    output = Output("end", (width,), activation)
    card = ModelCard(Preprocessing(()), classes, task=task)
    return ModelDescription(
        "m", "m.keras", "0", (9, 1), (), classes, card, 1, task=task, outputs=(output,)
    )


def test_the_threshold_of_one_sigmoid(qtbot):
    editor = OutputEditor(make(Task.CLASSIFICATION, ("f", "m"), 1, "sigmoid"))
    qtbot.addWidget(editor)
    with qtbot.waitSignal(editor.changed):
        editor.threshold.setValue(0.7)
    card = ModelCard(Preprocessing(()), ("f", "m"))
    assert editor.applied(card).threshold == pytest.approx(0.7)


def test_the_unit_of_a_regression(qtbot):
    editor = OutputEditor(make(Task.REGRESSION, ("age",), 1, "linear"))
    qtbot.addWidget(editor)
    editor.unit.setText(" years ")
    assert editor.applied(ModelCard(Preprocessing(()), ("age",))).unit == "years"


def test_nothing_to_set_for_a_softmax(qtbot):
    editor = OutputEditor(make(Task.CLASSIFICATION, ("a", "b", "c"), 3, "softmax"))
    qtbot.addWidget(editor)
    card = ModelCard(Preprocessing(()), ("a", "b", "c"))
    assert editor.isHidden()
    assert editor.applied(card) is card
