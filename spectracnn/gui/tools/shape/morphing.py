"""Moves a shape along a sensitivity in the solver's own process; the latest wish waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.geometry.morph import MorphRequest, morpher
from spectracnn.jobs.worker import Worker

if TYPE_CHECKING:
    from spectracnn.core.spectrum import Spectrum


class _Thread(QThread):
    def __init__(self, worker: Worker, request: MorphRequest) -> None:
        super().__init__()
        self.request = request
        self.progress = Progress()
        self.found: Spectrum | None = None
        self.reason = ""
        self._worker = worker

    def run(self) -> None:
        try:
            self.found = self._worker.request(self.request, self.progress)
        except OperationCancelled:
            return
        except SpectraCNNError as error:
            self.reason = f"{error} {error.hint}".strip()


class Morphing(QObject):
    """One process that stays warm while the slider moves.

    Signals
    -------
    found : (MorphRequest, Spectrum)
    failed : str
    """

    found = Signal(object, object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = Worker(morpher, name="SpectraCNN solver")
        self._thread: _Thread | None = None
        self._waiting: MorphRequest | None = None

    def request(self, request: MorphRequest) -> None:
        """Compute this next; what waited is forgotten, what runs is waited for."""
        if self._thread is not None:
            self._waiting = request
            return
        self._thread = _Thread(self._worker, request)
        self._thread.finished.connect(self._on_thread_finished)
        self._thread.start()

    def drop(self) -> None:
        """Forget what waits and what runs."""
        self._waiting = None
        if self._thread is not None:
            self._thread.progress.cancel()

    def close(self) -> None:
        """End thread and process."""
        self.drop()
        if self._thread is not None:
            self._thread.wait()
        self._worker.end()

    @Slot()
    def _on_thread_finished(self) -> None:
        thread, self._thread = self._thread, None
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.request(waiting)
        if thread is None or thread.progress.cancelled:
            return
        if thread.found is not None:
            self.found.emit(thread.request, thread.found)
        elif thread.reason:
            self.failed.emit(thread.reason)
