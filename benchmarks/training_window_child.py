"""Trains in the real program while its panels follow, and prints the worst gaps as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

EPOCHS = 30
PATIENCE = 600.0


def main() -> None:
    """Open the labelled spectra, train on them as a person would, and print what was measured."""
    from benchmarks.gui_program import all_classified, maps_shown, program, spin, spin_until
    from spectracnn.core.training import TrainingDone
    from spectracnn.gui.start.gaps import GapRecorder
    from spectracnn.resources import training_spectra

    out = Path(sys.argv[1], "watched.keras")
    with program() as running:
        running.show([training_spectra()])
        spin_until(lambda: maps_shown(running) and all_classified(running), "the first maps")
        spin(1.0)
        tool = running.tools.open("training")
        tool.form.out_edit.setText(str(out))
        tool.form.learning.epochs_box.setValue(EPOCHS)
        tool.form.learning.folds_box.setValue(0)  # folds are not watched
        spin(1.0)
        shown: set[object] = set()
        running.workspace.weightsChanged.connect(lambda edits: shown.add(id(edits)))
        recorder = GapRecorder()
        start = time.perf_counter()
        tool.start_button.click()
        spin_until(
            lambda: bool(tool.state and not tool.state.running), "the end of the training", PATIENCE
        )
        seconds = time.perf_counter() - start
        spin(2.0)
        gap = recorder.worst("gap")
        state = tool.state
        if state is None or not isinstance(state.done, TrainingDone):
            raise RuntimeError("" if state is None else state.problem)
        followed = {"epochs": len(state.epochs), "epochs_shown": len(shown), "seconds": seconds}
    print(json.dumps({**followed, **gap}))


if __name__ == "__main__":
    main()
