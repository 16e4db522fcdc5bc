"""Opening a model of 50 layers and 10 million parameters, and stepping through spectra with it.

Each is the median over several runs of the worst time that the window did not answer: from the
wish to open the model until all its maps and classes are there, and while spectra are chosen one
after the other.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.gui_child import run_child
from benchmarks.large_network import make_apart

ROUNDS = 5


def run() -> dict[str, Any]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        model = make_apart(Path(folder))
        runs = [run_child("benchmarks.large_model_child", str(model)) for _ in range(ROUNDS)]
    medians = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
    return {"name": "large_model", **medians}
