"""Where a network's scores are before they become probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.last_activation import LogitsPlace
from spectracnn.core.outputs import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription, Trace


def logits_place(description: ModelDescription) -> LogitsPlace | None:
    """Return where the logits of a network are; None where they are its output."""
    output = description.read
    return None if output.scores is None else LogitsPlace(output.scores, output.scores_before)


def logits(description: ModelDescription, trace: Trace) -> NDArray[np.float32]:
    """Return the network's scores before they became probabilities, one a class.

    Parameters
    ----------
    description : ModelDescription
        Of the network.
    trace : Trace
        Computed by it.

    Returns
    -------
    ndarray, shape (classes,), float32
        What the final softmax (or sigmoid) was given, be it fused with a layer or one of its own;
        without one, the output itself. One sigmoid's score ``z`` is given as ``(-z, z)``; of an
        output per step, it is the mean over the steps.
    """
    place = logits_place(description)
    values: Any = trace.output
    if place is not None:
        layer = trace.layers[place.layer]
        values = layer.output if not place.before or layer.before is None else layer.before
    output = description.read
    rows = np.asarray(values, np.float32).reshape(-1, output.width)
    row = rows[0] if len(rows) == 1 else rows.mean(axis=0)
    return np.concatenate([-row, row]) if description.reading.single else row


def needs_classes(task: Task) -> bool:
    """Whether the task names classes or labels; a regression names what it measures."""
    return task is not Task.REGRESSION
