"""The worst time that the window does not answer while a network trains and its panels follow.

From the press of *Train* until the model is written and open: all panels show the network after
each epoch that the engine can keep up with. Training and engine are other processes; what counts is
the processor's time that the window's own thread takes between two turns of its event loop.
"""

from __future__ import annotations

import statistics
import tempfile
from typing import Any

from benchmarks.gui_child import run_child

ROUNDS = 3


def run() -> dict[str, Any]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [run_child("benchmarks.training_window_child", folder) for _ in range(ROUNDS)]
    medians = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
    return {"name": "training_window", **medians}
