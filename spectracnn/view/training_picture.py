"""A training as a figure: its curves, and what it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.view.cohort.panels import CohortPicture, Line, Matrix, Panel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from spectracnn.state.training import TrainingState

_NAMES = (("training", ""), ("validation", "validation_"))


def curves_picture(state: TrainingState) -> CohortPicture | None:
    """Return loss and metric over the epochs; None before the first epoch is done.

    Parameters
    ----------
    state : TrainingState
        What the training has reported.
    """
    if not state.epochs:
        return None
    regression = state.plan.task is Task.REGRESSION
    metric = "Mean absolute error" if regression else "Accuracy"
    panels = (_panel(state, "Loss", "loss"), _panel(state, metric, "metric"))
    return CohortPicture("Training", panels)


def _panel(state: TrainingState, title: str, name: str) -> Panel:
    epochs = np.array([item.epoch for item in state.epochs], np.float64)
    lines = []
    for colour, (label, prefix) in enumerate(_NAMES):
        found = [getattr(item, prefix + name) for item in state.epochs]
        values = np.array([np.nan if value is None else value for value in found], np.float64)
        if np.isfinite(values).any():
            lines.append(Line(label, epochs, values, colour=colour))
    return Panel(title, x_label="epoch", lines=tuple(lines))


def result_picture(report: Mapping[str, Any], title: str) -> CohortPicture | None:
    """Return the confusion matrix, or predicted over true values; None where there is neither.

    Parameters
    ----------
    report : mapping
        What ``spectracnn train --json`` prints.
    title : str
        The figure that counts.
    """
    confusion = report.get("confusion")
    if confusion is not None:
        counts = np.array(confusion, np.float64)
        names = tuple(str(name) for name in report.get("classes", []))
        texts = tuple(tuple(f"{cell:.0f}" if cell else "" for cell in row) for row in counts)
        panel = Panel(
            "Out of fold",
            x_label="predicted",
            y_label="true",
            matrix=Matrix(counts, names, names, texts),
        )
        return CohortPicture(title, (panel,))
    true, predicted = (np.array(report.get(key, []), np.float64) for key in ("true", "predicted"))
    if not true.size or true.size != predicted.size:
        return None
    line = Line("", true, predicted, points=True, joined=False)
    shown = Panel("Out of fold", "true", "predicted", (line,), diagonal=True)
    return CohortPicture(title, (shown,))
