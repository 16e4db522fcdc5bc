"""Several children that share the requests of a batch, for work that keeps one core busy each."""

from __future__ import annotations

import os
from functools import partial
from multiprocessing.connection import wait
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from spectracnn.errors import OperationCancelled, SpectraCNNError
from spectracnn.jobs.child import Child
from spectracnn.jobs.errors import ChildEndedError, ChildOverdueError
from spectracnn.jobs.limits import Limits
from spectracnn.jobs.serving import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from spectracnn.core.progress import Progress
    from spectracnn.jobs.serving import Message, Work

_POLL_SECONDS = 0.05


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


class Pool:
    """Children that do the requests of `map`, each one at a time.

    Parameters
    ----------
    target, args, limits, name
        As of `Child`.
    count : int, optional
        How many children at most; as many as there are cores without it. They are started when
        there is something for them to do.
    """

    def __init__(
        self,
        target: Callable[..., Work],
        *args: Any,
        count: int | None = None,
        limits: Limits | None = None,
        name: str = "SpectraCNN pool",
    ) -> None:
        self.count = max(1, count or cores())
        self.limits = limits or Limits()
        self._make: Callable[[], Child] = partial(
            Child, target, *args, limits=self.limits, name=name
        )
        self._idle: list[Child] = []
        self._busy: dict[Child, tuple[int, float | None]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def map(
        self,
        requests: Iterable[Any],
        progress: Progress | None = None,
        on_report: Callable[[int, Any], None] | None = None,
    ) -> Iterator[tuple[int, Any]]:
        """Do requests; yield ``(index, result)`` as each is done, in the order of being done.

        A request that fails yields its `SpectraCNNError` as the result, so that the others go on;
        a child that ended or was ended for its time limit is replaced. Requests are taken from the
        iterable only when a child is free: it may be a generator of very many.

        Parameters
        ----------
        requests : iterable
            For the work; pickled.
        progress : Progress, optional
            Cancels.
        on_report : callable, optional
            Receives ``(index, report)`` of each live report, in this thread.

        Raises
        ------
        OperationCancelled
            If ``progress`` was cancelled; all children are ended.
        """
        waiting, more = enumerate(requests), True
        try:
            while True:
                while more and len(self._busy) < self.count:
                    item = next(waiting, None)
                    more = item is not None
                    if item is not None:
                        yield from self._send(*item)
                if not self._busy:
                    return
                yield from self._received(on_report)
                if progress is not None and progress.cancelled:
                    raise OperationCancelled
        finally:
            for child in list(self._busy):  # nobody waits for what these do
                child.end(stuck=True)
            self._busy.clear()

    def _send(self, index: int, request: Any) -> Iterator[tuple[int, Any]]:
        child = self._idle.pop() if self._idle else self._make()
        try:
            child.send(index, request)
        except (OSError, EOFError):
            yield index, ChildEndedError(child.end())
            return
        self._busy[child] = index, self._due()

    def _due(self) -> float | None:
        return None if self.limits.seconds is None else monotonic() + self.limits.seconds

    def _received(self, on_report: Callable[[int, Any], None] | None) -> Iterator[tuple[int, Any]]:
        ready = wait([item for child in self._busy for item in child.waitables], _POLL_SECONDS)
        for child, (index, due) in list(self._busy.items()):
            if any(item in ready for item in child.waitables):
                try:
                    message = child.receive()
                except ChildEndedError as error:
                    del self._busy[child]
                    yield index, error
                    continue
                yield from self._ended(child, index, message, on_report)
            elif due is not None and child.ready and monotonic() >= due:
                del self._busy[child]
                child.end(stuck=True)
                yield index, ChildOverdueError(self.limits.seconds or 0.0)

    def _ended(
        self,
        child: Child,
        index: int,
        message: Message | None,
        on_report: Callable[[int, Any], None] | None,
    ) -> Iterator[tuple[int, Any | SpectraCNNError]]:
        if message is None:
            return
        if message.kind is Kind.READY:
            self._busy[child] = index, self._due()
        elif message.kind is Kind.REPORT:
            if on_report is not None:
                on_report(index, message.value)
        else:
            del self._busy[child]
            self._idle.append(child)
            yield index, message.value

    def end(self) -> None:
        """End all children."""
        for child in [*self._idle, *self._busy]:
            child.end(stuck=True)
        self._idle.clear()
        self._busy.clear()
