"""Brings the engine client's events from its thread into the GUI thread, to the broker."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from spectracnn.engine.broker import Broker
from spectracnn.engine.client import EngineClient

if TYPE_CHECKING:
    from spectracnn.engine.messages import Event


SECONDS_A_TURN = 0.008
"""Of the processor, for events that came together."""


class EngineBridge(QObject):
    """Owns the engine client and the broker; lives in the GUI thread.

    Events that came together are delivered in order, as many in a turn of the event loop as it has
    time for: a model that was opened, its trace and the classes of hundreds of spectra in one turn
    would hold up the window.

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
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = EngineClient(self._arrived.emit)
        self.broker = Broker(self._client)
        self._events: deque[Event] = deque()
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._deliver)
        self._arrived.connect(self._on_arrived)
        self.eventReceived.connect(self._on_eventReceived)

    def start(self) -> None:
        """Begin starting the process; returns at once."""
        self._client.start()

    def close(self) -> None:
        """End the thread and the process."""
        self._client.close()

    @Slot(object)
    def _on_arrived(self, event: Event) -> None:
        self._events.append(event)
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _deliver(self) -> None:
        end = time.thread_time() + SECONDS_A_TURN
        while self._events:
            self.eventReceived.emit(self._events.popleft())
            if time.thread_time() > end and self._events:
                self._timer.start()
                return

    @Slot(object)
    def _on_eventReceived(self, event: Event) -> None:
        self.broker.receive(event)
