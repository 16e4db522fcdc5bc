"""One child process as its parent sees it: start, send, receive, notice its end, end it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from spectracnn.errors import OperationCancelled
from spectracnn.jobs.errors import ChildEndedError, ChildOverdueError
from spectracnn.jobs.limits import Limits
from spectracnn.jobs.serving import CANCEL, Kind, Message, Number, Work, serve
from spectracnn.jobs.spawning import start, starts_behind

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from spectracnn.core.progress import Progress

_PATIENCE = 2.0
_POLL_SECONDS = 0.02
_START_SECONDS = 300.0
"""Time to get ready: to import what the work needs, on a busy machine with cold caches."""


class Child:
    """One spawned process and its pipe. For one thread at a time.

    Parameters
    ----------
    target : callable
        A function of a module (no lambda, nothing of ``__main__``), called in the child as
        ``target(*args)``. It returns the work: a callable ``(request, reporter) -> result``.
        What is slow to import belongs into it, so that it is ready before the first request.
    args : tuple
        For the target; pickled.
    limits : Limits
        What the child may take.
    name : str
        Shown by debuggers, and in warnings.

    Attributes
    ----------
    pid : int
        The process's id.
    ready : bool
        Whether a message was received that says that the work is made.
    """

    def __init__(
        self,
        target: Callable[..., Work],
        *args: Any,
        limits: Limits | None = None,
        name: str = "SpectraCNN job",
    ) -> None:
        self.limits = limits or Limits()
        context = multiprocessing.get_context("spawn")
        self.pipe: Connection
        self.pipe, theirs = context.Pipe()
        self.ready = False
        self._number = 0
        self._ended: str | None = None
        self._process: SpawnProcess = context.Process(
            target=serve,
            args=(theirs, os.getpid(), target, args, self.limits.memory, starts_behind()),
            name=name,
            daemon=True,
        )
        try:
            start(self._process)
        except BaseException:
            self.pipe.close()
            raise
        finally:
            # Our copy of the child's end must go, or its death would not close the pipe.
            theirs.close()
        self.pid = self._process.pid

    @property
    def ended(self) -> bool:
        """Whether the process was seen to end, or was ended."""
        return self._ended is not None

    @property
    def sentinel(self) -> int:
        """Becomes ready when the process ends."""
        return self._process.sentinel

    @property
    def waitables(self) -> list[Any]:
        """What becomes ready when the process sends something, or ends."""
        return [self.pipe, self.sentinel]

    def send(self, number: Number, request: Any) -> None:
        """Send a request without waiting; raises what the pipe and pickling raise."""
        self.pipe.send((number, request))

    def cancel(self, number: Number) -> None:
        """Ask the work to stop at its next report."""
        with contextlib.suppress(OSError, ValueError):
            self.pipe.send((CANCEL, number))

    def receive(self) -> Message | None:
        """Return the next message, None if there is none yet.

        Raises
        ------
        ChildEndedError
            If the process has ended, or sends what cannot be read.
        """
        try:
            if self.pipe.poll():
                message = Message(*self.pipe.recv())
                self.ready = self.ready or message.kind is Kind.READY
                return message
            if not wait([self.sentinel], 0):
                return None
        except (EOFError, OSError, MemoryError):
            pass
        except Exception as error:  # unpickling a damaged message raises anything
            self.end(stuck=True)
            raise ChildEndedError(f"its message cannot be read: {error}") from error
        raise ChildEndedError(self.end())

    def request(
        self,
        request: Any,
        progress: Progress | None = None,
        on_report: Callable[[Any], None] | None = None,
    ) -> Any:
        """Send a request and wait for its result.

        Parameters
        ----------
        request : object
            For the work; pickled.
        progress : Progress, optional
            Cancels: the work first, after ``limits.grace`` the process.
        on_report : callable, optional
            Receives each live report, here in this thread.

        Raises
        ------
        ChildEndedError, ChildOverdueError
            If the process ended, or was ended for its time limit.
        OperationCancelled
            If ``progress`` was cancelled.
        SpectraCNNError
            What the work raised; `ChildOutOfMemoryError` or `UnexpectedError` for other errors.
        """
        self._number += 1
        number = self._number
        try:
            self.send(number, request)
        except (OSError, EOFError) as error:
            raise ChildEndedError(self.end()) from error
        due, give_up = self._due(), None
        while True:
            now = time.monotonic()
            if give_up is None and progress is not None and progress.cancelled:
                self.cancel(number)
                give_up = now + self.limits.grace
            if give_up is not None and now >= give_up:
                self.end(stuck=True)
                raise OperationCancelled
            if due is not None and now >= due:
                self.end(stuck=True)
                raise ChildOverdueError((self.ready and self.limits.seconds) or _START_SECONDS)
            wait(self.waitables, _POLL_SECONDS if progress is not None or due else None)
            message = self.receive()
            if message is not None and message.kind is Kind.READY:
                due = self._due()  # the time that it took to get ready is not the request's
            if message is None or message.number != number:
                continue
            if message.kind is Kind.REPORT:
                if on_report is not None and give_up is None:
                    on_report(message.value)
            elif give_up is not None:
                raise OperationCancelled
            elif message.kind is Kind.FAILED:
                raise message.value
            else:
                return message.value

    def _due(self) -> float | None:
        """Return when a request that begins now has taken too long."""
        if not self.ready:
            return time.monotonic() + _START_SECONDS
        return None if self.limits.seconds is None else time.monotonic() + self.limits.seconds

    def end(self, *, stuck: bool = False) -> str:
        """End the process if it has not ended; return how it ended, in words. Safe to call twice.

        Parameters
        ----------
        stuck : bool
            Do not ask first.
        """
        if self._ended is not None:
            return self._ended
        self.pipe.close()
        if not stuck:
            self._process.join(_PATIENCE / 10)
            if self._process.is_alive():
                self._process.terminate()
                self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_PATIENCE)
        if self._process.is_alive():  # not even a signal ends what hangs in the system's kernel
            self._ended = "it cannot be ended"
            return self._ended
        self._ended = in_words(self._process.exitcode or 0)
        self._process.close()
        return self._ended


def in_words(code: int) -> str:
    """Return an exit code of `multiprocessing` in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:  # real-time signals have no names
        return f"signal {-code}"
