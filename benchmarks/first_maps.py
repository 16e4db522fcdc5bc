"""Launch to the first maps on the screen, against TensorFlow alone doing the same arithmetic."""

from __future__ import annotations

import statistics
from typing import Any

from benchmarks.interleave import interleaved, median_ratio
from benchmarks.launching import seconds_until
from spectracnn.resources import sample_spectra

ROUNDS = 7


def run() -> dict[str, Any]:
    """Measure; the first round only warms the caches of the disk."""
    samples = [str(path) for path in sample_spectra()]
    mark = "first_maps"
    times = interleaved(
        {
            "bare": lambda: seconds_until(mark, "-m", "benchmarks.bare_network"),
            "ours": lambda: seconds_until(mark, "-m", "spectracnn", *samples),
        },
        ROUNDS + 1,
    )
    bare, ours = times["bare"][1:], times["ours"][1:]
    return {
        "name": "first_maps",
        "bare_s": statistics.median(bare),
        "ours_s": statistics.median(ours),
        "maps_over_bare": median_ratio(ours, bare),
    }
