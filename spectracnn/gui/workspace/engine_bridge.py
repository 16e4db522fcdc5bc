"""Brings the engine client's events from its thread into the GUI thread, to the broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from spectracnn.engine.broker import Broker
from spectracnn.engine.client import EngineClient

if TYPE_CHECKING:
    from spectracnn.engine.messages import Event


class EngineBridge(QObject):
    """Owns the engine client and the broker; lives in the GUI thread.

    Attributes
    ----------
    broker : Broker
        Through which everything is asked; used in the GUI thread only.

    Signals
    -------
    eventReceived : Event
        Delivered in the GUI thread to bound methods of QObjects that live there.
    """

    eventReceived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = EngineClient(self.eventReceived.emit)
        self.broker = Broker(self._client)
        self.eventReceived.connect(self._on_eventReceived)

    def start(self) -> None:
        """Begin starting the process; returns at once."""
        self._client.start()

    def close(self) -> None:
        """End the thread and the process."""
        self._client.close()

    @Slot(object)
    def _on_eventReceived(self, event: Event) -> None:
        self.broker.receive(event)
