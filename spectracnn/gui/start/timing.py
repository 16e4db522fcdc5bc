"""Marks for the launch benchmark: one line on stderr each, when SPECTRACNN_TIMING is set."""

from __future__ import annotations

import os
import sys
import time

_seen: set[str] = set()


def mark(name: str) -> None:
    """Tell once when this was first reached, in seconds since the epoch."""
    if "SPECTRACNN_TIMING" in os.environ and name not in _seen and sys.stderr is not None:
        _seen.add(name)
        sys.stderr.write(f"timing {name} {time.time():.6f}\n")
        sys.stderr.flush()
