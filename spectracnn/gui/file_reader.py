"""Reads spectrum files in a thread of its own and hands them over in batches."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal, Slot

from spectracnn.core.progress import Progress
from spectracnn.errors import FileFormatError, OperationCancelled, SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.io.result import Orientation

_BATCH_SECONDS = 0.1
_MOST_IN_BATCH = 200


@dataclass(frozen=True, eq=False)
class ReadJob:
    """Files and folders to read, as they were dropped."""

    paths: tuple[Path, ...]
    orientation: Orientation | None = None
    progress: Progress = field(default_factory=Progress)


@dataclass(eq=False)
class ReadBatch:
    """What came out of some of a job's files."""

    spectra: list[Spectrum] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    ambiguous: list[Path] = field(default_factory=list)
    read: list[Path] = field(default_factory=list)
    done: int = 0
    total: int = 0


class _Worker(QObject):
    batchRead = Signal(object)
    jobFinished = Signal(bool)

    @Slot(object)
    def read(self, job: ReadJob) -> None:
        batch = ReadBatch()
        cancelled = False
        try:
            files = list(_files(job.paths))
            batch.total = len(files)
            due = time.monotonic() + _BATCH_SECONDS
            for done, path in enumerate(files, 1):
                job.progress.update(done, len(files))
                _read_into(batch, path, job.orientation)
                batch.done = done
                if time.monotonic() > due or len(batch.spectra) > _MOST_IN_BATCH:
                    self.batchRead.emit(batch)
                    batch = ReadBatch(done=done, total=len(files))
                    due = time.monotonic() + _BATCH_SECONDS
        except OperationCancelled:
            cancelled = True
        except Exception as error:  # noqa: BLE001
            batch.failures.append(f"Reading stopped unexpectedly: {error!r}")
        self.batchRead.emit(batch)
        self.jobFinished.emit(cancelled)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    from spectracnn import io

    for path in paths:
        if path.is_dir():
            yield from io.find_files(path)
        else:
            yield path


def _read_into(batch: ReadBatch, path: Path, orientation: Orientation | None) -> None:
    from spectracnn import io

    try:
        result = io.read_file(path, orientation=orientation)
    except FileFormatError as error:
        batch.failures.append(f"{path.name}: {error.message} {error.hint}".strip())
    except SpectraCNNError as error:
        batch.failures.append(error.message)
    except OSError as error:
        batch.failures.append(f"{path.name}: cannot be read ({error.strerror or error}).")
    except Exception as error:  # noqa: BLE001
        batch.failures.append(f"{path.name}: cannot be read ({error!r}).")
    else:
        batch.spectra.extend(result.spectra)
        batch.notes.extend(f"{path.name}: {note}" for note in result.notes)
        batch.read.append(path)
        if result.ambiguous:
            batch.ambiguous.append(path)


class FileReader(QObject):
    """Reads in the background; lives in the GUI thread.

    Signals
    -------
    batchRead : ReadBatch
        At most ten times a second.
    jobFinished : bool
        Whether the job was cancelled.
    """

    batchRead = Signal(object)
    jobFinished = Signal(bool)
    _jobRequested = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[ReadJob] = []
        self._thread = QThread()
        self._worker = _Worker()
        self._worker.moveToThread(self._thread)
        self._jobRequested.connect(self._worker.read)
        self._worker.batchRead.connect(self.batchRead)
        self._worker.jobFinished.connect(self._on_worker_jobFinished)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return bool(self._jobs)

    def open(self, paths: Iterable[Path], orientation: Orientation | None = None) -> None:
        """Read these files, and the files in these folders."""
        job = ReadJob(tuple(Path(path) for path in paths), orientation)
        self._jobs.append(job)
        self._jobRequested.emit(job)

    def cancel(self) -> None:
        """Stop all jobs after the file at hand."""
        for job in self._jobs:
            job.progress.cancel()

    def close(self) -> None:
        """Stop and end the thread."""
        self.cancel()
        self._thread.quit()
        self._thread.wait()

    @Slot(bool)
    def _on_worker_jobFinished(self, cancelled: bool) -> None:
        self._jobs.pop(0)
        self.jobFinished.emit(cancelled)
