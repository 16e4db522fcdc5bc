"""A network whose card reads another of its outputs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from spectracnn.core.outputs import Output, Task

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription

_PROBABILITIES = ("softmax", "sigmoid")


def reading_output(model: ModelDescription, place: int) -> ModelDescription:
    """Return the description as it would be if another output were read, its classes numbered.

    What the card knows of the predictions is about the output before, so it is left out.

    Parameters
    ----------
    model : ModelDescription
        As it is open.
    place : int
        Index in its outputs.
    """
    if place == model.output:
        return model
    output = model.outputs[place]
    task = _task(output)
    single = output.width == 1 and task in (Task.CLASSIFICATION, Task.SEGMENTATION)
    word = {Task.REGRESSION: "value", Task.MULTILABEL: "label"}.get(task, "class")
    names = tuple(f"{word} {number}" for number in range(2 if single else output.width))
    card = replace(
        model.card,
        output=output.name,
        task=task,
        classes=names,
        threshold=0.5,
        target="",
        unit="",
        temperature=1.0,
        conformal=(),
        reference=None,
    )
    return replace(model, output=place, task=task, classes=names, card=card, reference=None)


def _task(output: Output) -> Task:
    known = output.activation in _PROBABILITIES
    if output.per_step:
        return Task.SEGMENTATION if known else Task.REGRESSION
    if output.activation == "sigmoid" and output.width > 1:
        return Task.MULTILABEL
    return Task.CLASSIFICATION if known else Task.REGRESSION
