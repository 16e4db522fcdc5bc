"""Keeps one child for a thread that converses with it, and never raises while doing so."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

from spectracnn.jobs.errors import ChildEndedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spectracnn.jobs.child import Child
    from spectracnn.jobs.serving import Message, Number

MOST_CRASHES = 3


class Supervisor:
    """The child of a conversation, if there is one. All belongs to the conversation's thread.

    Parameters
    ----------
    make : callable
        Starts a child and returns it.
    what : str
        What the child is called in sentences: ``The engine``.

    Attributes
    ----------
    ready : bool
        Whether the child has said that its work is made.
    crashes : int
        How often it ended by itself since it last did a request.
    """

    def __init__(self, make: Callable[[], Child], what: str) -> None:
        self._make = make
        self._what = what
        self._child: Child | None = None
        self.ready = False
        self.crashes = 0

    def __bool__(self) -> bool:
        return self._child is not None

    @property
    def pid(self) -> int | None:
        """The process's id; for any thread."""
        child = self._child
        return child.pid if child is not None else None

    @property
    def worn_out(self) -> bool:
        """Whether it ended by itself too often to be started once more."""
        return self.crashes >= MOST_CRASHES

    def start(self) -> str:
        """Start a process.

        Returns
        -------
        str
            Empty, or a sentence that says why it could not be started. Whatever the reason: an
            error here would end the conversation's thread, and nobody would hear of it.
        """
        self.ready = False
        try:
            self._child = self._make()
        except Exception as error:  # see above: its thread must go on
            logging.getLogger(__name__).exception("%s cannot be started", self._what)
            self._child = None
            return f"{self._what} cannot be started ({reason(error)})."
        return ""

    def end(self, *, stuck: bool = False) -> str:
        """End the process, if there is one; return how it ended, in words.

        Parameters
        ----------
        stuck : bool
            Do not ask it first.
        """
        child, self._child = self._child, None
        self.ready = False
        if child is None:
            return ""
        try:
            return child.end(stuck=stuck)
        except (OSError, ValueError, AssertionError) as error:
            logging.getLogger(__name__).exception("%s cannot be ended", self._what)
            return reason(error)

    @property
    def waitables(self) -> list[Any]:
        """What becomes ready when the process sends something, or ends."""
        return [] if self._child is None else self._child.waitables

    def stirs(self, ready: Sequence[Any]) -> bool:
        """Return whether one of the things that became ready is the process's."""
        return any(item in ready for item in self.waitables)

    def send(self, number: Number, request: Any) -> None:
        """Send a request; raises what the pipe raises."""
        if self._child is not None:
            self._child.send(number, request)

    def notify(self, number: Number, request: Any) -> None:
        """Send a request; if the process is gone, :meth:`receive` says so."""
        with contextlib.suppress(OSError):
            self.send(number, request)

    def receive(self) -> Message | None:
        """Return what the process sent; None if it has ended."""
        if self._child is None:
            return None
        try:
            return self._child.receive()
        except ChildEndedError:
            return None


def reason(error: Exception) -> str:
    """Return an error in a few words."""
    text = getattr(error, "strerror", None) or " ".join(str(error).split())
    return str(text or type(error).__name__)[:200]
