"""The drawing process as the worker sees it: request, end; one may be kept warm. No Qt."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from spectracnn.errors import ExportError
from spectracnn.figures.child import drawing
from spectracnn.jobs.errors import ChildEndedError, ChildOutOfMemoryError, UnexpectedError
from spectracnn.jobs.limits import Limits
from spectracnn.jobs.worker import Worker

if TYPE_CHECKING:
    from spectracnn.core.progress import Progress
    from spectracnn.figures.child import ToolRequest
    from spectracnn.figures.job import Snapshot


class DrawingProcess:
    """The child that draws, and what it has of the document; for one thread."""

    def __init__(self) -> None:
        self._worker = Worker(drawing, limits=Limits(grace=0.0), name="SpectraCNN export")
        self._sent: tuple[int | None, Snapshot | None] = (None, None)

    def request(self, snapshot: Snapshot, request: Any, progress: Progress) -> Any:
        """Return the result; starts the process when there is none.

        Raises
        ------
        ExportError
            If it cannot be drawn or written.
        OperationCancelled
            If ``progress`` was cancelled; the process is ended.
        """
        if self._worker.pid is None or self._sent != (self._worker.pid, snapshot):
            self._do(snapshot, progress)
            self._sent = self._worker.pid, snapshot
        return self._do(request, progress)

    def write_tool(self, request: ToolRequest) -> None:
        """Write what a view shows; raises ExportError."""
        self._do(request, None)

    def _do(self, request: Any, progress: Progress | None) -> Any:
        try:
            return self._worker.request(request, progress)
        except (ChildEndedError, OSError) as error:
            raise ExportError("The drawing process stopped unexpectedly; try again.") from error
        except ChildOutOfMemoryError as error:
            message = "There is not enough memory for a figure of this size."
            raise ExportError(message) from error
        except UnexpectedError as error:
            raise ExportError(
                f"The export failed unexpectedly ({error.kind}: {error.text})."
            ) from error

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self._worker.pid is not None

    def start(self) -> None:
        """Start the process, which then imports what drawing needs and draws once."""
        self._worker.warm_up()

    def end(self) -> None:
        """End the process at once."""
        self._worker.end()


class KeptProcess:
    """Keeps one drawing process between two exports, so that a preview need not wait for it.

    Nothing is kept before `warm` is called, nor after `end`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: DrawingProcess | None = None
        self._keeps = False

    def warm(self) -> None:
        """Have a process ready from now on."""
        with self._lock:
            self._keeps = True
            if self._kept is None:
                self._kept = DrawingProcess()
                self._kept.start()

    def borrow(self) -> DrawingProcess:
        """Return the kept process, or a new one."""
        with self._lock:
            kept, self._kept = self._kept, None
        return DrawingProcess() if kept is None else kept

    def give_back(self, process: DrawingProcess) -> None:
        """Keep a process that is needed no more, or end it."""
        with self._lock:
            if self._keeps and self._kept is None and process.running:
                self._kept = process
                return
        process.end()

    def end(self) -> None:
        """Keep none any more."""
        with self._lock:
            kept, self._kept, self._keeps = self._kept, None, False
        if kept is not None:
            kept.end()


KEPT = KeptProcess()
"""The one of this program."""
