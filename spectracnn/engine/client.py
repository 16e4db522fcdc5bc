"""The Qt-free client of the engine process."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING

from spectracnn.engine.conversation import Conversation
from spectracnn.engine.queue import Ticket
from spectracnn.jobs.inbox import Inbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.engine.messages import Event, Request


class EngineClient:
    """Starts the engine process, keeps it alive, and talks to it in a thread of its own.

    Every request ends in exactly one of `Succeeded`, `Failed` and `Cancelled`. All methods are for
    any thread.

    Parameters
    ----------
    listener : callable
        Called with each `Event`, from the client's thread, never with a lock held.
    grace : float
        Seconds that a cancelled computation may go on before its process is ended.
    """

    def __init__(self, listener: Callable[[Event], None], *, grace: float = 5.0) -> None:
        self._ids = count(1)
        self._inbox = Inbox()
        self._conversation = Conversation(listener, self._inbox, grace)
        self._thread = threading.Thread(
            target=self._conversation.run, name="engine client", daemon=True
        )

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
        return self._conversation.pid
