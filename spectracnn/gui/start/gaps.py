"""How long an event loop did not turn: a timer that should fire every 5 ms tells."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Slot

INTERVAL_MS = 5


class GapRecorder(QObject):
    """Keeps the longest time between two turns of the event loop it lives in.

    Beside the time by the clock stands the processor's time that the GUI thread took in that gap:
    when it is much less, the thread did not work but waited, for the processor or for a lock.
    """

    def __init__(self) -> None:
        super().__init__()
        self._worst = self._worst_cpu = self._busiest = 0.0
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._timer.start()

    def worst(self, name: str) -> dict[str, float]:
        """Return the worst gap in milliseconds since the last call, and begin anew.

        ``NAME_ms`` and ``NAME_cpu_ms`` are of the longest gap by the clock, ``NAME_busiest_ms`` is
        the most of the processor's time that any gap took.
        """
        self._on_timer_timeout()
        worst = {
            f"{name}_ms": self._worst * 1000,
            f"{name}_cpu_ms": self._worst_cpu * 1000,
            f"{name}_busiest_ms": self._busiest * 1000,
        }
        self._worst = self._worst_cpu = self._busiest = 0.0
        return worst

    @Slot()
    def _on_timer_timeout(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self._busiest = max(self._busiest, cpu - self._last_cpu)
        if now - self._last > self._worst:
            self._worst, self._worst_cpu = now - self._last, cpu - self._last_cpu
        self._last, self._last_cpu = now, cpu
