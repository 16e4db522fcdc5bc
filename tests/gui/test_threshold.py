"""The threshold of one sigmoid is moved in the prediction panel, and holds everywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.outputs import Output, Task
from spectracnn.view.prediction_table import predictions_csv


@pytest.fixture
def answered(program, network, make_spectrum):
    """One sigmoid that says 0.6 for the second class."""
    workspace, engine = program.workspace, program.engine
    card = replace(network.description.card, classes=("f", "m"), task=Task.CLASSIFICATION)
    model = replace(
        network.description,
        card=card,
        classes=("f", "m"),
        outputs=(Output("end", (1,), "sigmoid"),),
    )
    engine.answer_open(model)
    workspace.add_spectra([make_spectrum("cup 1")])
    (entry,) = workspace.document.entries
    shares = np.float32([0.4, 0.6])
    said = replace(entry, probabilities=shares, outputs=np.float32([0.6]))
    workspace._on_inference_predicted([said])
    return program


def test_moving_it_changes_the_class(answered):
    panel, workspace = answered.ui.prediction, answered.workspace
    assert panel.threshold.isVisible()
    assert panel.threshold_caption.text() == "Predict m from"
    assert panel.threshold.value() == 0.5
    assert panel.headline.text().startswith("m ")
    stack = list(answered.ui.stack.panels)
    panel.threshold.setValue(0.65)
    assert workspace.document.model.card.threshold == pytest.approx(0.65)
    assert panel.headline.text().startswith("f ")
    assert ",f," in predictions_csv(workspace.document).splitlines()[1]
    assert list(answered.ui.stack.panels) == stack
    workspace.set_threshold(0.5)
    assert panel.threshold.value() == 0.5
    assert panel.headline.text().startswith("m ")


def test_a_softmax_has_none(program, spectra):
    program.fill(spectra)
    assert not program.ui.prediction.threshold.isVisible()


def test_moving_it_can_be_taken_back_in_one_step(answered):
    panel, editing = answered.ui.prediction, answered.workspace.editing
    for value in (0.55, 0.6, 0.65):
        panel.threshold.setValue(value)
    assert panel.headline.text().startswith("f ")
    assert editing.stack.count() == 1
    assert editing.stack.undoText() == "threshold 0.65"
    editing.stack.undo()
    assert panel.threshold.value() == 0.5
    assert panel.headline.text().startswith("m ")
    editing.stack.redo()
    assert panel.threshold.value() == 0.65
