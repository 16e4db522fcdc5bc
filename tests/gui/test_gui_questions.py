"""Each answer reaches the one who asked, and only the latest question of a topic is answered."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from spectracnn.engine.messages import Cancelled, Failed, Progressed, Succeeded, WeightsOf
from spectracnn.errors import ModelError
from spectracnn.gui.workspace.questions import Questions


class Engine(QObject):
    eventReceived = Signal(object)

    def __init__(self):
        super().__init__()
        self.asked, self.cancelled = [], []

    def submit(self, request, topic=None):
        self.asked.append((request, topic))
        return len(self.asked)

    def cancel(self, number):
        self.cancelled.append(number)


def test_an_answer_reaches_whoever_asked(qapp):
    engine, got = Engine(), []
    questions = Questions(engine)
    questions.ask(WeightsOf(0), "a", lambda result: got.append(("a", result)))
    questions.ask(WeightsOf(1), "b", lambda result: got.append(("b", result)))
    engine.eventReceived.emit(Succeeded(2, "two"))
    engine.eventReceived.emit(Succeeded(7, "for somebody else"))
    engine.eventReceived.emit(Succeeded(1, "one"))
    engine.eventReceived.emit(Succeeded(1, "again"))
    assert got == [("b", "two"), ("a", "one")]
    assert not questions.waiting("a")


def test_the_latest_question_of_a_topic_wins(qapp):
    engine, got = Engine(), []
    questions = Questions(engine)
    questions.ask(WeightsOf(0), "a", got.append)
    questions.ask(WeightsOf(1), "a", got.append)
    assert engine.cancelled == [1]
    engine.eventReceived.emit(Succeeded(1, "stale"))
    assert questions.waiting("a")
    engine.eventReceived.emit(Succeeded(2, "fresh"))
    assert got == ["fresh"]


def test_errors_cancellation_and_progress_are_told(qapp):
    engine, errors, progress = Engine(), [], []
    questions = Questions(engine)

    def never(result):
        raise AssertionError(result)

    questions.ask(WeightsOf(0), "a", never, errors.append, lambda *at: progress.append(at))
    engine.eventReceived.emit(Progressed(1, 3, 9))
    engine.eventReceived.emit(Failed(1, ModelError("No model is open.")))
    questions.ask(WeightsOf(0), "a", never, errors.append)
    engine.eventReceived.emit(Cancelled(2))
    assert progress == [(3, 9)]
    assert [error.message for error in errors] == [
        "No model is open.",
        "The computation was cancelled.",
    ]
