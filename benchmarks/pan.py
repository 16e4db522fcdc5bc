"""One frame while 100 overlaid spectra are panned, all linked panels with them."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.gui_child import run_child
from benchmarks.spectra import write_spectra

ROUNDS = 3
CURVES = 100


def run() -> dict[str, Any]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "hundred.h5")
        write_spectra(file, CURVES)
        runs = [run_child("benchmarks.pan_child", str(file)) for _ in range(ROUNDS)]
    return {"name": "pan", **{key: statistics.median(r[key] for r in runs) for key in runs[0]}}
