"""Keeps one engine process: starts it, talks to it, ends it, and never raises while doing so."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING, Any

from spectracnn.engine.child import Child

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CRASHES = 3


class Supervisor:
    """The engine process of a client, if there is one. All belongs to the client's thread.

    Attributes
    ----------
    ready : bool
        Whether the process has said that Keras is there.
    crashes : int
        How often it ended by itself since it last answered.
    """

    def __init__(self) -> None:
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
            error here would end the client's thread, and nobody would be told.
        """
        self.ready = False
        try:
            self._child = Child()
        except Exception as error:
            logging.getLogger(__name__).exception("The engine cannot be started")
            self._child = None
            return f"The engine cannot be started ({reason(error)})."
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
        except Exception as error:
            logging.getLogger(__name__).exception("The engine cannot be ended")
            return reason(error)

    @property
    def waitables(self) -> list[Any]:
        """What becomes ready when the process says something, or ends."""
        return [] if self._child is None else [self._child.pipe, self._child.sentinel]

    def stirs(self, ready: Sequence[Any]) -> bool:
        """Tell whether one of the things that became ready is the process's."""
        return any(item in ready for item in self.waitables)

    def send(self, number: int | str, value: Any) -> None:
        """Ask; raises what the pipe raises."""
        if self._child is not None:
            self._child.send(number, value)

    def notify(self, number: int | str, value: Any) -> None:
        """Tell; if the process is gone, :meth:`receive` says so."""
        with contextlib.suppress(OSError):
            self.send(number, value)

    def receive(self) -> tuple[Any, bool, Any] | None:
        """Return what the process says, ``(number, ok, result)``; None if it has ended."""
        try:
            if self._child is None or not self._child.pipe.poll():
                return None
            number, succeeded, result = self._child.pipe.recv()
        except Exception:  # noqa: BLE001  (end of the pipe, or an answer that cannot be read)
            return None
        return number, succeeded, result


def reason(error: Exception) -> str:
    """Return an error in a few words."""
    told = getattr(error, "strerror", None) or " ".join(str(error).split())
    return str(told or type(error).__name__)[:200]
