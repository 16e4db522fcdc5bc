"""What a child process may take: memory, seconds, and how long a cancelled request may go on."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Limits:
    """Limits of one child process.

    Parameters
    ----------
    memory : int or None
        Bytes that the child may take beyond what it has when it is ready; None for no limit.
        Where the system cannot limit memory (anything but Linux), this does nothing.
    seconds : float or None
        How long one request may take before the child is ended; None for no limit.
    grace : float
        Seconds that a cancelled request may go on before the child is ended.
    """

    memory: int | None = None
    seconds: float | None = None
    grace: float = 2.0


@contextmanager
def limited_memory(limit: int | None) -> Iterator[None]:
    """Let this process take so many bytes more, where the system can limit that.

    Parameters
    ----------
    limit : int or None
        Bytes beyond what it has; None for no limit.

    Notes
    -----
    Only Linux counts what is mapped privately; elsewhere this does nothing.
    """
    before = _set_limit(limit)
    try:
        yield
    finally:
        if before is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_DATA, before)


def limit_memory(limit: int | None) -> None:
    """Let this process take so many bytes more, for the rest of its life.

    Parameters
    ----------
    limit : int or None
        Bytes beyond what it has; None for no limit.
    """
    _set_limit(limit)


def _set_limit(limit: int | None) -> tuple[int, int] | None:
    """Set the limit; return what it was, None if nothing was set."""
    if limit is None:
        return None
    try:
        import resource

        used = _private_bytes()
    except (ImportError, OSError, ValueError):
        return None
    if used is None:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = used + limit
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    return soft, hard


def _private_bytes() -> int | None:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) << 10
    return None
