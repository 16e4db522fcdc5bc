"""An entry remembers what was said of its original while it is edited."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from spectracnn.core.edits import Scale
from spectracnn.core.judging import Judged
from spectracnn.core.spectrum import Spectrum
from spectracnn.state.entry import Entry

SHARES = np.array([0.25, 0.75], np.float32)
JUDGED = Judged(0.3, 7)


def answered() -> Entry:
    return replace(
        Entry(1, Spectrum("x", np.arange(9.0))), probabilities=SHARES, outputs=SHARES, judged=JUDGED
    )


def test_taking_edits_back_brings_the_whole_answer_back() -> None:
    entry = answered()
    edited = entry.with_edits((Scale(factor=2.0),))
    assert edited.judged is None
    again = edited.with_edits((Scale(factor=2.0), Scale(factor=3.0))).with_edits(())
    assert again.judged is JUDGED
    assert again.outputs is SHARES
    assert again.probabilities is SHARES
    assert not again.is_edited


def test_an_answer_about_the_original_that_comes_late_is_kept_for_then() -> None:
    asked = Entry(1, Spectrum("x", np.arange(9.0)))
    edited = asked.with_edits((Scale(factor=2.0),))
    found = replace(asked, probabilities=SHARES, outputs=SHARES, judged=JUDGED)
    back = edited.with_answer(found).with_edits(())
    assert back.judged is JUDGED
    assert back.outputs is SHARES


def test_another_model_finds_nothing_said() -> None:
    edited = answered().with_edits((Scale(factor=2.0),)).without_answer()
    back = edited.with_edits(())
    assert (back.probabilities, back.outputs, back.judged) == (None, None, None)


def test_an_entry_of_which_nothing_was_said_stays_the_same():
    fresh = answered().as_read
    assert fresh.without_answer() is fresh
    assert answered().without_answer().probabilities is None
