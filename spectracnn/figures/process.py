"""The drawing process as the worker sees it: start, ask, end. No Qt."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING, Any

from spectracnn.errors import ExportError, OperationCancelled
from spectracnn.figures import child

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from spectracnn.core.progress import Progress
    from spectracnn.figures.job import Snapshot

_POLL_SECONDS = 0.02
_END_SECONDS = 2.0


class DrawingProcess:
    """The child and its pipe; for one thread."""

    def __init__(self) -> None:
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._snapshot: Snapshot | None = None

    def ask(self, snapshot: Snapshot, request: Any, progress: Progress) -> Any:
        """Return the answer; starts the process when there is none."""
        try:
            if self._process is None:
                self._start()
            if snapshot is not self._snapshot:
                self._exchange(snapshot, progress)
                self._snapshot = snapshot
            return self._exchange(request, progress)
        except OperationCancelled:
            self.end()
            raise
        except (EOFError, OSError) as error:
            self.end()
            raise ExportError("The drawing process stopped unexpectedly; try again.") from error

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=child.run, args=(theirs,), name="SpectraCNN export", daemon=True
        )
        self._process.start()
        # Our copy must go, or the child's death would not close the pipe.
        theirs.close()

    def _exchange(self, request: Any, progress: Progress) -> Any:
        pipe = self._pipe
        if pipe is None:
            raise EOFError
        pipe.send(request)
        while not pipe.poll(_POLL_SECONDS):
            progress.update(0)
        succeeded, result = pipe.recv()
        if not succeeded:
            raise ExportError(result)
        return result

    def end(self) -> None:
        """End the process at once."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.terminate()
            self._process.join(_END_SECONDS)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
        self._process = self._pipe = self._snapshot = None
