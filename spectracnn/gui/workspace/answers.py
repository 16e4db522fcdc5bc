"""Keeps the network's answers to the open spectra coming; drops the stale ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from spectracnn.core.arrays import frozen_array
from spectracnn.core.trace import ModelDescription, Trace
from spectracnn.engine.messages import (
    Cancelled,
    EngineState,
    Failed,
    OpenModel,
    PartialPredictions,
    PredictSpectra,
    Progressed,
    StateChanged,
    Succeeded,
    TraceSpectrum,
)
from spectracnn.errors import EngineError, PreprocessingError
from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.settings import ModelLimits

if TYPE_CHECKING:
    from spectracnn.core.card import ModelCard
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.engine.messages import Event, Predictions
    from spectracnn.gui.workspace.engine_bridge import EngineBridge
    from spectracnn.state.document import Entry


Muted = frozenset[tuple[int, int]]

# A network that reads any number of values is shown with as many as BrainPrint computes; the
# dialog about its card asks how many it was trained with.
_ASSUMED_LENGTH = 50


class Answers(QObject):
    """The conversation with the engine, in terms of entries instead of request ids.

    Signals
    -------
    modelOpened : ModelDescription
    traceReceived : (int, Trace or None)
        Entry id and its trace.
    traceRefused : (int, str)
        Entry id, and why the network cannot take this spectrum.
    predicted : list of Entry
        Entries with their answers.
    engineRecovered
        The engine is ready again after it lost a question; what is open should be asked again.
    progressed : (int, int)
        Done and total of the running batch; (0, 0) when it ended.
    stateChanged : (EngineState, str)
    messageRaised : Message
    """

    modelOpened = Signal(object)
    traceReceived = Signal(int, object)
    traceRefused = Signal(int, str)
    predicted = Signal(object)
    engineRecovered = Signal()
    progressed = Signal(int, int)
    stateChanged = Signal(object, str)
    messageRaised = Signal(object)

    def __init__(self, engine: EngineBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.limits = ModelLimits()
        self._open_request = -1
        self._trace_request = -1
        self._trace_entry = -1
        self._tracing: TraceSpectrum | None = None  # on its way
        self._trace_next: tuple[Entry, Muted, tuple[Spectrum, ...], bool, bool] | None = None
        self._batch_request = -1
        self._batch: tuple[Entry, ...] = ()
        self._waiting: tuple[Entry, ...] = ()
        # Each lost question is repeated once: one that ends the engine must not do so for ever.
        self._lost = False
        self._repeated: set[tuple[str, int]] = set()
        # Files arrive in batches; asking once in a while instead of at each keeps requests few.
        self._batch_timer = QTimer(self, singleShot=True, interval=120)
        self._batch_timer.timeout.connect(self._on_batch_timer_timeout)
        engine.eventReceived.connect(self._on_engine_eventReceived)

    def open_model(self, path: str) -> None:
        """Ask the engine for another model."""
        self._open_request = self._engine.submit(self.opening(path), topic="model")

    def opening(self, path: str, card: ModelCard | None = None, sha256: str = "") -> OpenModel:
        """Return what to ask the engine to open, within the limits that are set.

        Parameters
        ----------
        path : str
            The file.
        card : ModelCard, optional
            Instead of what is found.
        sha256 : str
            What the file's must be; anything if empty.
        """
        memory = self.limits.memory_gib
        return OpenModel(
            path,
            card,
            memory_limit=None if memory is None else memory << 30,
            time_limit=self.limits.seconds,
            length=_ASSUMED_LENGTH,
            sha256=sha256,
        )

    def ask_trace(
        self,
        entry: Entry | None,
        muted: Muted = frozenset(),
        companions: tuple[Spectrum, ...] = (),
        *,
        similarity: bool = False,
        flows: bool = False,
    ) -> None:
        """Ask for every layer's output of one entry; an earlier question is dropped.

        But one about the same entry is waited for, and only the latest of those that came
        meanwhile is asked: while a slider moves, each answer is seen instead of none.
        """
        self._trace_next = None
        if entry is None:
            self._trace_entry = -1
            return
        request = TraceSpectrum(
            entry.spectrum,
            companions,
            tuple(sorted(muted)),
            input_edits=entry.edits,
            contributions=True,
            similarity=similarity,
            flows=flows,
        )
        if self._tracing is not None and entry.id == self._trace_entry:
            if not _same(self._tracing, request):
                self._trace_next = (entry, muted, companions, similarity, flows)
            return
        self._trace_entry, self._tracing = entry.id, request
        self._trace_request = self._engine.submit(request, topic="trace")

    def ask_predictions(self, entries: tuple[Entry, ...]) -> None:
        """Ask for the classes of these entries, soon, in the place of any earlier such question."""
        self._waiting = entries
        self._batch_timer.start()

    def cancel_predictions(self) -> None:
        """Stop the running batch."""
        self._waiting = ()
        if self._batch_request >= 0:
            self._engine.cancel(self._batch_request)

    @Slot()
    def _on_batch_timer_timeout(self) -> None:
        if not self._waiting:
            return
        self._batch, self._waiting = self._waiting, ()
        spectra = tuple(entry.spectrum for entry in self._batch)
        self._batch_request = self._engine.submit(PredictSpectra(spectra), topic="predict")

    @Slot(object)
    def _on_engine_eventReceived(self, event: Event) -> None:
        match event:
            case StateChanged(state, sentence):
                self.stateChanged.emit(state, sentence)
                if self._lost and state is EngineState.READY:
                    self._lost = False
                    self.engineRecovered.emit()
            case Succeeded(request_id, result):
                self._on_success(request_id, result)
            case Failed(request_id, error):
                self._on_failure(request_id, error)
            case PartialPredictions(request_id, first, predictions):
                if request_id == self._batch_request:
                    self._take(first, predictions)
            case Progressed(request_id, done, total):
                if request_id == self._batch_request:
                    self.progressed.emit(done, total)
            case Cancelled(request_id):
                self._end_batch(request_id)
                if request_id == self._trace_request:
                    self._end_trace()

    def _on_success(self, request_id: int, result: object) -> None:
        self._repeated.discard(self._question(request_id))
        if request_id == self._open_request and isinstance(result, ModelDescription):
            self._repeated.clear()
            self.modelOpened.emit(result)
        elif request_id == self._trace_request and isinstance(result, Trace):
            self.traceReceived.emit(self._trace_entry, result)
            self._end_trace()
        self._end_batch(request_id)

    def _on_failure(self, request_id: int, error: Exception) -> None:
        message = getattr(error, "message", str(error))
        hint = getattr(error, "hint", "")
        question = self._question(request_id)
        if isinstance(error, EngineError) and question[0] and question not in self._repeated:
            self._repeated.add(question)
            self._lost = True
        if request_id == self._trace_request:
            if isinstance(error, PreprocessingError):
                self.traceRefused.emit(self._trace_entry, message)
            self.traceReceived.emit(self._trace_entry, None)
            self._end_trace()
            if isinstance(error, PreprocessingError):
                return  # told in the prediction panel and in the table, for this spectrum
        self._end_batch(request_id)
        severity = Severity.ERROR if isinstance(error, EngineError) else Severity.WARNING
        details = getattr(error, "details", "")
        self.messageRaised.emit(Message(message, hint, details, severity))

    def _end_trace(self) -> None:
        self._tracing = None
        if self._trace_next is not None:
            entry, muted, companions, similarity, flows = self._trace_next
            self.ask_trace(entry, muted, companions, similarity=similarity, flows=flows)

    def _question(self, request_id: int) -> tuple[str, int]:
        """Return what was asked, and of which entry first; an empty word for anything else."""
        if request_id == self._trace_request:
            return "trace", self._trace_entry
        if request_id == self._batch_request and self._batch:
            return "predict", self._batch[0].id
        return "", -1

    def _take(self, first: int, predictions: Predictions) -> None:
        changed = []
        for offset, error in enumerate(predictions.errors):
            entry = self._batch[first + offset]
            if error is not None:
                changed.append(replace(entry, refusal=error.message))
            else:
                row = frozen_array(predictions.probabilities[offset])
                output = frozen_array(predictions.outputs[offset])
                judged = predictions.judgements[offset]
                answered = replace(entry, probabilities=row, refusal="", outputs=output)
                changed.append(replace(answered, judged=judged))
        self.predicted.emit(changed)

    def _end_batch(self, request_id: int) -> None:
        if request_id == self._batch_request:
            self._batch_request = -1
            self.progressed.emit(0, 0)


def _same(one: TraceSpectrum, other: TraceSpectrum) -> bool:
    return (
        one.spectrum is other.spectrum
        and [id(item) for item in one.companions] == [id(item) for item in other.companions]
        and one.muted == other.muted
        and one.input_edits == other.input_edits
        and one.similarity == other.similarity
        and one.flows == other.flows
    )
