"""What the client's thread does: one request after the other to the process, answers to events."""

from __future__ import annotations

import contextlib
import logging
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from spectracnn.engine.failures import (
    REOPEN,
    as_error,
    crash_error,
    crash_sentence,
    deadline,
    overdue_error,
)
from spectracnn.engine.messages import (
    Batch,
    BatchPredictions,
    Cancelled,
    EngineState,
    Event,
    Failed,
    OpenModel,
    PartialPredictions,
    Progressed,
    StateChanged,
    Succeeded,
    UndoOpening,
)
from spectracnn.engine.process import UNDO, start_engine
from spectracnn.engine.queue import Queue, Ticket
from spectracnn.errors import EngineError
from spectracnn.jobs.serving import UNPICKLABLE, Kind
from spectracnn.jobs.supervisor import Supervisor, reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.engine.messages import BatchAnswer
    from spectracnn.jobs.inbox import Inbox

_MOST_MISTAKES = 3
"""Turns of the loop that may fail in a row; more would be an endless one."""


class Conversation:
    """The client's side of the pipe. All but ``pid`` belongs to the thread that runs it.

    Parameters
    ----------
    listener : callable
        Called with each `Event`.
    inbox : Inbox
        What other threads ask.
    grace : float
        Seconds that a cancelled computation may go on before its process is ended.
    """

    def __init__(self, listener: Callable[[Event], None], inbox: Inbox, grace: float) -> None:
        self.grace = grace
        self._listener = listener
        self._inbox = inbox
        self._queue = Queue()
        self._process = Supervisor(lambda: start_engine(), "The engine")
        self._running: Ticket | None = None
        self._dropped: Ticket | None = None
        self._deadline: float | None = None
        self._closing = False
        self._model: OpenModel | None = None
        self._reopening = False

    @property
    def pid(self) -> int | None:
        """The engine process's id, None while there is none; for any thread."""
        return self._process.pid

    def run(self) -> None:
        """Converse until the inbox says that it is enough."""
        self._start_process(EngineState.STARTING, "Engine starting \u2026")
        mistakes = 0
        while not self._closing:
            try:
                self._step()
                mistakes = 0
            except Exception as error:  # a thread that ended would leave requests without an end
                logging.getLogger(__name__).exception("The engine's client failed")
                mistakes += 1
                self._closing = self._closing or mistakes >= _MOST_MISTAKES
                self._process.end()
                self._stop(f"The engine stopped, because its client failed ({reason(error)}).")
        self._end_all()

    def _emit(self, event: Event) -> None:
        try:
            self._listener(event)
        except Exception:  # a listener half gone, as at exit, must not leave a process behind
            logging.getLogger(__name__).exception("The listener failed at %s", event)

    def _step(self) -> None:
        self._wait()
        self._read_inbox()
        self._send_next()

    def _wait(self) -> None:
        timeout = None
        if self._deadline is not None:
            timeout = max(0.0, self._deadline - time.monotonic())
        ready = wait([self._inbox.waker, *self._process.waitables], timeout)
        if self._process.stirs(ready):
            self._read_process()
        elif self._deadline is not None and time.monotonic() >= self._deadline:
            self._end_overdue()

    def _read_inbox(self) -> None:
        for kind, value in self._inbox.drain():
            if kind == "submit":
                self._accept(value)
            elif kind == "cancel":
                self._drop(value)
            else:
                self._closing = True

    def _accept(self, ticket: Ticket) -> None:
        if not self._process and isinstance(ticket.request, OpenModel):
            self._process.crashes = 0  # another model is another chance
            self._model = None
            self._start_process(EngineState.RESTARTING, "Engine starting \u2026")
        if not self._process:
            error = EngineError("The engine has stopped.", REOPEN)
            self._emit(Failed(ticket.id, error))
            return
        running = self._running
        if running is not None and ticket.topic is not None and running.topic == ticket.topic:
            self._drop(running.id)
        for replaced in self._queue.put(ticket):
            self._emit(Cancelled(replaced.id))

    def _drop(self, request_id: int) -> None:
        if self._queue.drop(request_id) is not None:
            self._emit(Cancelled(request_id))
        elif self._running is not None and self._running.id == request_id:
            # The process finishes in its own time; what it answers is for nobody.
            self._dropped, self._running = self._running, None
            self._deadline = time.monotonic() + self.grace
            self._emit(Cancelled(request_id))

    def _send_next(self) -> None:
        if not self._process.ready or self._closing:
            return
        if self._running is not None or self._dropped is not None or self._reopening:
            return
        ticket = self._queue.pop()
        if ticket is None:
            return
        self._running = ticket
        self._deadline = deadline(ticket.request)
        try:
            self._process.send(ticket.id, ticket.next_piece())
        except (OSError, ValueError):
            return  # the sentinel tells what happened
        except UNPICKLABLE as error:
            self._running = self._deadline = None
            self._emit(Failed(ticket.id, EngineError(f"The request cannot be sent: {error}")))
            return
        if not ticket.done:
            self._emit(StateChanged(EngineState.BUSY, "Engine working \u2026"))

    def _read_process(self) -> None:
        message = self._process.receive()
        if message is None:
            self._restart()
            return
        number, kind, result = message
        if kind is Kind.READY:
            self._process.ready = True
            self._reopen()
            return
        if number == UNDO:
            return
        succeeded = kind is Kind.DONE
        self._deadline = None
        if self._reopening:
            self._reopening = False
            self._process.crashes = 0
            self._idle()
        elif self._running is not None and number == self._running.id:
            self._finish(self._running, succeeded, result)
        else:
            self._forget(succeeded)

    def _forget(self, succeeded: bool) -> None:
        """Drop the late answer to a cancelled request; its model must not stay open."""
        dropped, self._dropped = self._dropped, None
        if succeeded and dropped is not None and isinstance(dropped.request, OpenModel):
            self._process.notify(UNDO, UndoOpening())
        self._idle()

    def _finish(self, ticket: Ticket, succeeded: bool, result: Any) -> None:
        self._running = None
        self._process.crashes = 0
        if not succeeded:
            self._emit(Failed(ticket.id, as_error(result)))
        elif isinstance(ticket.request, Batch):
            self._finish_piece(ticket, result)
        else:
            if isinstance(ticket.request, OpenModel):
                self._model = ticket.request
                # Half a batch by one model and half by another would be an answer to nobody.
                for begun in self._queue.pop_started():
                    self._emit(Cancelled(begun.id))
            self._emit(Succeeded(ticket.id, result))
        self._idle()

    def _finish_piece(self, ticket: Ticket, part: BatchAnswer) -> None:
        if isinstance(part, BatchPredictions):
            self._emit(PartialPredictions(ticket.id, ticket.done, part))
        ticket.keep(part)
        ticket.done += len(part.errors)
        if ticket.done >= ticket.total:
            self._emit(Succeeded(ticket.id, ticket.whole()))
        else:
            self._emit(Progressed(ticket.id, ticket.done, ticket.total))
            self._queue.put_back(ticket)

    def _idle(self) -> None:
        if not len(self._queue):
            self._emit(StateChanged(EngineState.READY, "Engine ready"))

    # --- the process -------------------------------------------------------------------------

    def _start_process(self, state: EngineState, sentence: str) -> None:
        self._reopening = False
        self._dropped = self._deadline = None
        self._emit(StateChanged(state, sentence))
        failure = self._process.start()
        if failure:
            self._stop(failure)

    def _reopen(self) -> None:
        if self._model is None:
            self._idle()
            return
        self._reopening = True
        self._deadline = deadline(self._model)
        self._process.notify(0, self._model)

    def _end_overdue(self) -> None:
        """End a process that goes on with what was cancelled, or takes too long to open a model."""
        running, self._running = self._running, None
        self._process.end(stuck=True)
        if running is not None and isinstance(running.request, OpenModel):
            self._emit(Failed(running.id, overdue_error(running.request)))
        elif self._reopening:
            self._model = None
        self._start_process(
            EngineState.RESTARTING, "A computation did not stop; the engine was restarted."
        )

    def _restart(self) -> None:
        """Start again after the process ended by itself."""
        how = self._process.end()
        running, self._running = self._running, None
        self._process.crashes += 1
        if running is not None:
            self._emit(Failed(running.id, crash_error(running.request, how)))
        if self._process.worn_out:
            self._stop(f"The engine stopped {self._process.crashes} times in a row ({how}).")
        elif not self._closing:
            self._start_process(EngineState.RESTARTING, crash_sentence(how))

    def _stop(self, sentence: str) -> None:
        """Fail what waits: there is no process, and none is started before a model is opened."""
        self._emit(StateChanged(EngineState.STOPPED, sentence))
        for ticket in self._pop_all():
            self._emit(Failed(ticket.id, EngineError(sentence, REOPEN)))

    def _pop_all(self) -> list[Ticket]:
        running = [self._running] if self._running is not None else []
        self._running = self._dropped = self._deadline = None
        return [*running, *self._queue.clear()]

    def _end_all(self) -> None:
        with contextlib.suppress(OSError, EOFError):
            for kind, value in self._inbox.drain():
                if kind == "submit":
                    self._queue.put(value)
        for ticket in self._pop_all():
            self._emit(Cancelled(ticket.id))
        self._process.end()
        self._inbox.close()
        self._emit(StateChanged(EngineState.STOPPED, "Engine stopped"))
