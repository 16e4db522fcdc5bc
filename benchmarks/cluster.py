"""``predict --scheduler local:N`` for 1, 2 and 4 workers: seconds per million spectra.

The clock's seconds, start of the workers included, beside those without a cluster.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.streaming import _write

SPECTRA = 100_000


def run() -> dict[str, Any]:
    """Measure."""
    found: dict[str, Any] = {"name": "cluster", "spectra": SPECTRA}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "all.h5")
        _write(data, SPECTRA)
        for workers in (0, 1, 2, 4):
            where = ["--scheduler", f"local:{workers}"] if workers else []
            words = ["predict", str(data), "--out", str(Path(folder, "out.parquet")), *where]
            before = time.perf_counter()
            subprocess.run([sys.executable, "-m", "spectracnn", *words], check=True)
            spent = time.perf_counter() - before
            found[f"s_per_million_{workers}"] = spent * 1e6 / SPECTRA
    found["two_over_one"] = found["s_per_million_2"] / found["s_per_million_1"]
    return found
