"""Starts a program and takes the time until it says on stderr that it has reached a point."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.machine import qt_platform

PATIENCE = 120.0


def environment(home: Path) -> dict[str, str]:
    """Return an environment with nothing stored by earlier runs."""
    changed = {"SPECTRACNN_TIMING": "1", "XDG_CONFIG_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    if qt_platform() == "offscreen":
        changed["QT_QPA_PLATFORM"] = "offscreen"
    return {**os.environ, **changed}


def seconds_until(mark: str, *arguments: str) -> float:
    """Return the time from starting Python to the line ``timing MARK SECONDS_SINCE_EPOCH``.

    Parameters
    ----------
    mark : str
        Its name.
    *arguments : str
        Of Python: ``-m``, ``spectracnn``, ...

    Raises
    ------
    RuntimeError
        If the program ends, or waits too long, before it comes there.
    """
    with tempfile.TemporaryDirectory() as home:
        start = time.time()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            env=environment(Path(home)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        printed = []
        try:
            assert process.stderr is not None
            for line in process.stderr:
                words = line.split()
                if words[:2] == ["timing", mark]:
                    return float(words[2]) - start
                printed.append(line)
        finally:
            watchdog.cancel()
            process.terminate()
            process.wait()
            if process.stderr is not None:
                process.stderr.close()
    raise RuntimeError(f"the program did not come to {mark}:\n{''.join(printed)}")
