"""Two cares of the client's thread: listeners that fail, and how long to wait."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from spectracnn.engine.messages import OpenModel

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.engine.messages import Event, Request


def safely(listener: Callable[[Event], None]) -> Callable[[Event], None]:
    """Return the listener without its errors, which are logged.

    One that is half gone, as at exit, must not leave a process behind.
    """

    def tell(event: Event) -> None:
        try:
            listener(event)
        except Exception:
            logging.getLogger(__name__).exception("The listener failed at %s", event)

    return tell


def deadline(request: Request) -> float | None:
    """Return when, on the monotonic clock, a request that begins now has taken too long."""
    limit = request.time_limit if isinstance(request, OpenModel) else None
    return None if limit is None else time.monotonic() + limit
