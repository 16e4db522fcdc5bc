"""Runs a part of a benchmark in a process of its own with a window."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.launching import environment


def run_child(module: str, *arguments: str) -> dict[str, Any]:
    """Return what the module prints as its last line, JSON.

    Raises
    ------
    RuntimeError
        If it fails; with what it said.
    """
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=environment(Path(home)),
            capture_output=True,
            text=True,
        )
    if done.returncode != 0:
        raise RuntimeError(f"{module} failed:\n{done.stderr}")
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
