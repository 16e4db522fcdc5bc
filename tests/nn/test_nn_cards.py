"""Which card goes with a model, and a model that is open under another card."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.card_file import card_path, file_sha256, write_card
from spectracnn.core.card_places import user_card_path
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import DropZeros, Log, Take
from spectracnn.errors import CardError
from spectracnn.nn.loading import open_model, with_card

if TYPE_CHECKING:
    from pathlib import Path

    from spectracnn.core.spectrum import Spectrum

NAMES = ("one", "two", "three")


def card(*steps: Any, classes: tuple[str, ...] = NAMES) -> ModelCard:
    return ModelCard(Preprocessing(steps or (Take(40),)), classes)


def test_a_model_without_a_card_says_so(saved: Path) -> None:
    description = open_model(saved).description
    assert description.card_assumed
    assert description.card_file == ""


def test_the_card_beside_it_is_named(saved: Path) -> None:
    write_card(card(), card_path(saved))
    description = open_model(saved).description
    assert not description.card_assumed
    assert description.card_file == str(card_path(saved))


def test_the_users_own_card_goes_first_and_is_found_by_content(saved: Path, tmp_path: Path) -> None:
    own = user_card_path(file_sha256(saved))
    own.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_card(card(classes=("a", "b", "c")), own)
        write_card(card(), card_path(saved))
        moved = tmp_path / "renamed.keras"
        saved.rename(moved)
        description = open_model(moved).description
        assert description.classes == ("a", "b", "c")
        assert description.card_file == str(own)
    finally:
        own.unlink()
        own.parent.rmdir()


def test_another_card_on_an_open_model_is_as_if_opened_with_it(
    saved: Path, spectrum: Spectrum
) -> None:
    plain = open_model(saved)
    plain.warm_up()
    other = card(DropZeros(), Log(), Take(40))
    changed = with_card(plain, other)
    assert changed.description.classes == NAMES
    assert not changed.description.card_assumed
    fresh = open_model(saved, other).trace(spectrum)
    for mine, theirs in zip(changed.trace(spectrum).layers, fresh.layers, strict=True):
        np.testing.assert_array_equal(mine.output, theirs.output)
    assert plain.description.card_assumed
    head = spectrum.eigenvalues[:40].astype(np.float32)
    np.testing.assert_array_equal(plain.trace(spectrum).input[:, 0], head)
    assert with_card(changed, None).description.card_assumed


def test_a_card_that_does_not_fit_changes_nothing(saved: Path, spectrum: Spectrum) -> None:
    opened = open_model(saved)
    before = opened.trace(spectrum)
    with pytest.raises(CardError, match="2 classes"):
        with_card(opened, card(classes=("a", "b")))
    with pytest.raises(CardError, match="takes 39 values"):
        with_card(opened, card(Take(39)))
    np.testing.assert_array_equal(opened.trace(spectrum).probabilities, before.probabilities)


def test_open_length_is_assumed_when_asked_for(
    keras: Any, spectrum: Spectrum, tmp_path: Path
) -> None:
    layers = keras.layers
    start = keras.Input((None, 1))
    end = layers.Dense(3)(layers.GlobalMaxPooling1D()(layers.Conv1D(2, 3)(start)))
    path = tmp_path / "any.keras"
    model = keras.Model(start, end)
    model.save(path)
    opened = open_model(path, length=30)
    assert opened.description.input_shape == (30, 1)
    assert opened.description.card_assumed
    longer = with_card(opened, card(Take(50)))
    assert longer.description.layers[0].output_shape == (48, 2)
    trace = longer.trace(spectrum)
    np.testing.assert_allclose(trace.output, model(trace.input[None])[0], rtol=1e-6)


def test_classes_of_the_assumed_card_are_numbered(saved: Path) -> None:
    assumed = open_model(saved).description.card
    assert assumed.classes == ("class 0", "class 1", "class 2")
    assert replace(assumed, classes=NAMES).preprocessing.length == 40
