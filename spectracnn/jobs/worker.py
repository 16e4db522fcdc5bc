"""A child that is kept warm between requests, and started again after it ended."""

from __future__ import annotations

import contextlib
import threading
import weakref
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from spectracnn.errors import SpectraCNNError
from spectracnn.jobs.child import Child

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.core.progress import Progress
    from spectracnn.jobs.limits import Limits
    from spectracnn.jobs.serving import Work

_WORKERS: weakref.WeakSet[Worker] = weakref.WeakSet()


class Worker:
    """Does requests synchronously in a child process, which is started by the first of them.

    Usable from any thread, one request at a time; others wait. As a context manager it ends the
    child at the end.

    Parameters
    ----------
    target, args, limits, name
        As of `Child`.
    """

    def __init__(
        self,
        target: Callable[..., Work],
        *args: Any,
        limits: Limits | None = None,
        name: str = "SpectraCNN job",
    ) -> None:
        self._make: Callable[[], Child] = partial(Child, target, *args, limits=limits, name=name)
        self._child: Child | None = None
        self._lock = threading.Lock()
        _WORKERS.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def pid(self) -> int | None:
        """The process's id, None while there is none; another one after a restart."""
        child = self._child
        return child.pid if child is not None else None

    def warm_up(self) -> None:
        """Start the child now, so that the first request need not wait for all of it."""
        with self._lock:
            if self._child is None:
                self._child = self._make()

    def request(
        self,
        request: Any,
        progress: Progress | None = None,
        on_report: Callable[[Any], None] | None = None,
    ) -> Any:
        """Do a request; parameters, result and errors as of `Child.request`.

        After `ChildEndedError` or `ChildOverdueError` the next request starts another process.
        """
        with self._lock:
            if self._child is None:
                self._child = self._make()
            try:
                return self._child.request(request, progress, on_report)
            except SpectraCNNError:
                raise
            except BaseException:
                self._child.end(stuck=True)  # Ctrl+C, or a listener that failed: it still works
                raise
            finally:
                if self._child.ended:
                    self._child = None

    def end(self) -> None:
        """End the child, if there is one; a later request starts another."""
        with self._lock:
            child, self._child = self._child, None
            if child is not None:
                child.end(stuck=True)


def end_all() -> None:
    """End the child of every worker of this process, as when the window closes."""
    for worker in list(_WORKERS):
        with contextlib.suppress(OSError):
            worker.end()
