"""Reading an ``.ev`` of 600 values: LaPy's ``read_ev`` against ours, in one run."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 25
CALLS = 40


def run() -> dict[str, Any]:
    """Measure; a ratio of 1 or more means that ours is at least as fast.

    Both read the same file, written by LaPy itself, in turns, so that a busy machine slows both.
    """
    from lapy.io import read_ev, write_ev

    from spectracnn import io

    values = np.sort(np.random.default_rng(0).random(600) * 1000)
    values[0] = -4.7207711983791511358e-18
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "shape.ev")
        write_ev(str(path), {"NumEW": 600, "Area": 1.5, "Eigenvalues": values})
        if not np.array_equal(io.read(path)[0].eigenvalues, read_ev(str(path))["Eigenvalues"]):
            raise AssertionError("the two readers disagree")
        lapy, ours = [], []
        for _ in range(ROUNDS):
            lapy.append(_time(lambda: read_ev(str(path))))
            ours.append(_time(lambda: io.read(path)))
    ratios = [theirs / own for theirs, own in zip(lapy, ours, strict=True)]
    return {
        "name": "reading",
        "lapy_us": statistics.median(lapy) * 1e6,
        "ours_us": statistics.median(ours) * 1e6,
        "ratio": statistics.median(ratios),
        "target": 1.0,
        "met": statistics.median(ratios) >= 1.0,
    }


def _time(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    for _ in range(CALLS):
        call()
    return (time.perf_counter() - start) / CALLS
