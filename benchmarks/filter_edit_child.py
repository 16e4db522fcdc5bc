"""Drags a weight in the filter lab of the real program, and prints how long each update took."""

from __future__ import annotations

import json
import math
import statistics
import time
from typing import Any

UPDATES = 120
FIRST = 20


def main() -> None:
    """Measure and print as JSON."""
    from benchmarks.gui_program import all_classified, maps_shown, program, spin, spin_until
    from spectracnn.gui.start.gaps import GapRecorder
    from spectracnn.resources import sample_spectra

    with program() as running:
        running.show(sample_spectra())
        spin_until(lambda: maps_shown(running) and all_classified(running), "the first maps")
        lab = running.tools.open("filter_lab")
        spin_until(lambda: lab.panel.isEnabled(), "the weights")
        spin(1.0)
        values = lab.panel.editor.weights[:, None]  # the first layer reads one channel
        lab.panel.gestureBegun.emit()
        recorder = GapRecorder()
        times = []
        for number in range(UPDATES):
            moved = values.copy()
            moved[2] += 0.2 * math.sin(number / 10)
            act = _edit(lab.panel, moved)
            times.append(_update(running.workspace, act))
        gap = recorder.worst("gap")
    clock, cpu = zip(*times[FIRST:], strict=True)
    found = {
        "update_ms": statistics.median(clock) * 1000,
        "update_cpu_ms": statistics.median(cpu) * 1000,
        "worst_update_ms": max(clock) * 1000,
        "updates_per_second": 1 / statistics.mean(clock),
    }
    print(json.dumps({**found, **gap}))


def _edit(panel: Any, values: Any) -> Any:
    return lambda: panel.edited.emit(values, 0.0, "dragged")


def _update(workspace: Any, act: Any) -> tuple[float, float]:
    """Return the seconds from an edit until the trace with it is on the screen, and our own."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    start, start_cpu = time.perf_counter(), time.thread_time()
    current = workspace.selection.current
    before = workspace.document.traces.get(current)
    loop = QEventLoop()

    def look(_contents: object) -> None:
        if workspace.document.traces.get(current) is not before:
            loop.quit()

    workspace.contentsChanged.connect(look)
    act()
    loop.exec()
    workspace.contentsChanged.disconnect(look)
    QCoreApplication.processEvents()  # the paint events of what was just set
    return time.perf_counter() - start, time.thread_time() - start_cpu


if __name__ == "__main__":
    main()
