"""A filter's map before and after its weights were changed, and what became of the prediction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.layer_lab import picture_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.view.layer_lab import StagePicture

MOST_CLASSES = 8


@dataclass(frozen=True)
class Shift:
    """One output of the network.

    Parameters
    ----------
    name : str
        Of the class, or of what is predicted.
    before, after : float
        Its probability, or its value.
    """

    name: str
    before: float
    after: float


@dataclass(frozen=True, eq=False)
class FilterOutcome:
    """What a change of weights did.

    Parameters
    ----------
    maps : tuple of StagePicture
        The filter's map before, after, and their difference.
    shifts : tuple of Shift
        The outputs that matter most, the largest after the change first.
    probabilities : bool
        Whether the outputs are shares of one.
    """

    maps: tuple[StagePicture, ...]
    shifts: tuple[Shift, ...]
    probabilities: bool


def outcome(
    model: ModelDescription, layer: int, channel: int, before: Trace, after: Trace
) -> FilterOutcome:
    """Return what is shown of a change.

    Parameters
    ----------
    model : ModelDescription
        The network.
    layer, channel : int
        Whose map; of a layer that makes vectors, all its units are shown.
    before, after : Trace
        The passes with the model's own weights, and with those set by hand.
    """
    one, other = (_map(trace, layer, channel) for trace in (before, after))
    pictures = (
        picture_of("Before", one),
        picture_of("After", other),
        picture_of("Difference", other - one, "after minus before"),
    )
    return FilterOutcome(pictures, *_shifts(model, before, after))


def _map(trace: Trace, layer: int, channel: int) -> NDArray[np.float32]:
    values = trace.layers[layer].output
    if values.ndim == 1:
        return values
    return values[..., min(channel, values.shape[-1] - 1)]


def _shifts(model: ModelDescription, before: Trace, after: Trace) -> tuple[tuple[Shift, ...], bool]:
    classes = model.classes
    if len(classes) == after.probabilities.size and after.probabilities.ndim == 1:
        order = np.argsort(-np.maximum(before.probabilities, after.probabilities), kind="stable")
        found = tuple(
            Shift(classes[i], float(before.probabilities[i]), float(after.probabilities[i]))
            for i in order[:MOST_CLASSES].tolist()
        )
        return found, True
    old, new = before.output.reshape(-1), after.output.reshape(-1)
    names = [model.card.target or "output"] if new.size == 1 else [f"{i}" for i in range(new.size)]
    pairs = zip(names[:MOST_CLASSES], old.tolist(), new.tolist(), strict=False)
    return tuple(Shift(*three) for three in pairs), False
