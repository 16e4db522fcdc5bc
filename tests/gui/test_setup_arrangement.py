"""Several structures in the dialog about a card: one after the other, as channels, as rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.outputs import Arrangement
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import Take
from spectracnn.engine.messages import TraceSpectrum
from spectracnn.errors import CardError
from spectracnn.gui.dialogs.model_card.setup import ModelSetupDialog, Subject
from spectracnn.gui.theme import LIGHT
from spectracnn.nn.arranging import serve

CLASSES = ("class 0", "class 1", "class 2")


@pytest.fixture
def make_dialog(qtbot, inference, engine, network, make_spectrum, tmp_path):
    """A network of 12 values in a row without a card, and a subject of three structures."""

    def make(shape=(12, 1), arrangement=Arrangement.UNSPECIFIED, count=0):
        path = tmp_path / "net.keras"
        path.write_bytes(b"stands for a model")
        model = replace(
            network.description,
            path=str(path),
            card=ModelCard(Preprocessing((Take(6 if count else shape[0]),)), CLASSES),
            classes=CLASSES,
            card_assumed=True,
            input_shape=shape,
            arrangement=arrangement,
            structures=("",) * count,
        )
        parts = tuple(
            replace(make_spectrum(name), structure=name) for name in ("ThalL", "ThalR", "CC")
        )
        dialog = ModelSetupDialog(model, Subject(parts[0], parts), inference, engine.broker, LIGHT)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.classes.text.setPlainText("a\nb\nc")
        return dialog

    return make


def choose(dialog, arrangement):
    choice = dialog.arrangement.choice
    choice.setCurrentIndex(choice.findData(arrangement))


def test_structures_one_after_the_other(qtbot, engine, make_dialog):
    dialog = make_dialog()
    assert dialog.structures is None
    before = engine.latest(TraceSpectrum)
    choose(dialog, Arrangement.CONCATENATED)
    assert dialog.arrangement.count.value() == 3  # as many as the subject has
    assert dialog.arrangement.each.text() == "4 values each"
    card = dialog.card()
    assert card.arrangement is Arrangement.CONCATENATED
    assert card.structures == ("ThalL", "ThalR", "CC")
    assert card.preprocessing.length == 4
    serving = serve([(12, 1)], card)
    assert (serving.steps, serving.structures) == (4, card.structures)
    assert serve([(12,)], card).concatenated
    qtbot.waitUntil(lambda: engine.latest(TraceSpectrum) > before)
    request = engine.requests[engine.latest(TraceSpectrum)]
    assert request.model.card.structures == card.structures
    assert len(request.companions) == 3


def test_what_fills_the_input_together_is_suggested(make_dialog):
    dialog = make_dialog(shape=(54, 1))  # three structures of 18 of their 20 values
    assert dialog.arrangement.arrangement is Arrangement.CONCATENATED
    assert dialog.arrangement.count.value() == 3
    card = dialog.card()
    assert card.structures == ("ThalL", "ThalR", "CC")
    assert card.preprocessing.length == 18


@pytest.mark.parametrize("values", [12, 55, 90])
def test_nothing_is_suggested_that_does_not_fit(make_dialog, values):
    dialog = make_dialog(shape=(values, 1))
    assert dialog.arrangement.arrangement is Arrangement.UNSPECIFIED


def test_another_number_asks_for_names(qtbot, engine, make_dialog):
    dialog = make_dialog()
    choose(dialog, Arrangement.CONCATENATED)
    dialog.arrangement.count.setValue(5)
    assert "cannot be shared out" in dialog.problem.text()
    assert not dialog.save_button.isEnabled()
    dialog.arrangement.count.setValue(2)
    assert [combo.currentText() for combo in dialog.structures.combos] == ["", ""]
    with pytest.raises(CardError, match="Name the structures"):
        dialog.card()
    assert dialog._trial_card().structures == ("", "")
    for combo, name in zip(dialog.structures.combos, ("CC", "ThalL"), strict=True):
        combo.setCurrentText(name)
    assert dialog.card().structures == ("CC", "ThalL")
    assert dialog.card().preprocessing.length == 6


def test_back_to_one_spectrum(make_dialog):
    dialog = make_dialog()
    choose(dialog, Arrangement.CONCATENATED)
    choose(dialog, Arrangement.UNSPECIFIED)
    assert dialog.structures is None
    card = dialog.card()
    assert (card.structures, card.preprocessing.length) == ((), 12)
    assert card.arrangement is Arrangement.UNSPECIFIED


def test_channels_that_are_rows(make_dialog):
    dialog = make_dialog((6, 2), Arrangement.CHANNELS, 2)
    assert len(dialog.structures.combos) == 2
    choose(dialog, Arrangement.ROWS)
    assert len(dialog.structures.combos) == 6
    card = dialog.card()
    assert (card.arrangement, card.preprocessing.length) == (Arrangement.ROWS, 2)
    serving = serve([(6, 2)], card)
    assert (serving.image, serving.steps, len(serving.structures)) == (True, 2, 6)


def test_no_choice_for_an_open_length(make_dialog, network):
    from spectracnn.view.arranged import arrangements

    assert arrangements(replace(network.description, open_length=True)) == ()
