"""What other threads ask of the thread that converses with a child, and what wakes it."""

from __future__ import annotations

import threading
from collections import deque
from multiprocessing import Pipe
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Inbox:
    """A queue that `multiprocessing.connection.wait` can wait for.

    Attributes
    ----------
    waker : Connection
        Becomes ready when something was posted.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: deque[tuple[str, Any]] = deque()
        self.waker, self._wake_up = Pipe(duplex=False)

    def post(self, kind: str, value: Any = None) -> None:
        """Add something; callable from any thread, also after `close`."""
        with self._lock:
            self._items.append((kind, value))
            # One call for all that is unread: the pipe must never fill up.
            if len(self._items) == 1 and not self._wake_up.closed:
                self._wake_up.send_bytes(b"!")

    def drain(self) -> Iterator[tuple[str, Any]]:
        """Give what was posted, oldest first."""
        while self.waker.poll():
            self.waker.recv_bytes()
        while True:
            with self._lock:
                if not self._items:
                    return
                item = self._items.popleft()
            yield item

    def close(self) -> None:
        """Free the pipe; what is posted later is for nobody."""
        with self._lock:
            self._wake_up.close()
            self.waker.close()
