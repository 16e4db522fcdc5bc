"""Asks the engine for attributions: a little later, once, and only about what is still shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from spectracnn.engine.messages import AttributeSpectrum
from spectracnn.errors import EngineError

if TYPE_CHECKING:
    from spectracnn.core.attribution import Attribution, AttributionOptions, Method
    from spectracnn.core.edits import Edit
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription
    from spectracnn.gui.workspace.questions import Questions

_TOPIC = "attribution"
_DEBOUNCE_MS = 120


class State(NamedTuple):
    """What the network sees: an attribution holds as long as this does."""

    model: ModelDescription
    entry: int
    spectrum: Spectrum
    edits: tuple[Edit, ...]
    muted: tuple[tuple[int, int], ...]
    companions: tuple[Spectrum, ...] = ()


class Question(NamedTuple):
    """What is asked about it."""

    state: State
    method: Method
    target: int | None
    options: AttributionOptions


class Asker(QObject):
    """One question at a time; the latest wins.

    While a slider moves, nothing is asked until it rests: the engine draws the maps meanwhile.

    Signals
    -------
    answered : (Question, Attribution)
    failed : (Question)
        For the reason that `problem` tells.
    """

    answered = Signal(object, object)
    failed = Signal(object)

    def __init__(self, questions: Questions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._questions = questions
        self._next: Question | None = None
        self._asked: Question | None = None
        self._refused: Question | None = None
        self._reason = ""
        self._repeated: Question | None = None
        self._timer = QTimer(self, singleShot=True, interval=_DEBOUNCE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def busy(self) -> bool:
        """Whether an answer is to come."""
        return self._next is not None or self._questions.waiting(_TOPIC)

    def settles(self, question: Question, *, answered: bool) -> bool:
        """Tell whether this needs no asking: it was asked last, and is answered or will be."""
        if self._next is not None:
            return question == self._next
        settled = answered or self._questions.waiting(_TOPIC) or question == self._refused
        return settled and question == self._asked

    def problem(self, question: Question | None) -> str:
        """Return in a sentence why this has no answer; empty unless just this was refused."""
        refused = question is not None and question == self._refused
        return self._reason if refused else ""

    def ask_soon(self, question: Question) -> None:
        """Ask when nothing else was wanted for a while."""
        if question != self._next:
            self._next = question
            self._timer.start()

    def ask(self, question: Question) -> None:
        """Ask now."""
        self._timer.stop()
        self._next, self._asked, self._refused = None, question, None
        state = question.state
        self._questions.ask(
            AttributeSpectrum(
                state.spectrum,
                question.method,
                question.target,
                question.options,
                state.companions,
                muted=state.muted,
                input_edits=state.edits,
            ),
            _TOPIC,
            self._on_questions_answered,
            self._on_questions_failed,
        )

    def hold(self) -> None:
        """Ask nothing by itself; what was asked is waited for."""
        self._timer.stop()
        self._next = None

    def forget(self) -> None:
        """Ask nothing, and wait for nothing."""
        self.hold()
        self._questions.drop(_TOPIC)

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._next is not None:
            self.ask(self._next)

    def _on_questions_answered(self, attribution: Attribution) -> None:
        self.answered.emit(self._asked, attribution)

    def _on_questions_failed(self, error: Exception) -> None:
        question = self._asked
        if question is None:
            return
        # A question that the engine's end took along is asked once more of the new one.
        if isinstance(error, EngineError) and question != self._repeated:
            self._repeated = question
            self.ask(question)
            return
        self._refused, self._reason = question, getattr(error, "message", str(error))
        self.failed.emit(question)
