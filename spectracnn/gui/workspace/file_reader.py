"""Reads spectrum files in a thread of its own and hands them over in batches."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from spectracnn.core.bulk import keep_for_good
from spectracnn.errors import OperationCancelled
from spectracnn.gui.workspace.mesh_solver import MeshSolver, SolvedMeshes
from spectracnn.gui.workspace.reading import (
    LARGEST_BATCH,
    ReadBatch,
    ReadJob,
    files_of,
    is_mesh,
    is_model,
    parts_of,
    read_into,
    read_text,
)
from spectracnn.jobs.attempt import attempt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.core.progress import Progress
    from spectracnn.io.result import Orientation

_BATCH_SECONDS = 0.1
_MOST_IN_BATCH = 200
_PATIENCE_SECONDS = 0.05
_REST = 3.0
"""Rest after each batch, in multiples of the time that showing it took."""


class _Worker(QObject):
    batchRead = Signal(object)
    jobFinished = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._batch = ReadBatch()
        self._acknowledged = Event()
        self._acknowledged.set()
        self._rest_until = 0.0

    def acknowledge(self, seconds: float) -> None:
        """Hear from the GUI thread that the last batch was shown, and how long that took.

        Batches sent faster than they are shown would pile up before every click and repaint.
        """
        self._rest_until = time.monotonic() + _REST * seconds
        self._acknowledged.set()

    def _send(self, batch: ReadBatch) -> None:
        self._acknowledged.clear()
        self.batchRead.emit(batch)

    def _wait_for_room(self, batch: ReadBatch, progress: Progress) -> None:
        """Wait until a large batch may be sent."""
        while len(batch.spectra) >= LARGEST_BATCH:
            if self._acknowledged.wait(_PATIENCE_SECONDS):
                return
            progress.update(0)

    def _may_send(self, due: float, batch: ReadBatch) -> bool:
        now = time.monotonic()
        if len(batch.spectra) >= LARGEST_BATCH:
            return True
        if not self._acknowledged.is_set() or now < self._rest_until:
            return False
        return now > due or len(batch.spectra) > _MOST_IN_BATCH

    @Slot(object)
    def read(self, job: ReadJob) -> None:
        self._batch, cancelled = ReadBatch(), False
        try:
            failed = attempt(partial(self._read_all, job), "Reading")
        except OperationCancelled:
            cancelled = True
        else:
            self._batch.failures += [] if failed is None else [failed.message]
        self._send(self._batch)
        self.jobFinished.emit(cancelled)

    def _read_all(self, job: ReadJob) -> None:
        study = files_of(job.paths)
        files = study.files
        self._batch.total, self._batch.tables = len(files), list(study.tables)
        due = time.monotonic() + _BATCH_SECONDS
        # A model that lies in a folder of spectra is no wish to open it.
        named = set(job.paths)
        if job.text:
            read_text(self._batch, job.text)
        for done, path in enumerate(files, 1):
            job.progress.update(done, len(files))
            parts = None
            if path in named and is_model(path):
                self._batch.models.append(path)
            elif is_mesh(path):
                self._batch.meshes.append(path)
            else:
                parts = parts_of(path, job)
            more = True
            while more:
                more = parts is not None and read_into(self._batch, path, parts)
                self._batch.done = done - more
                self._wait_for_room(self._batch, job.progress)
                if self._may_send(due, self._batch):
                    self._send(self._batch)
                    self._batch = ReadBatch(done=self._batch.done, total=len(files))
                    due = time.monotonic() + _BATCH_SECONDS


def _batch_of(solved: SolvedMeshes) -> ReadBatch:
    """Return computed spectra as if they had been read, with the doctor's report as notes."""
    from spectracnn.geometry.solve import as_spectrum

    batch = ReadBatch(failures=list(solved.failures))
    for path, solution in solved.solutions:
        remarks = (*solution.report.repairs, *solution.report.warnings)
        batch.spectra.append(as_spectrum(solution, notes=remarks))
        batch.notes += [f"{path.name}: {remark}" for remark in remarks]
        batch.read.append(path)
    return batch


class FileReader(QObject):
    """Reads in the background; lives in the GUI thread.

    Attributes
    ----------
    meshes : MeshSolver
        Computes the spectra of those files that are meshes; they come as batches, too.

    Signals
    -------
    batchRead : ReadBatch
        At most ten times a second, and never faster than they are shown.
    jobFinished : bool
        Whether the job was cancelled; all files were read, or all meshes computed.
    """

    batchRead = Signal(object)
    jobFinished = Signal(bool)
    _jobRequested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[ReadJob] = []
        self._began = 0.0
        self.meshes = MeshSolver(self)
        self.meshes.solved.connect(self._on_meshes_solved)
        self.meshes.finished.connect(self.jobFinished)
        self._thread = QThread()
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._jobRequested.connect(self._worker.read)
        self._worker.batchRead.connect(self._on_worker_batchRead)
        self._worker.jobFinished.connect(self._on_worker_jobFinished)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return bool(self._jobs)

    def open(self, paths: Iterable[Path], orientation: Orientation | None = None) -> None:
        """Read these files, and the files in these folders."""
        self._begin(ReadJob(tuple(Path(path) for path in paths), orientation))

    def open_text(self, text: str) -> None:
        """Read spectra from text, such as the clipboard's, however long it is."""
        self._begin(ReadJob((), text=text))

    def _begin(self, job: ReadJob) -> None:
        self._jobs.append(job)
        self._jobRequested.emit(job)

    def cancel(self) -> None:
        """Stop all jobs after the file at hand."""
        for job in self._jobs:
            job.progress.cancel()
        self.meshes.cancel_all()

    def close(self) -> None:
        """Stop and end the thread."""
        self.cancel()
        self._thread.quit()
        self._thread.wait()
        self.meshes.close()

    @Slot(object)
    def _on_meshes_solved(self, solved: SolvedMeshes) -> None:
        self.batchRead.emit(_batch_of(solved))

    @Slot(object)
    def _on_worker_batchRead(self, batch: ReadBatch) -> None:
        self._began = time.monotonic()
        self.batchRead.emit(batch)
        if batch.meshes:
            self.meshes.solve(batch.meshes)
        if len(batch.spectra) > _MOST_IN_BATCH:
            # These stay: looking through all of them for cycles would take a tenth of a second.
            keep_for_good()
        # Behind the repainting that the batch asked for.
        QTimer.singleShot(0, self._on_batch_shown)

    @Slot()
    def _on_batch_shown(self) -> None:
        self._worker.acknowledge(time.monotonic() - self._began)

    @Slot(bool)
    def _on_worker_jobFinished(self, cancelled: bool) -> None:
        self._jobs.pop(0)
        self.jobFinished.emit(cancelled)
