"""Launch to window shown, against a bare window of the same libraries on the same platform."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.interleave import interleaved, median_ratio
from benchmarks.launching import seconds_until
from spectracnn.resources import sample_spectra

ROUNDS = 9


def run() -> dict[str, Any]:
    """Measure; the first round only warms the caches of the disk."""
    samples = [str(path) for path in sample_spectra()]
    mark = "window_shown"
    times = interleaved(
        {
            "bare": lambda: seconds_until(mark, "-m", "benchmarks.bare_window"),
            "ours": lambda: seconds_until(mark, "-m", "spectracnn", *samples),
        },
        ROUNDS + 1,
    )
    bare, ours = times["bare"][1:], times["ours"][1:]
    return {
        "name": "launch",
        "bare_s": statistics.median(bare),
        "ours_s": statistics.median(ours),
        "window_over_bare": median_ratio(ours, bare),
    }
