"""One epoch of a training against Keras's own ``model.fit`` on the same network and data.

Both learn the tutorial's network on the 300 bundled spectra, in batches of 32, by the same
optimiser. Ours keeps in each epoch what the window shows: figures, a snapshot of the weights on the
disk, and a look at what the person wants. The time is the processor's, in turns.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.gui_child import run_child

ROUNDS = 3
TURNS = 9
EPOCHS = 8
"""Of a turn; a first turn warms both up."""

BATCH = 32


def run() -> dict[str, Any]:
    """Measure, each round in a process of its own."""
    runs = [run_child("benchmarks.training_epoch") for _ in range(ROUNDS)]
    medians = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
    return {"name": "training_epoch", **medians}


class _Watching:
    """A listener that wants snapshots, as the window does."""

    snapshots = True

    def __init__(self) -> None:
        self.seen = 0

    def emit(self, event: object) -> None:
        self.seen += 1

    def wish(self) -> None:
        return None


def main() -> None:
    """Measure and print as JSON."""
    import json

    with tempfile.TemporaryDirectory() as folder:
        ours, bare = _ours(Path(folder)), _bare()
        ours(), bare()
        turns = [(ours(), bare()) for _ in range(TURNS)]
    mine, theirs = (statistics.median(part) for part in zip(*turns, strict=True))
    print(
        json.dumps(
            {
                "epoch_ms": mine * 1000,
                "fit_epoch_ms": theirs * 1000,
                "ours_over_fit": statistics.median(one / other for one, other in turns),
            }
        )
    )


def _plan(folder: Path) -> Any:
    from spectracnn.core.training_plan import TrainingPlan
    from spectracnn.resources import training_spectra

    return TrainingPlan(
        (str(training_spectra()),),
        str(folder / "m.keras"),
        architecture="tutorial",
        epochs=EPOCHS,
        batch=BATCH,
        patience=0,
        folds=0,
    )


def _ours(folder: Path) -> Any:
    """Return a function that trains a turn's epochs and returns the seconds of one."""
    import numpy as np

    from spectracnn.core.training import StageBegan
    from spectracnn.nn.train.labelled import read_labelled
    from spectracnn.nn.train.run import _Run
    from spectracnn.nn.train.watching import StageWatch

    plan = _plan(folder)
    run = _Run(plan, Path(plan.out), read_labelled(plan), _Watching())
    run.store.begin()
    part = run._part(np.ones(len(run.data), bool))
    pool = part.pool(run.settings, np.ones(len(run.data), bool), 0)
    began = StageBegan(0, 1, "all", EPOCHS, "shown")

    def turn() -> float:
        watch = StageWatch(run.listener, run.store, began, part)
        start = time.process_time()
        run.trainer.fit(pool, watch, seed=0, n_spectra=len(run.data))
        return (time.process_time() - start) / EPOCHS

    return turn


def _bare() -> Any:
    """Return a function that lets Keras fit a turn's epochs and returns the seconds of one."""
    import numpy as np

    from spectracnn.nn.backend import load_keras
    from spectracnn.nn.train.architecture import tutorial_network
    from spectracnn.nn.train.labelled import read_labelled
    from spectracnn.nn.train.preparing import fitted_standardise, standardised

    _, keras = load_keras()
    plan = _plan(Path())
    data = read_labelled(plan)
    raw = data.inputs(plan.input_steps(100))
    inputs = standardised(fitted_standardise(raw), raw)[..., None]
    targets = np.eye(len(data.classes), dtype=np.float32)[data.truth]
    network = tutorial_network(100, len(data.classes))
    network.compile(
        optimizer=keras.optimizers.AdamW(1e-3, weight_decay=0.0),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )

    def turn() -> float:
        start = time.process_time()
        network.fit(inputs, targets, batch_size=BATCH, epochs=EPOCHS, verbose=0)
        return (time.process_time() - start) / EPOCHS

    return turn


if __name__ == "__main__":
    main()
