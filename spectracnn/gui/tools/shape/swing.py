"""Lets a mode swing, as a drum's does."""

from __future__ import annotations

from math import cos

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_FRAME_MS = 80
_STEP = 0.25
"""Of the phase, for each frame."""


class Swing(QObject):
    """A factor from -1 to 1 that goes up and down in time; 1 at rest.

    Signals
    -------
    moved : ()
        The factor is another one.
    """

    moved = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._phase = 0.0
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def factor(self) -> float:
        """By which the mode is multiplied now."""
        return cos(self._phase)

    @Slot(bool)
    def set_running(self, on: bool) -> None:
        """Swing from the start, or stand still."""
        self._phase = 0.0
        if on:
            self._timer.start()
        else:
            self._timer.stop()
        self.moved.emit()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._phase += _STEP
        self.moved.emit()
