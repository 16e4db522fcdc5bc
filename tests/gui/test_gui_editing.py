"""Edits and muted filters reach the engine, and each can be undone and redone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.edits import Offset, Scale, Space, Zero
from spectracnn.engine.messages import PredictSpectra, TraceSpectrum
from spectracnn.errors import SpectrumError
from spectracnn.gui.workspace.editing import Editing


@pytest.fixture
def editing(filled):
    return Editing(filled)


def current(workspace):
    return workspace.document.entry(workspace.selection.current)


def asked(engine):
    return engine.requests[engine.latest(TraceSpectrum)]


def test_an_edit_is_traced_shown_and_undone(editing, filled, engine):
    original = current(filled).spectrum
    editing.make(Scale(factor=2, first=3))
    entry = current(filled)
    assert entry.spectrum.name.endswith("(edited)")
    assert entry.original is original
    assert asked(engine).spectrum is entry.spectrum
    engine.answer_trace()
    assert [curve.ghost for curve in filled.contents.spectrum.curves].count(True) == 1
    expected = engine.network.trace(entry.spectrum).probabilities
    np.testing.assert_array_equal(current(filled).probabilities, expected)
    editing.stack.undo()
    assert current(filled).spectrum is original
    engine.answer_trace()
    assert not any(curve.ghost for curve in filled.contents.spectrum.curves)
    editing.stack.redo()
    np.testing.assert_array_equal(current(filled).spectrum.eigenvalues, entry.spectrum.eigenvalues)


def test_a_gesture_is_one_edit_and_one_undo(editing, filled):
    editing.begin()
    for amount in (0.1, 0.2, 0.3):
        editing.change(Offset(amount=amount, first=4, last=4))
    assert [edit.amount for edit in editing.edits] == [0.3]
    assert editing.stack.count() == 1
    editing.begin()
    editing.change(Offset(amount=1.0, first=5, last=5))
    assert len(editing.edits) == 2
    editing.stack.undo()
    assert [edit.amount for edit in editing.edits] == [0.3]
    editing.stack.undo()
    assert editing.edits == ()


def test_the_original_is_one_step_away_and_that_step_can_be_undone(editing, filled):
    editing.make(Scale(factor=2))
    editing.make(Scale(factor=3))
    editing.restore_original()
    assert not current(filled).is_edited
    editing.stack.undo()
    assert len(editing.edits) == 2


def test_a_slider_is_followed_without_starving_the_panels(editing, filled, engine):
    editing.begin()
    editing.change(Offset(amount=0.1, first=4, last=4))
    first = engine.latest(TraceSpectrum)
    for amount in (0.2, 0.3):
        editing.change(Offset(amount=amount, first=4, last=4))
    assert engine.latest(TraceSpectrum) == first  # one on its way, the others wait
    engine.answer_trace(first)
    assert engine.latest(TraceSpectrum) > first
    assert asked(engine).spectrum is current(filled).spectrum  # and of those only the latest
    assert first not in engine.cancelled


def test_edits_of_the_input_go_along(editing, filled, engine):
    edit = Zero(first=2, last=3, space=Space.INPUT)
    editing.make(edit)
    assert asked(engine).input_edits == (edit,)
    engine.answer_open(replace(engine.network.description, name="another"))
    assert not current(filled).is_edited  # they meant nothing to the other model
    assert not editing.stack.canUndo()


def test_what_leaves_nothing_finite_is_refused(editing, filled):
    with np.errstate(over="ignore", invalid="ignore"), pytest.raises(SpectrumError):
        editing.make(Offset(amount=np.inf))
    assert editing.edits == ()
    assert editing.stack.count() == 0


def test_the_answer_to_the_original_is_kept_for_comparison(editing, filled, engine):
    editing.make(Scale(factor=2, first=3))
    engine.answer_trace()
    number = engine.latest(PredictSpectra)
    if not number:  # asked a moment after the spectra arrived
        filled._inference._on_batch_timer_timeout()
    engine.answer_predictions()
    entry = current(filled)
    expected = engine.network.trace(entry.original).probabilities
    np.testing.assert_array_equal(entry.before, expected)
    np.testing.assert_array_equal(
        entry.probabilities, engine.network.trace(entry.spectrum).probabilities
    )
    filled.set_view()
    prediction = filled.contents.prediction
    order = np.argsort(-entry.probabilities, kind="stable")
    np.testing.assert_array_equal(prediction.reference, expected[order])
    assert "edited" in prediction.detail


def test_filters_are_muted_soloed_and_undone(editing, filled, engine):
    editing.toggle_mute(0, 1)
    engine.answer_trace()  # the question without it was answered; this one is asked now
    assert asked(engine).muted == ((0, 1),)
    assert "one filter muted" in filled.contents.prediction.detail
    editing.solo(0, 1)
    assert editing.muted == {(0, 0)}
    editing.solo(0, 1)
    assert editing.muted == frozenset()
    editing.stack.undo()
    assert editing.muted == {(0, 0)}
    editing.stack.undo()
    assert editing.muted == {(0, 1)}
    editing.unmute_all()
    assert editing.muted == frozenset()
    assert editing.stack.undoText() == "unmute all filters"
