"""``predict`` over one HDF5 file of many spectra: throughput against the bare pass, and memory.

Bare is the compiled function alone on inputs that are ready. Throughput is by the clock, and the
processor's seconds are compared beside it; both without what the command takes for one spectrum.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np

FEW, MANY = 10_000, 100_000


def run() -> dict[str, Any]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        one = Path(folder, "one.h5")
        _write(one, 1)
        for count in (FEW, MANY):
            path = Path(folder, f"{count}.h5")
            _write(path, count)
            found[count] = _child(one, path, Path(folder, f"{count}.parquet"))
            path.unlink()
    many = found[MANY]
    return {
        "name": "streaming",
        "spectra": MANY,
        **{key: value for key, value in many.items() if key.endswith("_s")},
        "throughput_of_bare": many["bare_s"] / many["command_s"],
        "processor_of_bare": many["bare_cpu_s"] / many["command_cpu_s"],
        "peak_mb_at_10000": found[FEW]["peak_bytes"] / 1e6,
        "peak_mb_at_100000": found[MANY]["peak_bytes"] / 1e6,
        "memory_100000_over_10000": found[MANY]["peak_bytes"] / found[FEW]["peak_bytes"],
    }


def _write(path: Path, count: int) -> None:
    draw = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        values = file.create_dataset("eigenvalues", (count, 201), np.float64)
        for start in range(0, count, 10_000):
            rows = draw.random((min(10_000, count - start), 201))
            rows[:, 0] = 0
            values[start : start + len(rows)] = np.cumsum(rows, axis=1)
        file["name"] = np.array([f"s{number}" for number in range(count)], dtype=object)
        file["area"] = np.ones(count)


def _child(*paths: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.streaming_child", *map(str, paths)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
