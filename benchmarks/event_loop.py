"""The worst time that the window does not answer: at launch, during inference, during a batch.

Each is the median over several runs of the worst gap of a run. Launch counts from the window's
appearance until all maps and classes of the samples are there; inference steps through spectra and
hovers; the batch opens and classifies 1,000 spectra. The gap of an idle second tells what the
machine itself adds.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.gui_child import run_child
from benchmarks.spectra import write_spectra

ROUNDS = 5
MANY = 1_000


def run() -> dict[str, Any]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        many = Path(folder, "many.h5")
        write_spectra(many, MANY)
        runs = [run_child("benchmarks.event_loop_child", str(many)) for _ in range(ROUNDS)]
    medians = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
    return {"name": "event_loop", **medians}
