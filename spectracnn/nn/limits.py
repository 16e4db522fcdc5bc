"""A limit to the memory that a model's file can make Keras take."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMORY_LIMIT = 6 << 30
"""Bytes; enough for a network of a few hundred million parameters."""


@contextmanager
def limited_memory(limit: int | None) -> Iterator[None]:
    """Let this process take so many bytes more, where the system can be told so.

    Parameters
    ----------
    limit : int or None
        Bytes beyond what it has; None for no limit.

    Notes
    -----
    Only Linux counts what is mapped privately; elsewhere this does nothing.
    """
    try:
        import resource

        used = _private_bytes()
    except (ImportError, OSError, ValueError):
        used = None
    if limit is None or used is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = used + limit
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (wanted, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def _private_bytes() -> int | None:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmData:"):
            return int(line.split()[1]) << 10
    return None
