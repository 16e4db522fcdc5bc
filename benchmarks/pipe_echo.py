"""The bare pipe: a process that takes bytes and answers with other bytes, and nothing else."""

from __future__ import annotations

import multiprocessing
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection


def _serve(pipe: Connection, answer: bytes) -> None:
    while pipe.recv_bytes():
        pipe.send_bytes(answer)


@contextmanager
def echo(question: bytes, answer: bytes) -> Iterator[Callable[[], bytes]]:
    """Start the process.

    Yields
    ------
    callable
        One round trip: sends the question, returns the answer.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, answer), daemon=True)
    process.start()
    theirs.close()

    def round_trip() -> bytes:
        ours.send_bytes(question)
        return ours.recv_bytes()

    try:
        yield round_trip
    finally:
        ours.send_bytes(b"")
        process.join()
