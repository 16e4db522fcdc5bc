"""One run of the real program that opens a large model: its path as argument."""

from __future__ import annotations

import json
import sys
from pathlib import Path

SPECTRA = 8


def main() -> None:
    """Launch, open the model, step through spectra; print the worst gap of each as JSON."""
    from benchmarks.gui_program import all_classified, maps_shown, program, spin, spin_until
    from spectracnn.gui.start.gaps import GapRecorder
    from spectracnn.resources import sample_spectra

    path = Path(sys.argv[1])
    found: dict[str, float] = {}
    with program() as running:
        running.show(sample_spectra())
        spin_until(lambda: maps_shown(running) and all_classified(running), "the first maps")
        spin(1.0)
        recorder = GapRecorder()
        running.window.open_paths([path])
        spin_until(lambda: running.workspace.document.model.path == str(path), "the model")
        spin_until(lambda: maps_shown(running) and all_classified(running), "its maps")
        spin(0.5)
        found.update(recorder.worst("open"))
        model = running.workspace.document.model
        found["layers"], found["parameters"] = len(model.layers), model.n_params
        for entry in running.workspace.document.entries[:SPECTRA]:
            running.workspace.set_current(entry.id)
            spin_until(lambda: maps_shown(running), "a trace")
            spin(0.2)
        found.update(recorder.worst("trace"))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
