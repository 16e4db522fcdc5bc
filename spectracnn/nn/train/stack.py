"""Layers that a person put together, line by line, as in the layer lab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.core.lab.keras_code import parse_layer
from spectracnn.core.lab.shapes import reports
from spectracnn.core.lab.specs import LayerStack
from spectracnn.errors import LayerError

if TYPE_CHECKING:
    from collections.abc import Sequence


def stack_of(lines: Sequence[str], n_values: int) -> LayerStack:
    """Return the layers of a plan, on spectra of this length.

    Parameters
    ----------
    lines : sequence of str
        A layer each, such as ``Conv1D(8, 3, activation="relu")``; parsed, never run.
    n_values : int
        Of the input.

    Raises
    ------
    LayerError
        If a line is none, or a layer has no output on spectra of this length.
    """
    layers = []
    for place, line in enumerate(lines):
        try:
            layers.append(parse_layer(line))
        except LayerError as error:
            raise LayerError(f"Layer {place + 1}: {error.message}", error.hint) from error
    stack = LayerStack((n_values, 1), tuple(layers))
    reports(stack)  # refuses what has no output
    return stack
