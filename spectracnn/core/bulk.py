"""Work on very many objects at once."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def without_collection() -> Iterator[None]:
    """Keep Python from looking for cycles meanwhile.

    Whoever makes tens of thousands of objects in one go would pay for a look at all there are, a
    tenth of a second in the middle of a click.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def keep_for_good() -> None:
    """Keep Python from looking for cycles in anything that is there by now.

    What was imported and made for the whole run is looked through in vain, again and again, by
    whichever thread happens to make one object more; no other thread runs meanwhile.
    """
    gc.freeze()


def keep_no_longer() -> None:
    """Let Python look again for cycles in what `keep_for_good` was called for."""
    gc.unfreeze()


def return_memory() -> None:
    """Give memory that was freed back to the system, where the C library keeps it for later.

    For threads: after tens of thousands of small arrays it takes some milliseconds.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library than GNU's
            ctypes.CDLL(None).malloc_trim(0)
