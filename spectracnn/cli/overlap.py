"""Reading ahead and writing behind, so that the network need not wait for the disk."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
DEPTH = 2
"""How many batches may wait on either side; more would only take memory."""


def read_ahead(source: Iterable[T]) -> Iterator[T]:
    """Give what the source gives, computed in a thread before it is asked for.

    Its errors are raised here, in their place.
    """
    iterator = iter(source)
    end: list[T] = []

    def next_item() -> list[T]:
        for item in iterator:
            return [item]
        return end

    pool = ThreadPoolExecutor(1, "read-ahead")
    try:
        waiting = deque(pool.submit(next_item) for _ in range(DEPTH))
        while True:
            found = waiting.popleft().result()
            if not found:
                return
            waiting.append(pool.submit(next_item))
            yield found[0]
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def write_behind() -> Iterator[Callable[[Callable[[], None]], None]]:
    """Run jobs one after the other in a thread.

    Yields
    ------
    callable
        ``later(job)`` returns at once unless too many wait. An error of a job is raised by a later
        call, or at the end of the block.
    """
    pool = ThreadPoolExecutor(1, "write-behind")
    waiting: deque[Future[None]] = deque()

    def later(job: Callable[[], None]) -> None:
        while len(waiting) >= DEPTH:
            waiting.popleft().result()
        waiting.append(pool.submit(job))

    try:
        yield later
        while waiting:
            waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
