"""Models that take too long or too much, and openings that nobody waits for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from spectracnn.engine import conversation
from spectracnn.engine.client import EngineClient
from spectracnn.engine.messages import (
    Cancelled,
    EngineState,
    Failed,
    OpenModel,
    StateChanged,
    Succeeded,
    TraceSpectrum,
)
from spectracnn.engine.process import UNDO
from spectracnn.errors import EngineError, ModelError
from spectracnn.jobs.errors import ChildEndedError
from spectracnn.jobs.serving import Kind, Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 20.0


class FakeChild:
    """A process played by the test: answers come when it says so."""

    made: list[FakeChild] = []  # noqa: RUF012

    def __init__(self) -> None:
        from multiprocessing import Pipe

        self.pipe, self.theirs = Pipe()
        self._end, self.sentinel_end = Pipe()
        self.sentinel = self._end
        self.asked: list[tuple[Any, Any]] = []
        self.ended = False
        self.pid = 1
        FakeChild.made.append(self)

    def send(self, number: Any, request: Any) -> None:
        self.asked.append((number, request))

    def answer(self, number: Any, ok: bool = True, result: Any = "done") -> None:
        self.theirs.send(Message(number, Kind.DONE if ok else Kind.FAILED, result))

    def get_ready(self) -> None:
        self.theirs.send(Message("ready", Kind.READY))

    @property
    def waitables(self) -> list[Any]:
        return [self.pipe, self.sentinel]

    def receive(self) -> Message:
        if not self.pipe.poll():
            raise ChildEndedError("signal SIGKILL")
        return self.pipe.recv()

    def die(self) -> None:
        self.sentinel_end.send_bytes(b"!")

    def end(self, *, stuck: bool = False) -> str:
        self.ended = True
        return "signal SIGKILL"


class Play:
    """A client with fake processes, and its events."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.changed = threading.Condition()
        self.client = EngineClient(self._on_event, grace=0.05)

    def _on_event(self, event: Any) -> None:
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def until(self, true: Callable[[], bool]) -> None:
        with self.changed:
            for _ in range(int(PATIENCE / 0.01)):
                if true():
                    return
                self.changed.wait(0.01)
        raise AssertionError(self.events)

    def ends_of(self, request_id: int) -> list[Any]:
        ends = [e for e in self.events if isinstance(e, Succeeded | Failed | Cancelled)]
        return [event for event in ends if event.request_id == request_id]

    def ended(self, request_id: int) -> Any:
        self.until(lambda: bool(self.ends_of(request_id)))
        (event,) = self.ends_of(request_id)
        return event

    @property
    def child(self) -> FakeChild:
        return FakeChild.made[-1]

    def asked(self, number: Any) -> None:
        self.until(lambda: number in [asked for asked, _ in self.child.asked])


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    monkeypatch.setattr(conversation, "start_engine", FakeChild)
    FakeChild.made = []
    playing = Play()
    playing.client.start()
    playing.until(lambda: bool(FakeChild.made))
    playing.child.get_ready()
    yield playing
    playing.client.close()


def opened(play: Play, path: str = "a.keras") -> None:
    number = play.client.submit(OpenModel(path))
    play.asked(number)
    play.child.answer(number)
    assert isinstance(play.ended(number), Succeeded)


def test_opening_that_takes_too_long_is_stopped(play: Play) -> None:
    opened(play)
    slow = play.client.submit(OpenModel("slow.keras", time_limit=0.05))
    failed = play.ended(slow)
    assert isinstance(failed.error, ModelError)
    assert failed.error.message == "slow.keras: opening took longer than 0.05 s; it was stopped."
    assert "Raise the time limit" in failed.error.hint
    play.until(lambda: len(FakeChild.made) == 2)
    assert FakeChild.made[0].ended
    play.child.get_ready()
    play.asked(0)
    assert play.child.asked[0][1].path == "a.keras"  # the model before is open again


def test_opening_that_was_replaced_is_undone(play: Play) -> None:
    opened(play)
    play.client._conversation.grace = PATIENCE
    first = play.client.submit(OpenModel("b.keras"), "model")
    play.asked(first)
    second = play.client.submit(OpenModel("c.keras"), "model")
    assert isinstance(play.ended(first), Cancelled)
    play.child.answer(first)
    play.asked(second)
    assert [number for number, _ in play.child.asked][-2:] == [UNDO, second]
    play.child.answer(second, ok=False, result=ModelError("no"))
    assert isinstance(play.ended(second), Failed)


def test_crash_while_opening_names_the_file(play: Play) -> None:
    number = play.client.submit(OpenModel("folder/bad.keras"))
    play.asked(number)
    play.child.die()
    error = play.ended(number).error
    assert isinstance(error, ModelError)
    assert error.message.startswith("bad.keras: the engine stopped unexpectedly (signal SIGKILL)")


def test_crashes_in_a_row_stop_the_engine_until_a_model_is_opened(play: Play) -> None:
    for turn in range(3):
        number = play.client.submit(TraceSpectrum(None))  # type: ignore[arg-type]
        play.asked(number)
        play.child.die()
        assert isinstance(play.ended(number).error, EngineError)
        if turn < 2:
            play.until(lambda count=turn + 2: len(FakeChild.made) == count)
            play.child.get_ready()
    states = [event.state for event in play.events if isinstance(event, StateChanged)]
    play.until(lambda: play.events[-1].state is EngineState.STOPPED)
    assert states.count(EngineState.RESTARTING) == 2
    late = play.client.submit(TraceSpectrum(None))  # type: ignore[arg-type]
    assert "Open a model" in play.ended(late).error.hint
    again = play.client.submit(OpenModel("a.keras"))
    play.until(lambda: len(FakeChild.made) == 4)
    play.child.get_ready()
    play.asked(again)
    play.child.answer(again)
    assert isinstance(play.ended(again), Succeeded)


def test_cancelled_computations_do_not_count_as_crashes(play: Play) -> None:
    opened(play)
    for turn in range(4):
        number = play.client.submit(TraceSpectrum(None))  # type: ignore[arg-type]
        play.asked(number)
        play.client.cancel(number)
        assert isinstance(play.ended(number), Cancelled)
        play.until(lambda count=turn + 2: len(FakeChild.made) == count)
        play.child.get_ready()
        play.asked(0)
        play.child.answer(0)
    opened(play)


def test_listener_that_fails_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "start_engine", FakeChild)
    FakeChild.made = []

    def listener(event: Any) -> None:
        raise RuntimeError("half gone")

    client = EngineClient(listener)
    client.start()
    client.submit(OpenModel("a.keras"))
    client.close()
    assert FakeChild.made[0].ended


# --- what must never end the client's thread ---------------------------------------------------


def states(play: Play) -> list[StateChanged]:
    return [event for event in play.events if isinstance(event, StateChanged)]


@pytest.mark.parametrize("error", [RuntimeError("can't start new thread"), OSError(12, "no room")])
def test_a_process_that_cannot_be_started_is_told(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(conversation, "start_engine", fail)
    play = Play()
    play.client.start()
    play.until(lambda: bool(states(play)) and states(play)[-1].state is EngineState.STOPPED)
    told = states(play)[-1].sentence
    assert told.startswith("The engine cannot be started (")
    assert "no room" in told or "new thread" in told
    failed = play.ended(play.client.submit(TraceSpectrum(None)))  # type: ignore[arg-type]
    assert isinstance(failed, Failed)
    # Another model is another chance.
    FakeChild.made = []
    monkeypatch.setattr(conversation, "start_engine", FakeChild)
    again = play.client.submit(OpenModel("a.keras"))
    play.until(lambda: bool(FakeChild.made))
    play.child.get_ready()
    play.asked(again)
    play.child.answer(again)
    assert isinstance(play.ended(again), Succeeded)
    play.client.close()


def test_a_process_that_cannot_be_ended_is_replaced(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: FakeChild, *, stuck: bool = False) -> str:
        raise ValueError("cannot close a process while it is still running")

    monkeypatch.setattr(FakeChild, "end", fail)
    opened(play)
    number = play.client.submit(TraceSpectrum(None))  # type: ignore[arg-type]
    play.asked(number)
    play.child.die()
    failed = play.ended(number)
    assert "cannot close a process" in failed.error.message
    play.until(lambda: len(FakeChild.made) == 2)
    play.child.get_ready()
    play.asked(0)


def test_a_mistake_of_the_client_fails_what_waits_and_the_thread_goes_on(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(play)
    number = play.client.submit(TraceSpectrum(None))  # type: ignore[arg-type]
    play.asked(number)
    waiting = play.client.submit(TraceSpectrum(None))  # type: ignore[arg-type]
    monkeypatch.setattr(
        play.client._conversation,
        "_finish",
        lambda *_: [][1],  # a mistake in our own code
    )
    play.child.answer(number)
    assert "its client failed" in play.ended(number).error.message
    assert isinstance(play.ended(waiting), Failed)  # for the same reason, or as it came after
    assert states(play)[-1].state is EngineState.STOPPED
    assert FakeChild.made[0].ended
    monkeypatch.undo()
    monkeypatch.setattr(conversation, "start_engine", FakeChild)
    again = play.client.submit(OpenModel("a.keras"))
    play.until(lambda: len(FakeChild.made) == 2)
    play.child.get_ready()
    play.asked(again)
    play.child.answer(again)
    assert isinstance(play.ended(again), Succeeded)


def test_a_thread_that_fails_again_and_again_ends_and_says_so(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play.client._conversation, "_wait", lambda: [][1])
    number = play.client.submit(TraceSpectrum(None))  # type: ignore[arg-type]
    play.until(lambda: not play.client._thread.is_alive())
    assert isinstance(play.ended(number), Failed | Cancelled)
    assert states(play)[-1].state is EngineState.STOPPED
