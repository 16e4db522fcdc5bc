"""Launch of the frozen application, against ``python main.py`` of the same checkout.

From starting the process, as a double-click does, to the splash, to the window and to the first
maps; and how long the frozen window does not answer while TensorFlow loads behind it. It is not in
the table of the README, because it needs a build: ``make package``, then
``python -m benchmarks.launch_frozen [FOLDER]``.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.interleave import median_ratio
from benchmarks.launching import environment
from spectracnn.resources import sample_spectra

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "dist" / "SpectraCNN"
ROUNDS = 5
MARKS = ("splash_shown", "window_shown", "first_maps")
LONGEST_S = 1.0
WALKS = 3
_PATIENCE = 120.0


def run(folder: Path = FOLDER) -> dict[str, Any]:
    """Measure; the first round only warms the caches of the disk."""
    program = next(p for p in (folder / "spectracnn", folder / "SpectraCNN.exe") if p.exists())
    sample = str(sample_spectra()[0])
    commands = {
        "frozen": [str(program), sample],
        "python": [sys.executable, str(ROOT / "main.py"), sample],
    }
    both: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(ROUNDS + 1):
        for name, command in commands.items():
            both[name].append(times(command))
    results: dict[str, Any] = {"name": "launch_frozen"}
    for mark in MARKS:
        by_name = {name: [each[mark] for each in rounds[1:]] for name, rounds in both.items()}
        for name, seconds in by_name.items():
            results[f"{name}_{mark}_s"] = statistics.median(seconds)
        results[f"{mark}_frozen_over_python"] = median_ratio(by_name["frozen"], by_name["python"])
    gaps = [longest_gap_ms(program) for _ in range(WALKS)]
    return results | {"frozen_longest_gap_ms": statistics.median(gaps)}


def longest_gap_ms(program: Path) -> float:
    """Return how long the event loop did not turn between the window and all samples' classes."""
    samples = [str(path) for path in sample_spectra()]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        command = [str(program), "--smoke-test", home, *samples]
        subprocess.run(
            command, env=environment(Path(home)), stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_PATIENCE, check=True,
        )  # fmt: skip
        report = json.loads(Path(home, "smoke.json").read_text(encoding="utf-8"))
    return float(report["longest_gap"]["launch_ms"])


def times(command: list[str]) -> dict[str, float]:
    """Start a program, end it when it shows maps; return the seconds to each of `MARKS`."""
    seen: dict[str, float] = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        start = time.time()
        process = subprocess.Popen(
            command, env=environment(Path(home)), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        watchdog = threading.Timer(_PATIENCE, process.kill)
        watchdog.start()
        assert process.stderr is not None
        try:
            for line in process.stderr:
                words = line.split()
                if words[:1] == ["timing"]:
                    seen[words[1]] = float(words[2]) - start
                if MARKS[-1] in seen:
                    break
        finally:
            watchdog.cancel()
            process.terminate()
            process.wait()
            process.stderr.close()
    return seen


def main() -> int:
    """Print the numbers; 0 when something of the program is seen in time."""
    results = run(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
    print(json.dumps(results | {"cores": os.cpu_count()}, indent=2))
    return 0 if results["frozen_splash_shown_s"] <= LONGEST_S else 1


if __name__ == "__main__":
    sys.exit(main())
