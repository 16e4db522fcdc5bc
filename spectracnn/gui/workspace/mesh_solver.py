"""Computes the spectra of opened meshes: several at a time, each in a process of its own."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.geometry.options import SolveOptions
from spectracnn.jobs.pool import cores
from spectracnn.jobs.worker import Worker
from spectracnn.state.mesh_rows import MeshRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from spectracnn.geometry.solve import Solution


@dataclass(eq=False)
class SolvedMeshes:
    """What came of some meshes."""

    solutions: list[tuple[Path, Solution]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


class _Thread(QThread):
    """One request to a worker, waited for."""

    reported = Signal(int, object)

    def __init__(self, number: int, path: Path, worker: Worker, options: SolveOptions) -> None:
        super().__init__()
        self.number, self.path, self.worker = number, path, worker
        self._options = options
        self.progress = Progress()
        self.solution: Solution | None = None
        self.reason = ""

    def run(self) -> None:
        # Imported here, while the window shows the row already.
        from spectracnn.geometry.computing import SolveRequest

        request = SolveRequest(self.path, self._options, fit=True)
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

    Attributes
    ----------
    options : SolveOptions
        How those are solved that begin from now on.

    Signals
    -------
    rowsChanged : tuple of MeshRow
        Those that wait, are computed or have failed, in the order in which they were opened.
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
        self.options = SolveOptions()
        self._rows: dict[int, MeshRow] = {}
        self._waiting: deque[int] = deque()
        self._threads: dict[int, _Thread] = {}
        self._idle: list[Worker] = []
        self._count = 0
        self._cancelled = False

    @property
    def rows(self) -> tuple[MeshRow, ...]:
        """Those that wait, are computed or have failed."""
        return tuple(self._rows.values())

    def solve(self, paths: Iterable[Path]) -> None:
        """Compute these as well; what failed of the same files is forgotten."""
        paths = list(paths)
        again = set(paths)
        for number, row in list(self._rows.items()):
            if row.failure and row.path in again:
                del self._rows[number]
        for path in paths:
            self._count += 1
            self._rows[self._count] = MeshRow(self._count, path)
            self._waiting.append(self._count)
        self._start()

    def solve_again(self, numbers: Iterable[int]) -> None:
        """Compute those of these that have failed once more, where they stand."""
        for number in numbers:
            row = self._rows.get(number)
            if row is not None and row.failure:
                self._rows[number] = MeshRow(number, row.path)
                self._waiting.append(number)
        self._start()

    def cancel(self, numbers: Iterable[int]) -> None:
        """Compute these no more, and forget those that have failed."""
        gone = [row for number in numbers if (row := self._rows.pop(number, None)) is not None]
        stopped = {row.number for row in gone if not row.failure}
        for number in stopped & self._threads.keys():
            self._threads[number].progress.cancel()
        if stopped:
            self._cancelled = True
            self._waiting = deque(number for number in self._waiting if number not in stopped)
        if gone:
            self.rowsChanged.emit(self.rows)
        if stopped:
            self._end_if_done()

    def cancel_all(self) -> None:
        """Compute none of them any more; what has failed stays to be read."""
        self.cancel([row.number for row in self.rows if not row.failure])

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
            thread = _Thread(number, self._rows[number].path, worker, self.options)
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
            row = self._rows.get(number)
            if row is None:
                continue
            if thread.solution is not None:
                del self._rows[number]
                self.solved.emit(SolvedMeshes([(thread.path, thread.solution)]))
            else:  # it stays where it stood
                self._rows[number] = MeshRow(number, row.path, failure=thread.reason)
                self.solved.emit(SolvedMeshes(failures=[f"{thread.path.name}: {thread.reason}"]))
        self._start()
        self._end_if_done()
