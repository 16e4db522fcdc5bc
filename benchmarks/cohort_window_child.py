"""Opens one study in the real window and works with its table: ``PATH COUNT`` as arguments."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

STEPS = 30


class Turns:
    """The processor's time of the GUI thread in the longest turn of its event loop."""

    def __init__(self) -> None:
        from PySide6.QtCore import QObject, QTimer

        self.worst = 0.0
        self._last = time.thread_time()
        self._owner = QObject()
        self._timer = QTimer(self._owner, interval=0)
        self._timer.timeout.connect(self._turned)
        self._timer.start()

    def _turned(self) -> None:
        now = time.thread_time()
        self.worst = max(self.worst, now - self._last)
        time.sleep(0.001)  # this loop turns all the time: leave the others some
        self._last = time.thread_time()

    def take(self) -> float:
        """Return the worst turn in milliseconds, and begin anew."""
        worst, self.worst = self.worst, 0.0
        self._last = time.thread_time()
        return worst * 1000


def memory() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Open the samples, then the study; measure and print as JSON."""
    from benchmarks.gui_program import all_classified, maps_shown, program, spin, spin_until
    from spectracnn.resources import sample_spectra

    path, count = Path(sys.argv[1]), int(sys.argv[2])
    with program() as running:
        running.show(sample_spectra())
        spin_until(lambda: maps_shown(running) and all_classified(running), "the first maps")
        spin(2.0)
        known = len(running.workspace.document.entries)
        gc.collect()
        empty, turns = memory(), Turns()
        found: dict[str, float] = {}

        table, document = running.window.ui.table, lambda: running.workspace.document
        began = time.process_time()
        running.window.open_paths([path])
        spin_until(lambda: len(document().entries) > known, "the first rows")
        found["first_rows_s"] = time.process_time() - began
        spin_until(
            lambda: len(document().entries) == known + count and not running.reader.busy, "all rows"
        )
        found["usable_s"] = time.process_time() - began
        found["turn_opening_ms"] = turns.take()
        spin_until(lambda: document().answers.answered.sum() > 1000, "the first classes")
        found["turn_classifying_ms"] = turns.take()
        found["memory_mb"] = memory() - empty
        found |= _worked(table, turns)
        found["answered_meanwhile"] = float(document().answers.answered.sum())
        found |= _removed(running, known + count, turns)
        found["memory_at_end_mb"] = memory() - empty
        from spectracnn.io.store import spectrum_store

        found["cache_mb"] = spectrum_store().held / 1e6
    print(json.dumps(found))


def _steps(steps: Any) -> float:
    """Return the median of the GUI thread's milliseconds from a change until it is painted."""
    from benchmarks.frames import frame_times, summary

    return summary(frame_times(steps))["frame_cpu_ms"]


def _worked(table: Any, turns: Turns) -> dict[str, float]:
    """Scroll, filter and sort, while classes come in."""
    from PySide6.QtCore import Qt

    from benchmarks.gui_program import spin

    bar = table.view.verticalScrollBar()
    most = bar.maximum()
    found = {}
    found["scroll_ms"] = _steps(
        lambda at=at: bar.setValue(most * at // STEPS) for at in range(STEPS)
    )
    spin(3.0)
    texts = [("sub-0", "sub-00", "sub-001", "cup", "p > 0.5", "")[at % 6] for at in range(STEPS)]
    found["filter_ms"] = _steps(lambda text=text: table.filter_edit.setText(text) for text in texts)
    table.filter_edit.clear()
    orders = (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder)
    for name in ("class", "name", "probability"):
        place = table.model.column(name)
        found[f"sort_{name}_ms"] = _steps(
            lambda at=at, place=place: table.view.sortByColumn(place, orders[at % 2])
            for at in range(6)
        )
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    spin(1.0)
    found["turn_working_ms"] = turns.take()
    return found


def _removed(running: Any, count: int, turns: Turns) -> dict[str, float]:
    """Select all, delete and take it back."""
    from benchmarks.gui_program import spin

    table, workspace = running.window.ui.table, running.workspace
    table.view.selectAll()
    spin(0.3)
    found = {"turn_select_all_ms": turns.take()}
    table.removalRequested.emit(table.selected_ids())
    spin(0.3)
    assert not workspace.document.entries
    found["turn_delete_ms"] = turns.take()
    workspace.editing.stack.undo()
    spin(0.5)
    assert len(workspace.document.entries) == count
    found["turn_undo_ms"] = turns.take()
    return found


if __name__ == "__main__":
    main()
