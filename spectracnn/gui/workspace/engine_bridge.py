"""Brings the engine client's events, which come from its thread, into the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from spectracnn.engine.client import EngineClient

if TYPE_CHECKING:
    from spectracnn.engine.messages import Request


class EngineBridge(QObject):
    """Owns the engine client; lives in the GUI thread.

    Signals
    -------
    eventReceived : Event
        Delivered in the GUI thread to bound methods of QObjects that live there.
    """

    eventReceived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = EngineClient(self.eventReceived.emit)

    def start(self) -> None:
        """Begin starting the process; returns at once."""
        self._client.start()

    def submit(self, request: Request, topic: str | None = None) -> int:
        """Ask; an earlier live request of the same topic is cancelled."""
        return self._client.submit(request, topic=topic)

    def cancel(self, request_id: int) -> None:
        """Drop a request."""
        self._client.cancel(request_id)

    def close(self) -> None:
        """End the thread and the process."""
        self._client.close()
