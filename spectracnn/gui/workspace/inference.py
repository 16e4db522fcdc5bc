"""Keeps what the network says of the open spectra coming: traces and predictions."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from spectracnn.core.arrays import frozen_array
from spectracnn.engine.broker import Policy
from spectracnn.engine.messages import StateChanged
from spectracnn.errors import EngineError, PreprocessingError
from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.settings import ModelLimits
from spectracnn.state.prediction_requests import prediction_requests
from spectracnn.state.requests import opening_request, trace_request

if TYPE_CHECKING:
    from spectracnn.core.card import ModelCard
    from spectracnn.core.requests import OpenModel, PredictSpectra
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.engine.messages import BatchPredictions, Event
    from spectracnn.errors import SpectraCNNError
    from spectracnn.gui.workspace.engine_bridge import EngineBridge
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry
    from spectracnn.state.request_parts import Made
    from spectracnn.state.selection import Selection

_SHOW_MS, _SHOW_MANY_MS, _MANY = 100, 250, 5000
"""Between two showings of answers: each looks at all rows, so of many there are fewer."""

MODEL, TRACE, PREDICTIONS = "model", "trace", "predictions"
"""The owners of these requests."""


class Inference(QObject):
    """Requests traces and predictions, and reports them in terms of entries.

    Signals
    -------
    modelOpened : ModelDescription
    traceReceived : (Entry, Trace or None)
        The entry as it was traced, and its trace.
    traceRefused : (Entry, str)
        The entry, and why the network cannot take its spectrum.
    predicted : list of Entry
        Entries with what was said of them.
    progressed : (int, int)
        Done and total of the running batch; (0, 0) when it ended.
    batchEnded : ()
        What was requested was said; there may be more to ask.
    stateChanged : (EngineState, str)
    messageRaised : Message
    """

    modelOpened = Signal(object)
    traceReceived = Signal(object, object)
    traceRefused = Signal(object, str)
    predicted = Signal(object)
    progressed = Signal(int, int)
    batchEnded = Signal()
    stateChanged = Signal(object, str)
    messageRaised = Signal(object)

    def __init__(self, engine: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._broker = engine.broker
        self.limits = ModelLimits()
        self._document: Document | None = None
        self._traced: int | None = None
        # Files arrive in batches; asking once in a while instead of at each keeps requests few.
        self._batch_timer = QTimer(self, singleShot=True, interval=120)
        self._batch_timer.timeout.connect(self._on_batch_timer_timeout)
        # What comes in small parts is shown ten times a second: each showing costs a look at all.
        self._answered: list[Entry] = []
        self._shown_at, self._total = 0.0, 0
        self._show_timer = QTimer(self, singleShot=True)
        self._show_timer.timeout.connect(self._show_answers)
        engine.eventReceived.connect(self._on_engine_eventReceived)

    def open_model(self, path: str) -> None:
        """Open another model; one that is being opened is given up."""
        self._broker.submit(
            self.opening(path), MODEL, Policy.LATEST_WINS, self._opened, self._report
        )

    @property
    def is_opening(self) -> bool:
        """Whether a model is being opened."""
        return self._broker.waiting(MODEL)

    def opening(self, path: str, card: ModelCard | None = None, sha256: str = "") -> OpenModel:
        """Return the request that opens a model within the limits that are set."""
        memory = self.limits.memory_gib
        return opening_request(
            path,
            card,
            memory_limit=None if memory is None else memory << 30,
            time_limit=self.limits.seconds,
            sha256=sha256,
        )

    def request_trace(self, document: Document, selection: Selection) -> None:
        """Ask for every layer's output of the current spectrum.

        An earlier request about another spectrum is dropped; one about the same is waited for, and
        of those that came meanwhile only the latest is sent: while a slider moves, each result is
        seen instead of none.
        """
        made = trace_request(document, selection)
        if made is None:
            self._traced = None
            self._broker.drop(TRACE)
            return
        (entry,) = made.entries
        same = entry.id == self._traced
        self._traced = entry.id
        self._broker.submit(
            made.request,
            TRACE,
            Policy.LATEST_WAITS if same else Policy.LATEST_WINS,
            partial(self._receive_trace, entry),
            partial(self._fail_trace, entry),
            key=made.key,
        )

    def request_predictions(self, document: Document, *, more: bool = False) -> None:
        """Ask for the classes of what is unknown, soon, in the place of any earlier request.

        Parameters
        ----------
        document : Document
            What is open.
        more : bool
            Whether spectra only came to those that were asked about: then a request that is under
            way goes on, and whoever hears that it ended asks for the others.
        """
        if more and self._document is None and self._broker.waiting(PREDICTIONS):
            return
        self._document = document
        self._batch_timer.start()

    def cancel_predictions(self) -> None:
        """Stop the running batch."""
        self._document = None
        self._broker.drop(PREDICTIONS)

    @Slot()
    def _on_batch_timer_timeout(self) -> None:
        document, self._document = self._document, None
        if document is None:
            return
        made = prediction_requests(document)
        if made is None:
            return
        self._total = len(document.entries)
        self._broker.submit(
            made.request,
            PREDICTIONS,
            Policy.LATEST_WINS,
            self._receive_batch,
            self._fail_batch,
            on_cancel=self._end_batch,
            on_progress=partial(self._progress, document),
            on_part=partial(self._receive_part, made),
            key=made.key,
        )

    @Slot(object)
    def _on_engine_eventReceived(self, event: Event) -> None:
        if isinstance(event, StateChanged):
            self.stateChanged.emit(event.state, event.sentence)

    # --- results -----------------------------------------------------------------------------

    def _opened(self, model: ModelDescription) -> None:
        self.modelOpened.emit(model)

    def _receive_trace(self, entry: Entry, trace: Trace) -> None:
        self.traceReceived.emit(entry, trace)

    def _fail_trace(self, entry: Entry, error: SpectraCNNError) -> None:
        refused = isinstance(error, PreprocessingError)
        if refused:
            self.traceRefused.emit(entry, error.message)
        self.traceReceived.emit(entry, None)
        if not refused:  # else the prediction panel and the table say it, for this spectrum
            self._report(error)

    def _receive_part(
        self, made: Made[PredictSpectra], first: int, predictions: BatchPredictions
    ) -> None:
        changed = []
        judgements = predictions.judgements
        for offset, error in enumerate(predictions.errors):
            entry = made.entries[first + offset]
            if error is not None:
                changed.append(replace(entry, refusal=error.message))
            else:
                answered = replace(
                    entry,
                    probabilities=frozen_array(predictions.probabilities[offset]),
                    refusal="",
                    outputs=frozen_array(predictions.outputs[offset]),
                    judged=judgements[offset],
                )
                changed.append(answered)
        self._answered += changed
        rest = _SHOW_MS if self._total < _MANY else _SHOW_MANY_MS
        if time.monotonic() - self._shown_at > rest / 1000:
            self._show_answers()
        elif not self._show_timer.isActive():
            self._show_timer.start(rest)

    @Slot()
    def _show_answers(self) -> None:
        self._show_timer.stop()
        answered, self._answered = self._answered, []
        if answered:
            self.predicted.emit(answered)
            self._shown_at = time.monotonic()

    def _fail_batch(self, error: SpectraCNNError) -> None:
        self._end_batch()
        self._report(error)

    def _receive_batch(self, _predictions: object) -> None:
        self._end_batch()
        self.batchEnded.emit()

    def _progress(self, document: Document, done: int, total: int) -> None:
        """Say how far the whole table is, of which this batch may be a part."""
        still = len(document.answers.open_rows)
        if still <= total:
            self.progressed.emit(done, total)
        else:
            count = len(document.entries)
            self.progressed.emit(count - still + done, count)

    def _end_batch(self) -> None:
        self._show_answers()
        self.progressed.emit(0, 0)

    def _report(self, error: SpectraCNNError) -> None:
        severity = Severity.ERROR if isinstance(error, EngineError) else Severity.WARNING
        self.messageRaised.emit(Message(error.message, error.hint, error.details, severity))
