"""Speaks with the drawing process in a thread of its own, so that the window never waits."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtGui import QImage

from spectracnn.core.progress import Progress
from spectracnn.errors import ExportError, OperationCancelled, SpectraCNNError
from spectracnn.figures.child import Picture, PreviewRequest, WriteRequest
from spectracnn.figures.process import KEPT
from spectracnn.jobs.attempt import attempt

if TYPE_CHECKING:
    from spectracnn.figures.export import Panel
    from spectracnn.figures.job import ExportChoice, FigureFile, Snapshot


@dataclass(frozen=True, eq=False)
class PreviewJob:
    """One look at what a file will be."""

    number: int
    snapshot: Snapshot
    choice: ExportChoice
    panel: Panel


@dataclass(frozen=True, eq=False)
class ExportJob:
    """Files to write: all or none."""

    snapshot: Snapshot
    choice: ExportChoice
    targets: tuple[FigureFile, ...]
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True)
class Preview:
    """What a preview shows: a picture with its size in inches, or text."""

    image: QImage | None = None
    inches: tuple[float, float] = (0.0, 0.0)
    text: str = ""
    failure: str = ""


@dataclass(frozen=True)
class ExportOutcome:
    """How an export ended: with files, with a sentence, or neither when it was cancelled."""

    paths: tuple[Path, ...] = ()
    failure: str = ""


class _Worker(QObject):
    previewFinished = Signal(int, object)
    progressed = Signal(int, int)
    exportFinished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.closing = Progress()
        self.newest = 0
        self._drawing = KEPT.borrow()

    @Slot(object)
    def preview(self, job: PreviewJob) -> None:
        if job.number < self.newest or self.closing.cancelled:
            return
        try:
            result = attempt(partial(self._drawn, job), "A preview")
        except OperationCancelled:
            return
        if isinstance(result, SpectraCNNError):
            preview = Preview(failure=result.message)
        else:
            preview = _preview(result)
        self.previewFinished.emit(job.number, preview)

    def _drawn(self, job: PreviewJob) -> Any:
        request = PreviewRequest(job.choice, job.panel)
        return self._drawing.request(job.snapshot, request, self.closing)

    @Slot(object)
    def export(self, job: ExportJob) -> None:
        try:
            found = attempt(partial(self._written, job), "An export")
        except OperationCancelled:
            outcome = ExportOutcome()
        else:
            if isinstance(found, SpectraCNNError):
                outcome = ExportOutcome(failure=found.message)
            else:
                outcome = ExportOutcome(found)
        self.exportFinished.emit(outcome)

    def _written(self, job: ExportJob) -> tuple[Path, ...]:
        try:
            return self._write_all(job)
        except OSError as error:
            folder, reason = job.targets[0].path.parent, error.strerror or error
            raise ExportError(f"{folder}: cannot be written ({reason}).") from error

    def _write_all(self, job: ExportJob) -> tuple[Path, ...]:
        folder = job.targets[0].path.parent
        # Files appear together when all are whole; the folder beside them makes moving atomic.
        staging = Path(tempfile.mkdtemp(prefix=".spectracnn-", dir=folder))
        try:
            for done, target in enumerate(job.targets):
                self.progressed.emit(done, len(job.targets))
                staged = replace(target, path=staging / target.path.name)
                self._drawing.request(job.snapshot, WriteRequest(job.choice, staged), job.progress)
            job.progress.update(len(job.targets))
            for target in job.targets:
                os.replace(staging / target.path.name, target.path)
        except ExportError as error:
            raise ExportError(error.message.replace(str(staging), str(folder))) from error
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return tuple(target.path for target in job.targets)

    def close(self) -> None:
        KEPT.give_back(self._drawing)


def _preview(result: Picture | str) -> Preview:
    if isinstance(result, str):
        return Preview(text=result)
    width, height = result.shape
    form = QImage.Format.Format_RGBA8888
    # Copied, because the image does not own the bytes.
    image = QImage(result.pixels, width, height, 4 * width, form).copy()
    return Preview(image, result.inches)


class Exporter(QObject):
    """Draws previews and writes files in the background; lives in the GUI thread.

    Signals
    -------
    previewFinished : Preview
        Of the newest request only.
    progressed : (int, int)
        Files done and in all.
    exportFinished : ExportOutcome
    """

    previewFinished = Signal(object)
    progressed = Signal(int, int)
    exportFinished = Signal(object)
    _previewRequested = Signal(object)
    _exportRequested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job: ExportJob | None = None
        self._thread = QThread()
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._previewRequested.connect(self._worker.preview)
        self._exportRequested.connect(self._worker.export)
        self._worker.previewFinished.connect(self._on_worker_previewFinished)
        self._worker.progressed.connect(self.progressed)
        self._worker.exportFinished.connect(self._on_worker_exportFinished)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether files are being written."""
        return self._job is not None

    def preview(self, snapshot: Snapshot, choice: ExportChoice, panel: Panel) -> None:
        """Draw a preview; earlier requests that have not begun are dropped."""
        self._worker.newest += 1
        self._previewRequested.emit(PreviewJob(self._worker.newest, snapshot, choice, panel))

    def export(self, snapshot: Snapshot, choice: ExportChoice, targets: list[FigureFile]) -> None:
        """Write files."""
        self._job = ExportJob(snapshot, choice, tuple(targets))
        self._exportRequested.emit(self._job)

    def cancel(self) -> None:
        """Stop writing; nothing is left behind."""
        if self._job is not None:
            self._job.progress.cancel()

    def close(self) -> None:
        """End process and thread. Safe to call twice."""
        if self._thread.isRunning():
            self._worker.closing.cancel()
            self.cancel()
            self._thread.quit()
            self._thread.wait()
            self._worker.close()

    @Slot(int, object)
    def _on_worker_previewFinished(self, number: int, preview: Preview) -> None:
        if number == self._worker.newest:
            self.previewFinished.emit(preview)

    @Slot(object)
    def _on_worker_exportFinished(self, outcome: ExportOutcome) -> None:
        self._job = None
        self.exportFinished.emit(outcome)
