"""Runs a page's computations in a child process, one at a time, with progress and cancel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from spectracnn.core.bulk import return_memory
from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.jobs.attempt import attempt
from spectracnn.jobs.worker import Worker
from spectracnn.view.cohort.work import cohort_work

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.jobs.serving import Steps
    from spectracnn.view.cohort.work import CohortRequest


class _Run(QRunnable):
    def __init__(self, owner: Runner, number: int, make: Callable[[], CohortRequest]) -> None:
        super().__init__()
        self._owner, self._number, self._make = owner, number, make
        self.progress = Progress()

    def run(self) -> None:
        result: Any
        try:
            result = attempt(self._compute, "A computation over the cohort")
        except OperationCancelled:
            result = None
        self._owner.ended.emit(self._number, result)
        return_memory()

    def _compute(self) -> Any:
        self.progress.update(0)
        return self._owner.worker.request(self._make(), self.progress, self._report)

    def _report(self, steps: Steps) -> None:
        self._owner.reported.emit(self._number, steps.done, steps.total)


class Runner(QObject):
    """The newest computation counts; an older one is cancelled, and its result dropped.

    Parameters
    ----------
    worker : Worker
        The child that computes; pages may share one.
    receive, fail, progress : callable
        Called in the window's thread with the result, with an error, with done and total.

    Signals
    -------
    reported : (int, int, int)
        Within: number of the computation, done and total.
    ended : (int, object)
        Within: number and result, an error, or None where it was cancelled.
    """

    reported = Signal(int, int, int)
    ended = Signal(int, object)

    def __init__(
        self,
        worker: Worker,
        receive: Callable[[Any], None],
        fail: Callable[[SpectraCNNError], None],
        progress: Callable[[int, int], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.worker = worker
        self._receive, self._fail, self._progress = receive, fail, progress
        self._number = 0
        self._running: _Run | None = None
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self.reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)
        self.ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> bool:
        """Whether somebody waits for a result."""
        return self._running is not None

    def run(self, make: Callable[[], CohortRequest]) -> None:
        """Make a request in a thread, for that may take long, and compute it in the child."""
        self.cancel()
        self._running = _Run(self, self._number, make)
        self._pool.start(self._running)

    def cancel(self) -> None:
        """Drop what runs; nothing more is heard of it."""
        self._number += 1
        self._pool.clear()
        if self._running is not None:
            self._running.progress.cancel()
            self._running = None

    def close(self) -> None:
        """Cancel, and wait until the thread has ended."""
        self.cancel()
        self.worker.end()
        self._pool.waitForDone(10_000)

    @Slot(int, int, int)
    def _on_reported(self, number: int, done: int, total: int) -> None:
        if number == self._number:
            self._progress(done, total)

    @Slot(int, object)
    def _on_ended(self, number: int, result: Any) -> None:
        if number != self._number:
            return
        self._running = None
        if isinstance(result, SpectraCNNError):
            self._fail(result)
        elif result is not None:
            self._receive(result)


def make_worker() -> Worker:
    """Return the child process that computes for the cohort's pages; not started yet."""
    return Worker(cohort_work, name="SpectraCNN cohort")
