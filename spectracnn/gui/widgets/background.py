"""Runs pure functions in a thread, so that the window goes on meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable


class _Job(QRunnable):
    def __init__(self, owner: Background, number: int, work: Callable[[], Any]) -> None:
        super().__init__()
        self._owner, self._number, self._work = owner, number, work

    def run(self) -> None:
        # Handed over by a queued signal: the owner lives in the window's thread.
        self._owner.done.emit(self._number, self._work())


class Background(QObject):
    """One computation at a time that anybody waits for; the answer to an older one is dropped.

    Signals
    -------
    done : (int, object)
        Within: number of the computation and its result.
    """

    done = Signal(int, object)

    def __init__(self, answered: Callable[[Any], None], parent: QObject) -> None:
        super().__init__(parent)
        self._answered = answered
        self._number = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.done.connect(self._on_done)

    def run(self, work: Callable[[], Any]) -> None:
        """Compute this; only its answer counts from here on."""
        self._number += 1
        self._pool.clear()
        self._pool.start(_Job(self, self._number, work))

    @Slot(int, object)
    def _on_done(self, number: int, result: Any) -> None:
        if number == self._number:
            self._answered(result)
