"""Pans 100 overlaid spectra; the file that holds them is the argument."""

from __future__ import annotations

import json
import sys
from pathlib import Path

FRAMES = 120


def main() -> None:
    """Measure and print as JSON."""
    from benchmarks.frames import frame_times, summary
    from benchmarks.gui_program import all_classified, maps_shown, program, spin, spin_until

    with program() as running:
        running.show([Path(sys.argv[1])])
        spin_until(lambda: maps_shown(running) and all_classified(running), "the first maps")
        workspace, stack = running.workspace, running.window.ui.stack
        workspace.set_overlaid(entry.id for entry in workspace.document.entries)
        spin(1.0)
        drawn = len(stack.spectrum.drawn)
        box = stack.spectrum.plot.getViewBox()

        def pan(number: int) -> None:
            # As a drag does it: the box moves, and says that a person moved it.
            box.translateBy(x=0.5 if number // 20 % 2 == 0 else -0.5)
            box.sigRangeChangedManually.emit(box.state["mouseEnabled"])

        times = frame_times(lambda n=n: pan(n) for n in range(FRAMES))
        print(json.dumps({"curves": drawn, **summary(times[10:])}))


if __name__ == "__main__":
    main()
