"""One run of the real program, with its worst gaps: ``FOLDER`` of many spectra as argument."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

STEPS = 40


def main() -> None:
    """Launch, look around, classify many spectra; print the worst gap of each as JSON."""
    from benchmarks.gui_program import all_classified, maps_shown, program, spin, spin_until
    from spectracnn.gui.start.gaps import GapRecorder
    from spectracnn.resources import sample_spectra

    many = Path(sys.argv[1])
    gaps: dict[str, float] = {}
    with program() as running:
        running.show(sample_spectra())
        # From here on a person sees a window, and expects it to answer.
        recorder = GapRecorder()
        spin_until(lambda: maps_shown(running) and all_classified(running), "the first maps")
        spin(0.5)
        gaps.update(recorder.worst("launch"))

        # What the machine itself adds.
        spin(1.0)
        gaps.update(recorder.worst("idle"))

        _look_around(running)
        gaps.update(recorder.worst("inference"))

        before = len(running.workspace.document.entries)
        running.window.open_paths([many])
        spin_until(lambda: len(running.workspace.document.entries) > before, "the files")
        spin_until(lambda: not running.reader.busy and all_classified(running), "the batch")
        spin(0.2)
        gaps.update(recorder.worst("batch"))
        gaps["batch_spectra"] = len(running.workspace.document.entries) - before
    print(json.dumps(gaps))


def _look_around(running: Any) -> None:
    """Step through the spectra and hover over their maps, as a person does."""
    from benchmarks.gui_program import spin
    from spectracnn.state.selection import Sample

    workspace = running.workspace
    entries = workspace.document.entries
    layers = len(workspace.contents.layers)
    for number in range(STEPS):
        workspace.set_current(entries[number % len(entries)].id)
        spin(0.06)
        workspace.hover(Sample(number % layers, 0, 0))
        spin(0.02)


if __name__ == "__main__":
    main()
