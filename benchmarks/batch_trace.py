"""Tracing 10,000 spectra to HDF5 by the command line's code, against the bare batched pass.

The command reads files of 1,000 spectra each (a file's spectra are read at once, so one file of all
would measure the file), preprocesses, runs, and writes every layer. Bare is the compiled function
alone, on inputs that are ready, in batches of the same size, its results dropped. The command also
writes all layers, so the bound is the longer of the bare pass and a plain write of as many bytes:
what is faster than either overlaps them. Peak memory is taken in processes of
their own that only run the command.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.interleave import median_ratio
from benchmarks.spectra import write_spectra

IN_FILE, FILES = 1_000, 10
ROUNDS = 5


def run() -> dict[str, Any]:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder, "many"), Path(folder, "few")
        for target, files in ((many, FILES), (few, 1)):
            target.mkdir()
            for number in range(files):
                write_spectra(target / f"{number}.h5", IN_FILE, seed=number)
        times = _child("throughput", many, ROUNDS)
        bound = list(map(max, times["bare"], times["plain"]))
        memory = {
            path: statistics.median(_child("memory", path)["peak_bytes"] for _ in range(ROUNDS))
            for path in (few, many)
        }
    return {
        "name": "batch_trace",
        "spectra": IN_FILE * FILES,
        "bare_s": statistics.median(times["bare"]),
        "command_s": statistics.median(times["command"]),
        "written_bytes": times["written_bytes"],
        "plain_write_s": statistics.median(times["plain"]),
        "throughput_of_bare": median_ratio(times["bare"], times["command"]),
        "throughput_of_bound": median_ratio(bound, times["command"]),
        "peak_mb_at_1000": memory[few] / 1e6,
        "peak_mb_at_10000": memory[many] / 1e6,
        "memory_10000_over_1000": memory[many] / memory[few],
    }


def _child(*words: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.batch_child", *map(str, words)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
