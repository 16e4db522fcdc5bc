from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.edits import Scale
from spectracnn.engine.messages import (
    Cancelled,
    EngineState,
    Failed,
    OpenModel,
    PredictSpectra,
    Progressed,
    StateChanged,
    TraceSpectrum,
)
from spectracnn.errors import EngineError, ModelError
from spectracnn.gui.messages import Severity


def ask(qtbot, engine):
    qtbot.waitUntil(lambda: engine.latest(PredictSpectra) > 0)


def test_nothing_is_asked_before_there_is_a_model(qtbot, workspace, engine, spectra):
    workspace.add_spectra(spectra)
    qtbot.wait(200)
    assert [type(request) for request in engine.requests.values()] == [OpenModel]


def test_opening_a_model_asks_for_what_is_open(qtbot, workspace, engine, spectra):
    workspace.add_spectra(spectra)
    engine.answer_open()
    ask(qtbot, engine)
    assert engine.requests[engine.latest(TraceSpectrum)].spectrum is spectra[0]
    assert engine.requests[engine.latest(PredictSpectra)].spectra == tuple(spectra)


def test_files_that_arrive_in_batches_are_asked_once(qtbot, filled, engine, spectra):
    for spectrum in spectra:
        filled.add_spectra([spectrum])
    ask(qtbot, engine)
    asked = [r for r in engine.requests.values() if isinstance(r, PredictSpectra)]
    assert [len(request.spectra) for request in asked] == [8]


def test_predictions_reach_the_entries(qtbot, filled, engine, network, spectra):
    ask(qtbot, engine)
    with qtbot.waitSignal(filled.entriesUpdated) as waiter:
        engine.answer_predictions()
    assert waiter.args[1:] == [0, 3]
    for entry, spectrum in zip(filled.document.entries, spectra, strict=True):
        np.testing.assert_array_equal(entry.probabilities, network.trace(spectrum).probabilities)
        assert not entry.probabilities.flags.writeable


def test_a_refused_spectrum_says_why_and_the_others_are_answered(
    qtbot, workspace, engine, spectra, make_spectrum
):
    engine.answer_open()
    workspace.add_spectra([make_spectrum("short", n=5), spectra[0]])
    ask(qtbot, engine)
    engine.answer_predictions()
    short, good = workspace.document.entries
    assert "short" in short.refusal
    assert short.probabilities is None
    assert good.probabilities is not None
    assert workspace.contents.prediction.headline == "Not classified"


def test_a_refused_trace_is_no_message(qtbot, workspace, engine, inference, make_spectrum):
    engine.answer_open()
    workspace.add_spectra([make_spectrum("short", n=5)])
    with qtbot.assertNotEmitted(inference.messageRaised):
        engine.answer_trace()
    assert not workspace.document.traces


def test_answers_to_a_dropped_batch_are_ignored(qtbot, filled, engine, spectra):
    ask(qtbot, engine)
    stale = engine.latest(PredictSpectra)
    filled.set_edits(filled.document.entries[0].id, (Scale(factor=2.0),))
    qtbot.waitUntil(lambda: engine.latest(PredictSpectra) > stale)
    with qtbot.assertNotEmitted(filled.entriesUpdated):
        engine.answer_predictions(stale)


def test_spectra_that_come_meanwhile_wait_for_the_end_of_the_batch(qtbot, filled, engine, spectra):
    ask(qtbot, engine)
    number = engine.latest(PredictSpectra)
    filled.add_spectra(spectra)
    qtbot.wait(300)
    assert engine.latest(PredictSpectra) == number
    engine.answer_predictions(number)
    qtbot.waitUntil(lambda: engine.latest(PredictSpectra) > number)
    engine.answer_predictions()
    assert all(entry.probabilities is not None for entry in filled.document.entries)


def test_progress_of_the_batch(qtbot, filled, engine, inference):
    ask(qtbot, engine)
    number = engine.latest(PredictSpectra)
    with qtbot.waitSignal(inference.progressed) as under_way:
        engine.eventReceived.emit(Progressed(number, 2, 4))
    with qtbot.waitSignal(inference.progressed) as ended:
        engine.eventReceived.emit(Cancelled(number))
    assert (under_way.args, ended.args) == ([2, 4], [0, 0])


def test_cancel_reaches_the_engine(qtbot, filled, engine, inference):
    ask(qtbot, engine)
    inference.cancel_predictions()
    assert engine.cancelled == [engine.latest(PredictSpectra)]


def test_a_model_that_cannot_be_opened_is_told(qtbot, workspace, engine, inference):
    error = ModelError("x.keras: this is no model.", "Choose another.")
    with qtbot.waitSignal(inference.messageRaised) as waiter:
        engine.eventReceived.emit(Failed(engine.latest(OpenModel), error))
    message = waiter.args[0]
    assert (message.sentence, message.hint) == (error.message, error.hint)
    assert workspace.document.model is None


def test_a_crash_of_the_engine_is_an_error(qtbot, filled, engine, inference):
    engine.broker.drop("trace")
    filled.set_muted(frozenset({(0, 1)}))
    engine.eventReceived.emit(Failed(engine.latest(TraceSpectrum), EngineError("It stopped.")))
    with qtbot.waitSignal(inference.messageRaised) as waiter:  # it was asked once more
        engine.eventReceived.emit(Failed(engine.latest(TraceSpectrum), EngineError("It stopped.")))
    assert waiter.args[0].severity is Severity.ERROR
    assert len(filled.document.entries) == 4


def test_the_engines_state_is_passed_on(qtbot, engine, inference):
    with qtbot.waitSignal(inference.stateChanged) as waiter:
        engine.eventReceived.emit(StateChanged("ready", "Engine ready"))
    assert waiter.args == ["ready", "Engine ready"]


@pytest.mark.parametrize("kind", [TraceSpectrum, PredictSpectra])
def test_what_a_crash_lost_is_asked_once_more(qtbot, filled, engine, kind):
    filled.set_muted(frozenset({(0, 1)}))
    ask(qtbot, engine)

    def crash():
        number = engine.latest(kind)
        engine.eventReceived.emit(Failed(number, EngineError("The engine stopped.")))
        engine.eventReceived.emit(StateChanged(EngineState.READY, "Engine ready"))
        qtbot.wait(200)
        return engine.latest(kind) > number

    assert crash()
    assert not crash()  # a request that ends the engine again is not repeated for ever


def test_a_trace_of_an_edit_that_was_changed_since_is_not_written_into_the_table(filled, engine):
    entry = filled.document.entries[0]
    filled.set_edits(entry.id, (Scale(factor=2.0),))
    first = engine.latest(TraceSpectrum)
    filled.set_edits(entry.id, (Scale(factor=3.0),))
    engine.answer_trace(first)
    assert filled.document.entries[0].probabilities is None
    engine.answer_trace()
    assert filled.document.entries[0].probabilities is not None
