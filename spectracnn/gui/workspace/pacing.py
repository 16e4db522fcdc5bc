"""When what changed is shown: with the trace that was requested, or once it is computed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Iterator

_TRACE_PATIENCE_MS = 80
_SECONDS_A_TURN = 0.008
"""Of the processor, for pictures of layers."""


class Pacer(QObject):
    """Says when it is time to show what changed.

    Signals
    -------
    due : ()
    """

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        # A trace takes a few milliseconds: waiting for it avoids a flash of empty panels.
        self._patience = QTimer(self, singleShot=True, interval=_TRACE_PATIENCE_MS)
        self._patience.timeout.connect(self.due)
        self._steps: Iterator[None] = iter(())
        self._step_timer = QTimer(self, interval=0)
        self._step_timer.timeout.connect(self._on_step_timer_timeout)

    def wait_for_trace(self) -> None:
        """Be due soon, unless whoever receives the trace shows everything before."""
        if not self._patience.isActive():
            self._patience.start()

    def compute(self, steps: Iterator[None]) -> None:
        """Take these steps, some a turn of the event loop, and be due then."""
        self._patience.stop()
        self._steps = steps
        self._step_timer.start()

    def stop(self) -> None:
        """Be due no more: all is shown."""
        self._patience.stop()
        self._step_timer.stop()

    @Slot()
    def _on_step_timer_timeout(self) -> None:
        end = time.thread_time() + _SECONDS_A_TURN
        for _ in self._steps:
            if time.thread_time() > end:
                return
        self.due.emit()
