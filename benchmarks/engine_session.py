"""Asks the engine and waits, as a benchmark does and the window never would."""

from __future__ import annotations

import queue
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from spectracnn.engine.client import EngineClient
from spectracnn.engine.messages import Cancelled, Failed, OpenModel, Succeeded
from spectracnn.resources import default_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spectracnn.engine.messages import Event, Request

PATIENCE = 120.0


class EngineSession:
    """A client whose answers can be waited for."""

    def __init__(self) -> None:
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.client = EngineClient(self._events.put)

    def request(self, request: Request) -> Any:
        """Return the answer to a request.

        Raises
        ------
        SpectraCNNError
            If it failed.
        """
        request_id = self.client.submit(request)
        while True:
            event = self._events.get(timeout=PATIENCE)
            if getattr(event, "request_id", None) != request_id:
                continue
            if isinstance(event, Succeeded):
                return event.result
            if isinstance(event, Failed):
                raise event.error
            if isinstance(event, Cancelled):
                raise AssertionError("nobody cancelled this request")


@contextmanager
def engine() -> Iterator[EngineSession]:
    """Start an engine, open the bundled model, and end it afterwards."""
    session = EngineSession()
    session.client.start()
    try:
        session.request(OpenModel(str(default_model())))
        yield session
    finally:
        session.client.close()
