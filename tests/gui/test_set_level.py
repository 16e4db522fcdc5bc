"""The level of prediction sets is chosen in the prediction panel, and remembered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.gui.settings import Settings
from spectracnn.view.columns import columns


@pytest.fixture
def answered(program, network, make_spectrum):
    workspace, engine = program.workspace, program.engine
    model = network.description
    scores = tuple(np.linspace(0.0, 0.99, 100).tolist())
    engine.answer_open(replace(model, card=replace(model.card, conformal=scores)))
    workspace.add_spectra([make_spectrum("cup 1")])
    (entry,) = workspace.document.entries
    shares = np.zeros(len(model.classes), np.float32)
    shares[:2] = 0.7, 0.3
    workspace._on_inference_predicted([replace(entry, probabilities=shares, outputs=shares)])
    return program


def shown(program):
    (column,) = (c for c in columns(program.workspace.document) if c.name == "set")
    return column.text(program.workspace.document, program.workspace.document.entries[0])


def test_a_higher_level_gives_a_larger_set_in_panel_and_table(answered):
    panel = answered.ui.prediction
    assert panel.level.isVisible()
    assert panel.level.value() == 90
    panel.level.setValue(50)
    small, first = shown(answered), panel.trust[0].text()
    assert "(50 %)" in first
    panel.level.setValue(95)
    assert "(95 %)" in panel.trust[0].text()
    assert len(shown(answered).split(" or ")) > len(small.split(" or "))


def test_it_is_remembered(answered):
    answered.ui.prediction.level.setValue(75)
    assert answered.workspace.document.level == 0.75
    assert Settings().set_level == 0.75


def test_what_was_stored_badly_is_the_usual(answered):
    Settings().change(set_level=7)
    assert Settings().set_level == 0.9


def test_a_model_without_scores_has_none(program, spectra):
    program.fill(spectra)
    assert not program.ui.prediction.level.isVisible()
