"""A card while it is worked on: guesses, changes, and what is wrong with it in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import (
    DivideByIndex,
    DropZeros,
    FixSign,
    Log,
    Sort,
    Standardise,
    Take,
    UnitArea,
)
from spectracnn.core.trace import ModelDescription
from spectracnn.errors import CardError, PreprocessingError
from spectracnn.view.card_draft import (
    finished_card,
    first_draft,
    moved,
    parameters,
    parse_names,
    switched,
    with_parameter,
)

CLASSES = ("class 0", "class 1")


def model(*, shape=(10, 1), assumed=True, structures=(), open_length=False):
    card = ModelCard(Preprocessing((Take(10),)), CLASSES, input_meaning="As they stand.")
    return ModelDescription(
        "net",
        "net.keras",
        "ab" * 32,
        shape,
        (),
        CLASSES,
        card,
        5,
        structures=structures,
        card_assumed=assumed,
        open_length=open_length,
    )


def kinds(draft):
    return [type(step) for step in draft.steps]


def test_the_guess_cleans_what_the_spectrum_needs():
    rising = np.arange(20.0)
    assert kinds(first_draft(model(), Spectrum("a", rising))) == [DropZeros, Take]
    assert kinds(first_draft(model(), Spectrum("a", rising + 1))) == [Take]
    assert kinds(first_draft(model(), Spectrum("a", -rising))) == [FixSign, DropZeros, Take]
    mixed = np.concatenate((rising[10:], rising[:10]))
    assert kinds(first_draft(model(), Spectrum("a", mixed))) == [Sort, DropZeros, Take]


def test_the_guess_leaves_enough_values():
    assert kinds(first_draft(model(), Spectrum("a", np.arange(10.0)))) == [Take]
    assert kinds(first_draft(model(), Spectrum("a", np.arange(11.0)))) == [DropZeros, Take]
    assert kinds(first_draft(model(), None)) == [Take]


def test_a_card_that_is_there_is_no_guess():
    draft = first_draft(model(assumed=False), Spectrum("a", -np.arange(20.0)))
    assert kinds(draft) == [Take]
    assert draft.base.input_meaning == "As they stand."
    assert first_draft(model(), None).base.input_meaning == ""


def test_the_finished_card_has_what_was_typed_and_keeps_the_rest():
    draft = first_draft(model(assumed=False), None)
    draft = replace(draft, title=" Brains ", classes=("old", "young"))
    card = finished_card(draft, model(assumed=False))
    assert (card.title, card.classes, card.model_sha256) == ("Brains", ("old", "young"), "ab" * 32)
    assert card.input_meaning == "As they stand."
    assert ModelCard.from_json(card.to_json()).preprocessing.steps == (Take(10),)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"classes": ("a",)}, "There are 1 class; the network has 2."),
        ({"classes": ("a", "")}, "The name of class 1 is missing."),
        ({"classes": ("a", "a")}, "The class 'a' is named twice."),
        ({"steps": (Take(9),)}, "The step 'take first n' takes 9 values; the network reads 10."),
    ],
)
def test_what_does_not_fit_is_told(changes, sentence):
    draft = replace(first_draft(model(), None), **changes)
    with pytest.raises(CardError) as caught:
        finished_card(draft, model())
    assert caught.value.message == sentence


def test_structures_are_all_named_or_none():
    brain = model(shape=(10, 2), structures=("", ""))
    draft = first_draft(brain, None)
    assert finished_card(draft, brain).structures == ()
    named = replace(draft, structures=("left", "right"))
    assert finished_card(named, brain).structures == ("left", "right")
    with pytest.raises(CardError, match="structure 1 is missing"):
        finished_card(replace(draft, structures=("left", "")), brain)


def test_the_length_of_an_open_network_is_the_cards():
    network = model(open_length=True)
    draft = replace(first_draft(network, None), steps=(Take(7),))
    assert finished_card(draft, network).preprocessing.length == 7
    with pytest.raises(CardError, match="reads any number of values"):
        finished_card(replace(draft, steps=()), network)


def test_a_step_switched_on_stands_at_its_usual_place():
    steps = (FixSign(), Take(5), Log())
    with_zeros = switched(steps, DropZeros, True)
    assert [step.name for step in with_zeros] == ["fix_sign", "drop_zeros", "take", "log"]
    scaled = switched(with_zeros, UnitArea, True)
    assert scaled[2] == UnitArea()
    assert switched(scaled, DropZeros, False) == (FixSign(), UnitArea(), Take(5), Log())
    assert switched((), DivideByIndex, True) == (DivideByIndex(),)


def test_moving_stops_at_the_ends():
    steps = (FixSign(), Sort(), Take(5))
    assert moved(steps, 0, 1) == (Sort(), FixSign(), Take(5))
    assert moved(steps, 0, -1) == steps
    assert moved(steps, 2, 1) == steps


def test_parameters_as_text_and_back():
    assert parameters(Take(7)) == {"n": "7"}
    assert parameters(DropZeros()) == {}
    assert with_parameter(Take(7), "n", " 12 ") == Take(12)
    assert with_parameter(DivideByIndex(), "rule", "mindboggle") == DivideByIndex("mindboggle")
    scaled = with_parameter(Standardise(), "mean", "1.5, 2 3e1")
    np.testing.assert_array_equal(scaled.mean, [1.5, 2.0, 30.0])
    assert parameters(scaled) == {"mean": "1.5, 2, 30", "scale": "1.0"}


@pytest.mark.parametrize(
    ("step", "name", "text"),
    [
        (Take(), "n", "many"),
        (Take(), "n", "0"),
        (Take(), "n", "1.5"),
        (Standardise(), "mean", "1, x"),
        (Standardise(), "scale", "0"),
        (Standardise(), "scale", ""),
        (DivideByIndex(), "rule", "third"),
    ],
)
def test_wrong_parameters_are_told(step, name, text):
    with pytest.raises(PreprocessingError) as caught:
        with_parameter(step, name, text)
    assert caught.value.message.endswith(".")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a\n b \n\nc\n", ("a", "b", "c")),
        ('["a, b", "c"]', ("a, b", "c")),
        ("a, b ,c", ("a", "b", "c")),
        ("a, b\nc", ("a, b", "c")),
        ("", ()),
    ],
)
def test_lists_of_names(text, names):
    assert parse_names(text) == names
