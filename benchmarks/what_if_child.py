"""Moves a what-if slider in the real program, and prints how long each update took."""

from __future__ import annotations

import json
import statistics
import time
from typing import Any

UPDATES = 120
FIRST = 20


def main() -> None:
    """Measure and print as JSON."""
    from benchmarks.gui_program import all_classified, maps_shown, program, spin, spin_until
    from spectracnn.core.edits import Scale
    from spectracnn.gui.start.gaps import GapRecorder
    from spectracnn.resources import sample_spectra

    with program() as running:
        running.show(sample_spectra())
        spin_until(lambda: maps_shown(running) and all_classified(running), "the first maps")
        running.tools.open("what_if")
        spin(1.0)
        editing = running.workspace.editing
        editing.begin()
        recorder = GapRecorder()
        times = []
        for number in range(UPDATES):
            edit = Scale(first=20, last=60, factor=1 + number / 400)
            times.append(_update(running.workspace, lambda e=edit: editing.change(e)))
        gap = recorder.worst("gap")
    figures = {
        "update_ms": statistics.median(times[FIRST:]) * 1000,
        "worst_update_ms": max(times[FIRST:]) * 1000,
        "updates_per_second": 1 / statistics.mean(times[FIRST:]),
    }
    print(json.dumps({**figures, **gap}))


def _update(workspace: Any, act: Any) -> float:
    """Return the seconds from an edit until its own trace is on the screen."""
    from PySide6.QtCore import QCoreApplication, QEventLoop

    start = time.perf_counter()
    act()
    edited = workspace.document.entry(workspace.selection.current).spectrum
    before = workspace.document.traces.get(workspace.selection.current)
    loop = QEventLoop()

    def look(contents: object) -> None:
        trace = workspace.document.traces.get(workspace.selection.current)
        now = workspace.document.entry(workspace.selection.current).spectrum
        if trace is not before and now is edited:
            loop.quit()

    workspace.contentsChanged.connect(look)
    loop.exec()
    workspace.contentsChanged.disconnect(look)
    QCoreApplication.processEvents()  # the paint events of what was just set
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
