"""Progress of a long operation that can be cancelled. Free of Qt and of threads."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from spectracnn.errors import OperationCancelled

Listener = Callable[[int, int, str], None]


class Progress:
    """Counts steps, tells a listener, and raises where the work should stop.

    Parameters
    ----------
    listener : callable, optional
        Called as ``listener(done, total, message)``; total is 0 while unknown.

    Examples
    --------
    >>> seen = []
    >>> progress = Progress(lambda done, total, message: seen.append((done, total)))
    >>> progress.update(1, 2)
    >>> seen
    [(1, 2)]
    """

    def __init__(self, listener: Listener | None = None) -> None:
        self._listener = listener
        self._cancelled = Event()

    def cancel(self) -> None:
        """Ask the operation to stop at its next update. Callable from any thread."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether someone asked to stop."""
        return self._cancelled.is_set()

    def update(self, done: int, total: int = 0, message: str = "") -> None:
        """Report a step.

        Raises
        ------
        OperationCancelled
            If someone asked to stop.
        """
        if self._cancelled.is_set():
            raise OperationCancelled
        if self._listener is not None:
            self._listener(done, total, message)
