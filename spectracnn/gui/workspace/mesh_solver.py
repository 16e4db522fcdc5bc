"""Computes the spectra of opened meshes: several at a time, each in a process of its own."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.jobs.pool import cores
from spectracnn.jobs.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spectracnn.geometry.report import MeshReport
    from spectracnn.geometry.solve import Solution


@dataclass(frozen=True, eq=False)
class MeshRow:
    """A mesh on its way to its spectrum.

    Parameters
    ----------
    number : int
        Unique for as long as the program runs.
    path : Path
        The file.
    running : bool
        Whether it is computed now; else it waits.
    share : float
        How much is done, 0 to 1.
    report : MeshReport or None
        The doctor's, once there.
    """

    number: int
    path: Path
    running: bool = False
    share: float = 0.0
    report: MeshReport | None = None


@dataclass(eq=False)
class SolvedMeshes:
    """What came of some meshes."""

    solutions: list[tuple[Path, Solution]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class _Thread(QThread):
    """One request to a worker, waited for."""

    reported = Signal(int, object)

    def __init__(self, number: int, path: Path, worker: Worker) -> None:
        super().__init__()
        self.number, self.path, self.worker = number, path, worker
        self.progress = Progress()
        self.solution: Solution | None = None
        self.reason = ""

    def run(self) -> None:
        # Imported here, while the window shows the row already.
        from spectracnn.geometry.computing import SolveRequest
        from spectracnn.geometry.options import SolveOptions

        request = SolveRequest(self.path, SolveOptions(), fit=True)
        try:
            self.solution = self.worker.request(request, self.progress, self._on_report)
        except OperationCancelled:
            return
        except SpectraCNNError as error:
            self.reason = f"{error.message} {error.hint}".strip()
        except OSError as error:  # no process could be started
            self.reason = f"cannot be solved ({error.strerror or error})."

    def _on_report(self, report: Any) -> None:
        self.reported.emit(self.number, report)


class MeshSolver(QObject):
    """A queue of meshes, as many at a time as there are cores.

    Signals
    -------
    rowsChanged : tuple of MeshRow
        Those that wait and those that are computed, in the order in which they were opened.
    solved : SolvedMeshes
        One mesh has ended, well or not.
    finished : bool
        Nothing waits any more; whether any was cancelled.
    """

    rowsChanged = Signal(object)
    solved = Signal(object)
    finished = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[int, MeshRow] = {}
        self._waiting: deque[int] = deque()
        self._threads: dict[int, _Thread] = {}
        self._idle: list[Worker] = []
        self._count = 0
        self._cancelled = False

    @property
    def rows(self) -> tuple[MeshRow, ...]:
        """Those that wait and those that are computed."""
        return tuple(self._rows.values())

    def solve(self, paths: Iterable[Path]) -> None:
        """Compute these as well."""
        for path in paths:
            self._count += 1
            self._rows[self._count] = MeshRow(self._count, path)
            self._waiting.append(self._count)
        self._start()

    def cancel(self, number: int) -> None:
        """Compute one of them no more."""
        if number not in self._rows:
            return
        self._cancelled = True
        del self._rows[number]
        thread = self._threads.get(number)
        if thread is not None:
            thread.progress.cancel()
        else:
            self._waiting.remove(number)
        self.rowsChanged.emit(self.rows)
        self._end_if_done()

    def cancel_all(self) -> None:
        """Compute none of them any more."""
        for number in list(self._rows):
            self.cancel(number)

    def close(self) -> None:
        """End threads and processes."""
        self._waiting.clear()
        self._rows.clear()
        for thread in self._threads.values():
            thread.progress.cancel()
        for thread in list(self._threads.values()):
            thread.wait()
            thread.worker.end()
        self._threads.clear()
        self._end_workers()

    def _start(self) -> None:
        from spectracnn.geometry.computing import solver

        while self._waiting and len(self._threads) < cores():
            number = self._waiting.popleft()
            worker = self._idle.pop() if self._idle else Worker(solver, name="SpectraCNN solver")
            thread = _Thread(number, self._rows[number].path, worker)
            self._threads[number] = thread
            self._rows[number] = replace(self._rows[number], running=True)
            thread.reported.connect(self._on_thread_reported)
            thread.finished.connect(self._on_thread_finished)
            thread.start()
        self.rowsChanged.emit(self.rows)

    def _end_workers(self) -> None:
        for worker in self._idle:
            worker.end()
        self._idle.clear()

    def _end_if_done(self) -> None:
        if self._threads or self._waiting:
            return
        cancelled, self._cancelled = self._cancelled, False
        self._end_workers()
        self.finished.emit(cancelled)

    @Slot(int, object)
    def _on_thread_reported(self, number: int, report: Any) -> None:
        row = self._rows.get(number)
        if row is None:
            return
        changed = {"share": report} if isinstance(report, float) else {"report": report}
        self._rows[number] = replace(row, **changed)
        self.rowsChanged.emit(self.rows)

    @Slot()
    def _on_thread_finished(self) -> None:
        for number, thread in list(self._threads.items()):
            if not thread.isFinished():
                continue
            del self._threads[number]
            self._idle.append(thread.worker)
            wanted = self._rows.pop(number, None) is not None
            if wanted and thread.solution is not None:
                self.solved.emit(SolvedMeshes([(thread.path, thread.solution)]))
            elif wanted and thread.reason:
                self.solved.emit(SolvedMeshes(failures=[f"{thread.path.name}: {thread.reason}"]))
        self._start()
        self._end_if_done()
