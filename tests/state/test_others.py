"""Models that stay open: what they said is there again when they come back as they were."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.edits import Scale, Space, Zero
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.steps import Take
from spectracnn.core.trace import ModelDescription
from spectracnn.state.document import Document
from spectracnn.state.entry import Entry
from spectracnn.state.others import with_model, without_model

SHARES = np.float32([0.25, 0.75])


def model(path, sha256="a", preprocessing=None):
    card = ModelCard(preprocessing or Preprocessing(), ("x", "y"))
    return ModelDescription(path, path, sha256, (3, 1), (), ("x", "y"), card, 0)


@pytest.fixture
def left():
    """A document whose first model has answered and was left for another."""
    entry = Entry(1, Spectrum("s", [0.0, 1.0, 2.0]), probabilities=SHARES, outputs=SHARES)
    return with_model(Document((entry,), model("first"), opened=1), model("second"))


def test_a_model_that_was_left_stays_open_with_what_it_said(left):
    assert left.model.path == "second"
    assert left.entry(1).probabilities is None
    (other,) = left.others
    assert other.prediction(left.entry(1)).probabilities is SHARES


def test_as_it_was_it_need_not_be_asked_again(left):
    back = with_model(left, model("first"))
    assert back.entry(1).probabilities is SHARES
    assert [other.model.path for other in back.others] == ["second"]


@pytest.mark.parametrize(
    "changed",
    [model("first", sha256="b"), model("first", preprocessing=Preprocessing((Take(2),)))],
    ids=["another file", "another card"],
)
def test_changed_it_is_asked_again(left, changed):
    assert with_model(left, changed).entry(1).probabilities is None


def test_what_was_said_of_an_edited_input_is_about_this_model_alone():
    entry = Entry(1, Spectrum("s", [0.0, 1.0, 2.0]), probabilities=SHARES, outputs=SHARES)
    edited = entry.with_edits((Zero(space=Space.INPUT, first=0, last=0),))
    said = replace(edited, probabilities=SHARES[::-1], outputs=SHARES[::-1])
    left = with_model(Document((said,), model("first"), opened=1), model("second"))
    (other,) = left.others
    kept = other.predictions[1]
    assert (kept.revision, kept.probabilities is SHARES) == (0, True)  # of the spectrum as read


def test_what_was_said_of_an_edit_of_eigenvalues_stays_with_it():
    entry = Entry(1, Spectrum("s", [0.0, 1.0, 2.0])).with_edits((Scale(factor=2.0),))
    said = replace(entry, probabilities=SHARES, outputs=SHARES)
    left = with_model(Document((said,), model("first"), opened=1), model("second"))
    assert left.others[0].prediction(left.entry(1)).probabilities is SHARES


def test_a_model_that_is_not_kept_is_gone(left):
    assert with_model(left, model("third"), keep=False).others == left.others
    assert without_model(left, "first").others == ()
