"""A training in a process of its own, as the window sees it: events come, wishes go."""

from __future__ import annotations

import contextlib
import multiprocessing
from typing import TYPE_CHECKING, Any

from spectracnn.core.training import StopWish
from spectracnn.jobs.job import Job
from spectracnn.jobs.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from spectracnn.core.training import TrainingEvent
    from spectracnn.core.training_plan import TrainingPlan
    from spectracnn.jobs.job import JobEvent
    from spectracnn.jobs.serving import Reporter, Work


class _Listening:
    """Hands a training's events to the parent, and the parent's wishes to the training."""

    snapshots = True

    def __init__(self, reporter: Reporter, wishes: Connection) -> None:
        self._reporter, self._wishes = reporter, wishes

    def emit(self, event: TrainingEvent) -> None:
        self._reporter(event)

    def wish(self) -> StopWish | None:
        try:
            if self._wishes.poll():
                return StopWish(self._wishes.recv())
        except (EOFError, OSError):
            return StopWish.CANCEL  # whoever could want the result is gone
        return None


def training_work(wishes: Connection) -> Work:
    """Make the child's work: import Keras, then train what comes.

    Parameters
    ----------
    wishes : Connection
        What the person wants between two epochs.
    """
    from spectracnn.nn.backend import load_keras
    from spectracnn.nn.train.run import train

    load_keras()

    def work(plan: TrainingPlan, reporter: Reporter) -> Any:
        return train(plan, _Listening(reporter, wishes))

    return work


class TrainingJob:
    """One training.

    Parameters
    ----------
    plan : TrainingPlan
        What on what.
    listener : callable
        Called with each `JobEvent`, from the job's thread: `Reported` with a `TrainingEvent`, and
        at the end one of `Done` (with a `TrainingDone`), `JobFailed` and `JobCancelled`.
    """

    def __init__(self, plan: TrainingPlan, listener: Callable[[JobEvent], None]) -> None:
        self.plan = plan
        self._ours, self._theirs = multiprocessing.get_context("spawn").Pipe()
        worker = Worker(training_work, self._theirs, name="SpectraCNN training")
        self._job = Job(worker, plan, listener)

    def want(self, wish: StopWish) -> None:
        """Ask for a pause, for going on, or for an end; returns at once."""
        with contextlib.suppress(OSError):
            self._ours.send(str(wish))
        if wish is StopWish.CANCEL:
            self._job.cancel()

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._job.running

    def close(self, timeout: float = 10.0) -> bool:
        """Cancel what still runs, wait, and return whether it has ended."""
        if self.running:
            self.want(StopWish.CANCEL)
        ended = self._job.wait(timeout)
        self._ours.close()
        self._theirs.close()
        return ended
