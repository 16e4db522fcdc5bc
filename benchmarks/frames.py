"""Takes the time of one change on the screen, painting included."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def frame_times(changes: Iterable[Callable[[], None]]) -> list[tuple[float, float]]:
    """Measure each change until everything it asked for is painted.

    Returns
    -------
    list of (float, float)
        Milliseconds by the clock, and of the processor's time that the GUI thread took: the latter
        leaves out what other programs did in between.
    """
    from PySide6.QtCore import QCoreApplication

    times = []
    for change in changes:
        start, start_cpu = time.perf_counter(), time.thread_time()
        change()
        # The first turn lets queued signals through, the second paints what they changed.
        QCoreApplication.processEvents()
        QCoreApplication.processEvents()
        clock, cpu = time.perf_counter() - start, time.thread_time() - start_cpu
        times.append((clock * 1000, cpu * 1000))
    return times


def summary(times: list[tuple[float, float]]) -> dict[str, float]:
    """Return the median and the 95th percentile by the clock, and the median of the processor's."""
    clock, cpu = zip(*times, strict=True)
    return {
        "frame_ms": statistics.median(clock),
        "frame_p95_ms": statistics.quantiles(clock, n=20)[-1],
        "frame_cpu_ms": statistics.median(cpu),
    }
