"""The child's side: set the process up, then serve one request after the other."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.jobs.errors import ChildOutOfMemoryError, UnexpectedError
from spectracnn.jobs.limits import limit_memory

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_PR_SET_PDEATHSIG = 1
_BELOW_NORMAL = 0x4000
_NICER = 5
"""A third of the weight of a process at the usual priority, in Linux's scheduler."""

CANCEL = "cancel"
"""The first item of a message that asks to stop the request whose number is the second."""

UNPICKLABLE = (
    pickle.PicklingError,
    TypeError,
    AttributeError,
    ValueError,
    NotImplementedError,
    RecursionError,
)
"""What pickling raises about what cannot cross to another process; then nothing was sent."""

Number = int | str


class Kind(StrEnum):
    """What a message of the child means."""

    READY = "ready"
    REPORT = "report"
    DONE = "done"
    FAILED = "failed"


class Message(NamedTuple):
    """What the child sends.

    Parameters
    ----------
    number : int or str
        Of the request; ``"ready"`` for the first message.
    kind : Kind
        What it means.
    value : object
        The result, the report, or a `SpectraCNNError`.
    """

    number: Number
    kind: Kind
    value: Any = None


class Steps(NamedTuple):
    """A report of progress, from `Reporter.progress`."""

    done: int
    total: int
    message: str = ""


class Reporter:
    """What the work uses to report while it runs, and to see that nobody wants it any more."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._later: deque[Any] = deque()
        self._number: Number = 0
        self._cancelled = False

    def __call__(self, value: Any) -> None:
        """Send a live report; raises `OperationCancelled` where the work should stop."""
        self.check()
        self._pipe.send(Message(self._number, Kind.REPORT, value))

    @property
    def cancelled(self) -> bool:
        """Whether the request at hand was cancelled."""
        while self._pipe.poll():
            item = self._pipe.recv()
            if item[0] == CANCEL:
                self._cancelled = self._cancelled or item[1] == self._number
            else:
                self._later.append(item)
        return self._cancelled

    def check(self) -> None:
        """Raise `OperationCancelled` if the request at hand was cancelled."""
        if self.cancelled:
            raise OperationCancelled

    def progress(self) -> Progress:
        """Return a `Progress` whose updates are sent as `Steps`, and which stops when cancelled."""
        return Progress(lambda done, total, message: self(Steps(done, total, message)))

    def next_request(self) -> tuple[Number, Any]:
        """Wait for the next request."""
        while True:
            item = self._later.popleft() if self._later else self._pipe.recv()
            if item[0] != CANCEL:
                self._number, self._cancelled = item[0], False
                return item[0], item[1]


Work = Callable[[Any, Reporter], Any]
"""Does one request and returns its result."""


def serve(
    pipe: Connection,
    parent: int,
    target: Callable[..., Work],
    args: tuple[Any, ...],
    memory: int | None,
    behind: bool,
) -> None:
    """Be the child: make the work, say that it is ready, and do requests until the pipe closes.

    Parameters
    ----------
    pipe : Connection
        Requests come in as ``(number, request)``, results go out as `Message`.
    parent : int
        The parent's process id.
    target : callable
        Called once as ``target(*args)``; what it returns does the requests.
    args : tuple
        For it.
    memory : int or None
        Bytes that it may take beyond what it has then.
    behind : bool
        Whether other processes come first where a core is wanted by both.
    """
    if behind:
        _stand_behind()
    _set_up(parent)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        work = target(*args)
        limit_memory(memory)
        pipe.send(Message("ready", Kind.READY))
        reporter = Reporter(pipe)
        while True:
            number, request = reporter.next_request()
            _send(pipe, number, *_outcome(work, request, reporter))


def _outcome(work: Work, request: Any, reporter: Reporter) -> tuple[Kind, Any]:
    try:
        return Kind.DONE, work(request, reporter)
    except SpectraCNNError as error:
        return Kind.FAILED, error
    except MemoryError:
        return Kind.FAILED, ChildOutOfMemoryError()
    except Exception as error:  # noqa: BLE001  (the child goes on; the parent decides what it means)
        return Kind.FAILED, _unexpected(error)


def _send(pipe: Connection, number: Number, kind: Kind, value: Any) -> None:
    try:
        pipe.send(Message(number, kind, value))
    except (OSError, EOFError):
        raise
    except MemoryError:
        pipe.send(Message(number, Kind.FAILED, ChildOutOfMemoryError()))
    except UNPICKLABLE as error:  # nothing was sent
        pipe.send(Message(number, Kind.FAILED, _unexpected(error)))


def _unexpected(error: Exception) -> UnexpectedError:
    text = " ".join(str(error).split())[:300]
    return UnexpectedError(type(error).__name__, text, traceback.format_exc())


def _stand_behind() -> None:
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICER)


def _set_up(parent: int) -> None:
    # Ctrl+C in a terminal goes to the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # windowed builds have none, and libraries print
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
    with contextlib.suppress(OSError, ValueError):
        # What a library prints here must not stand amid what a command writes there.
        os.dup2(sys.stderr.fileno(), 1)
    # A child of ours may need one of its own, such as a reader of files with a limit.
    multiprocessing.current_process().daemon = False
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)  # the parent ended before the line above took effect
    else:
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
