"""The engine process as its parent sees it: start, talk, notice its end, end it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import TYPE_CHECKING, Any

from spectracnn.engine import process

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

_PATIENCE = 2.0


class Child:
    """One spawned engine process and its pipe."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe: Connection
        self.pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=process.run, args=(theirs, os.getpid()), name="SpectraCNN engine", daemon=True
        )
        self._process.start()
        self.pid = self._process.pid
        # Our copy of the child's end must go, or its death would not close the pipe.
        theirs.close()

    @property
    def sentinel(self) -> int:
        """Becomes ready when the process ends."""
        return self._process.sentinel

    def send(self, number: int | str, request: Any) -> None:
        """Ask."""
        self.pipe.send((number, request))

    def end(self, *, stuck: bool = False) -> str:
        """End the process if it has not ended; return how it ended, in words.

        Parameters
        ----------
        stuck : bool
            Do not ask first.
        """
        self.pipe.close()
        if not stuck:
            self._process.join(_PATIENCE / 10)
            if self._process.is_alive():
                self._process.terminate()
                self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_PATIENCE)
        code = self._process.exitcode or 0
        self._process.close()
        return _told(code)


def _told(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:  # real-time signals have no names
        return f"signal {-code}"
