"""The drawing process as the worker sees it: request, end. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spectracnn.errors import ExportError
from spectracnn.figures.child import drawing
from spectracnn.jobs.errors import ChildEndedError, ChildOutOfMemoryError, UnexpectedError
from spectracnn.jobs.limits import Limits
from spectracnn.jobs.worker import Worker

if TYPE_CHECKING:
    from spectracnn.core.progress import Progress
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
        try:
            if self._worker.pid is None or self._sent != (self._worker.pid, snapshot):
                self._worker.request(snapshot, progress)
                self._sent = self._worker.pid, snapshot
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

    def end(self) -> None:
        """End the process at once."""
        self._worker.end()
