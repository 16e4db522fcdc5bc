"""One long request in the background, with live reports: a training, a batch, a solve."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from spectracnn.core.progress import Progress
from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.jobs.attempt import attempt

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.jobs.worker import Worker


@dataclass(frozen=True, eq=False)
class Reported:
    """A live report of the work."""

    value: Any


@dataclass(frozen=True, eq=False)
class Done:
    """The job ended well."""

    result: Any


@dataclass(frozen=True, eq=False)
class JobFailed:
    """The job ended with an error."""

    error: SpectraCNNError


@dataclass(frozen=True)
class JobCancelled:
    """The job was cancelled."""


JobEvent = Reported | Done | JobFailed | JobCancelled


class Job:
    """A request to a worker, in a thread of its own.

    The listener receives any number of `Reported`, then exactly one of `Done`, `JobFailed` and
    `JobCancelled`, from the job's thread. The child is ended with the job.

    Parameters
    ----------
    worker : Worker
        Of this job alone.
    request : object
        For its work.
    listener : callable
        Called with each `JobEvent`.
    """

    def __init__(self, worker: Worker, request: Any, listener: Callable[[JobEvent], None]) -> None:
        self._worker = worker
        self._request = request
        self._listener = listener
        self._progress = Progress()
        self._thread = threading.Thread(target=self._run, name="job", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to stop at its next report; returns at once."""
        self._progress.cancel()

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._thread.is_alive()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has ended, and return whether it has."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        end: JobEvent
        try:
            found = attempt(self._request_result, "A job")
            end = JobFailed(found) if isinstance(found, SpectraCNNError) else Done(found)
        except OperationCancelled:
            end = JobCancelled()
        finally:
            self._worker.end()
        self._listener(end)

    def _request_result(self) -> Any:
        return self._worker.request(self._request, self._progress, self._report)

    def _report(self, value: Any) -> None:
        self._listener(Reported(value))
