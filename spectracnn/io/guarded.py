"""Runs a reader in a process of its own, where it may crash, hang or run out of memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spectracnn.errors import FileFormatError
from spectracnn.io.hdf5_child import limit_processor
from spectracnn.jobs.errors import (
    ChildEndedError,
    ChildOutOfMemoryError,
    ChildOverdueError,
    UnexpectedError,
)
from spectracnn.jobs.limits import Limits, limited_memory
from spectracnn.jobs.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.io.result import Orientation, ReadResult
    from spectracnn.io.source import Source

    Reader = Callable[[Source, Orientation | None], ReadResult]

SECONDS = 5
"""Seconds of the processor, beside those for the size of the file."""

_BYTES_A_SECOND = 1 << 20
_CLOCK_SECONDS = 600.0


def make_reader() -> Callable[[Any, Any], ReadResult]:
    """Return what does the requests, in the child."""
    import spectracnn.io.cohort_arrays  # noqa: F401  (so that no request needs memory for imports)

    def work(request: tuple[Reader, Source, Orientation | None], reporter: Any) -> ReadResult:
        read, source, orientation = request
        limit_processor(SECONDS + source.size // _BYTES_A_SECOND)
        try:
            with limited_memory(source.budget):
                return read(source, orientation)
        finally:
            limit_processor(None)

    return work


_worker = Worker(make_reader, limits=Limits(seconds=_CLOCK_SECONDS), name="SpectraCNN reader")


def read_guarded(read: Reader, source: Source, orientation: Orientation | None) -> ReadResult:
    """Run a reader in the child.

    Parameters
    ----------
    read : callable
        A function of a module.
    source, orientation
        Its parameters.

    Raises
    ------
    FileFormatError
        What the reader raises, or that it crashed, hung or took too much memory.
    """
    try:
        result: ReadResult = _worker.request((read, source, orientation))
    except ChildOverdueError as error:
        raise _refusal(source, "a file on which reading hangs") from error
    except ChildEndedError as error:
        hangs = "SIGXCPU" in error.how
        found = "on which reading hangs" if hangs else f"that stops its reader ({error.how})"
        raise _refusal(source, f"a file {found}") from error
    except ChildOutOfMemoryError as error:
        raise _refusal(
            source, f"more than {source.budget >> 20} MB in memory for a file of its size"
        ) from error
    except UnexpectedError as error:
        raise _refusal(source, f"a damaged file ({error.kind}: {error.text[:80]})") from error
    return result


def _refusal(source: Source, found: str) -> FileFormatError:
    return FileFormatError(source.label, found, "a whole file")
