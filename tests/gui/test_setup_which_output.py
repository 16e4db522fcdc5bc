"""Which of several outputs is read is chosen in the dialog about a card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spectracnn.core.outputs import Output, Task
from spectracnn.gui.window.models_setup import CardSetup
from spectracnn.nn.tasks import chosen_output, names_for, task_of
from spectracnn.view.other_output import reading_output

OUTPUTS = (
    Output("shape", (3,), "softmax"),
    Output("sex", (1,), "sigmoid"),
    Output("age", (1,), "linear"),
    Output("signs", (4,), "sigmoid"),
    Output("parts", (10, 2), "softmax"),
)


@pytest.fixture
def model(network):
    return replace(network.description, outputs=OUTPUTS)


@pytest.mark.parametrize("place", range(5))
def test_the_engine_reads_the_card_so(model, place):
    found = reading_output(model, place)
    card, output = found.card, OUTPUTS[place]
    assert chosen_output(card, OUTPUTS) == place
    assert task_of(card, output) is found.task
    assert task_of(replace(card, task=Task.UNSPECIFIED, classes=()), output) is found.task
    assert names_for("m", card, found.task, output.width) == found.classes


def test_the_dialog_asks_about_another_output(program, qtbot, model, spectra):
    engine, workspace = program.engine, program.workspace
    setup = CardSetup(program.window, workspace, program.inference, program.broker, program.themes)
    engine.answer_open(model)
    workspace.add_spectra(spectra)
    setup.open()
    which = setup.dialog.output.which
    assert [which.itemText(place) for place in range(which.count())] == [o.name for o in OUTPUTS]
    assert which.currentText() == "shape"
    which.setCurrentIndex(1)
    which.activated.emit(1)
    dialog = setup.dialog
    assert dialog.output.which.currentText() == "sex"
    assert dialog.classes.names == ("class 0", "class 1")
    dialog.classes.text.setPlainText("f\nm")
    card = dialog.card()
    assert (card.output, card.classes) == ("sex", ("f", "m"))
    assert card.task is Task.CLASSIFICATION
    dialog.reject()
    assert setup.dialog is None
