"""The Qt-free client of the engine process."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from itertools import count
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from spectracnn.engine.child import Child
from spectracnn.engine.failures import REOPEN, as_error, crash_error, crash_sentence, overdue_error
from spectracnn.engine.inbox import Inbox
from spectracnn.engine.messages import (
    Batch,
    Cancelled,
    EngineState,
    Event,
    Failed,
    OpenModel,
    PartialPredictions,
    Predictions,
    Progressed,
    StateChanged,
    Succeeded,
)
from spectracnn.engine.process import READY, UNDO
from spectracnn.engine.queue import Queue, Ticket
from spectracnn.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.engine.messages import BatchAnswer, Request

_MOST_CRASHES = 3


class EngineClient:
    """Starts the engine process, keeps it alive, and talks to it in a thread of its own.

    Every request ends in exactly one of `Succeeded`, `Failed` and `Cancelled`.

    Parameters
    ----------
    listener : callable
        Called with each `Event`, from the client's thread, never with a lock held.
    grace : float
        Seconds that a cancelled computation may go on before its process is ended.
    """

    def __init__(self, listener: Callable[[Event], None], *, grace: float = 5.0) -> None:
        self._listener = listener
        self._grace = grace
        self._ids = count(1)
        self._inbox = Inbox()
        self._thread = threading.Thread(target=self._run, name="engine client", daemon=True)
        # All below belongs to the client's thread.
        self._queue = Queue()
        self._child: Child | None = None
        self._running: Ticket | None = None
        self._dropped: Ticket | None = None
        self._deadline: float | None = None
        self._ready = False
        self._closing = False
        self._crashes = 0
        self._model: OpenModel | None = None
        self._reopening = False

    # --- for any thread ----------------------------------------------------------------------

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def submit(self, request: Request, topic: str | None = None) -> int:
        """Ask.

        Parameters
        ----------
        request : Request
            What to do.
        topic : str, optional
            An earlier live request of the same topic is cancelled: the latest wins.

        Returns
        -------
        int
            The request's id, as in its events.
        """
        request_id = next(self._ids)
        self._inbox.post("submit", Ticket(request_id, request, topic))
        return request_id

    def cancel(self, request_id: int) -> None:
        """Drop a request; it ends as `Cancelled` at once."""
        self._inbox.post("cancel", request_id)

    def close(self, timeout: float = 10.0) -> None:
        """End the thread and the process. Safe to call twice."""
        self._inbox.post("close")
        if self._thread.is_alive():
            self._thread.join(timeout)

    @property
    def pid(self) -> int | None:
        """The engine process's id, None while there is none."""
        child = self._child
        return child.pid if child is not None else None

    # --- the client's thread -----------------------------------------------------------------

    def _tell(self, event: Event) -> None:
        try:
            self._listener(event)
        except Exception:
            # A listener that is half gone, as at exit, must not leave a process behind.
            logging.getLogger(__name__).exception("The listener failed at %s", event)

    def _run(self) -> None:
        self._start_child(EngineState.STARTING, "Engine starting \u2026")
        while not self._closing:
            self._wait()
            self._read_inbox()
            self._send_next()
        self._end_all()

    def _wait(self) -> None:
        objects: list[Any] = [self._inbox.waker]
        if self._child is not None:
            objects += [self._child.pipe, self._child.sentinel]
        timeout = None
        if self._deadline is not None:
            timeout = max(0.0, self._deadline - time.monotonic())
        ready = wait(objects, timeout)
        if self._child is not None and (self._child.pipe in ready or self._child.sentinel in ready):
            self._read_child()
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
        if self._child is None and isinstance(ticket.request, OpenModel):
            self._crashes = 0  # another model is another chance
            self._model = None
            self._start_child(EngineState.RESTARTING, "Engine starting \u2026")
        if self._child is None:
            error = EngineError("The engine has stopped.", REOPEN)
            self._tell(Failed(ticket.id, error))
            return
        running = self._running
        if running is not None and ticket.topic is not None and running.topic == ticket.topic:
            self._drop(running.id)
        for replaced in self._queue.put(ticket):
            self._tell(Cancelled(replaced.id))

    def _drop(self, request_id: int) -> None:
        if self._queue.drop(request_id) is not None:
            self._tell(Cancelled(request_id))
        elif self._running is not None and self._running.id == request_id:
            # The process finishes in its own time; what it answers is for nobody.
            self._dropped, self._running = self._running, None
            self._deadline = time.monotonic() + self._grace
            self._tell(Cancelled(request_id))

    def _send_next(self) -> None:
        if not self._ready or self._child is None or self._closing:
            return
        if self._running is not None or self._dropped is not None or self._reopening:
            return
        ticket = self._queue.take()
        if ticket is None:
            return
        self._running = ticket
        self._deadline = _deadline(ticket.request)
        try:
            self._child.send(ticket.id, ticket.next_piece())
        except (OSError, ValueError):
            return  # the sentinel tells what happened
        except Exception as error:  # noqa: BLE001
            self._running = self._deadline = None
            self._tell(Failed(ticket.id, EngineError(f"The request cannot be sent: {error}")))
            return
        if not ticket.done:
            self._tell(StateChanged(EngineState.BUSY, "Engine working \u2026"))

    def _read_child(self) -> None:
        child = self._child
        if child is None:
            return
        try:
            if not child.pipe.poll():
                raise EOFError
            number, succeeded, result = child.pipe.recv()
        except Exception:  # noqa: BLE001  (end of the pipe, or an answer that cannot be read)
            self._restart()
            return
        if number == READY:
            self._ready = True
            self._reopen()
            return
        self._deadline = None
        if self._reopening:
            self._reopening = False
            self._crashes = 0
            self._idle()
        elif self._running is not None and number == self._running.id:
            self._finish(self._running, succeeded, result)
        else:
            self._forget(succeeded)

    def _forget(self, succeeded: bool) -> None:
        """Drop the late answer to a cancelled request; its model must not stay open."""
        dropped, self._dropped = self._dropped, None
        if succeeded and dropped is not None and isinstance(dropped.request, OpenModel):
            self._notify(UNDO, None)
        self._idle()

    def _finish(self, ticket: Ticket, succeeded: bool, result: Any) -> None:
        self._running = None
        self._crashes = 0
        if not succeeded:
            self._tell(Failed(ticket.id, as_error(result)))
        elif isinstance(ticket.request, Batch):
            self._finish_piece(ticket, result)
        else:
            if isinstance(ticket.request, OpenModel):
                self._model = ticket.request
                # Half a batch by one model and half by another would be an answer to nobody.
                for begun in self._queue.take_begun():
                    self._tell(Cancelled(begun.id))
            self._tell(Succeeded(ticket.id, result))
        self._idle()

    def _finish_piece(self, ticket: Ticket, part: BatchAnswer) -> None:
        if isinstance(part, Predictions):
            self._tell(PartialPredictions(ticket.id, ticket.done, part))
        ticket.parts.append(part)
        ticket.done += len(part.errors)
        if ticket.done >= ticket.total:
            self._tell(Succeeded(ticket.id, ticket.whole()))
        else:
            self._tell(Progressed(ticket.id, ticket.done, ticket.total))
            self._queue.put_back(ticket)

    def _idle(self) -> None:
        if not len(self._queue):
            self._tell(StateChanged(EngineState.READY, "Engine ready"))

    # --- the process -------------------------------------------------------------------------

    def _start_child(self, state: EngineState, sentence: str) -> None:
        self._ready = self._reopening = False
        self._dropped = self._deadline = None
        self._tell(StateChanged(state, sentence))
        try:
            self._child = Child()
        except OSError as error:
            self._child = None
            self._give_up(f"The engine cannot be started ({error.strerror}).")

    def _reopen(self) -> None:
        if self._model is None or self._child is None:
            self._idle()
            return
        self._reopening = True
        self._deadline = _deadline(self._model)
        self._notify(0, self._model)

    def _notify(self, number: int | str, value: Any) -> None:
        if self._child is not None:
            with contextlib.suppress(OSError):  # the sentinel tells what happened
                self._child.send(number, value)

    def _end_overdue(self) -> None:
        """End a process that goes on with what was cancelled, or takes too long to open a model."""
        running, self._running = self._running, None
        child, self._child = self._child, None
        if child is not None:
            child.end(stuck=True)
        if running is not None and isinstance(running.request, OpenModel):
            self._tell(Failed(running.id, overdue_error(running.request)))
        elif self._reopening:
            self._model = None
        self._start_child(
            EngineState.RESTARTING, "A computation did not stop; the engine was restarted."
        )

    def _restart(self) -> None:
        """Start again after the process ended by itself."""
        how = self._child.end() if self._child is not None else ""
        self._child = None
        running, self._running = self._running, None
        self._crashes += 1
        if running is not None:
            self._tell(Failed(running.id, crash_error(running.request, how)))
        if self._crashes >= _MOST_CRASHES:
            self._give_up(f"The engine stopped {self._crashes} times in a row ({how}).")
        elif not self._closing:
            self._start_child(EngineState.RESTARTING, crash_sentence(how))

    def _give_up(self, sentence: str) -> None:
        self._tell(StateChanged(EngineState.STOPPED, sentence))
        for ticket in self._queue.clear():
            self._tell(Failed(ticket.id, EngineError(sentence, REOPEN)))

    def _end_all(self) -> None:
        running = [self._running] if self._running is not None else []
        for ticket in [*running, *self._queue.clear()]:
            self._tell(Cancelled(ticket.id))
        if self._child is not None:
            self._child.end()
            self._child = None
        self._inbox.close()
        self._tell(StateChanged(EngineState.STOPPED, "Engine stopped"))


def _deadline(request: Request) -> float | None:
    limit = request.time_limit if isinstance(request, OpenModel) else None
    return None if limit is None else time.monotonic() + limit
