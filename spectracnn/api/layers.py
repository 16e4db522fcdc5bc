"""Layers of one's own on one input: the layer lab without its window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.lab.keras_code import parse_layer
from spectracnn.core.lab.specs import LayerStack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.lab.result import LabResult


def run_layers(
    layers: Sequence[str],
    values: Any,
    *,
    weights: Sequence[Sequence[Any] | None] = (),
    seed: int = 0,
) -> LabResult:
    """Send one input through layers, with weights of your own or drawn from a seed.

    Parameters
    ----------
    layers : sequence of str
        Each as Keras's constructor is called.
    values : array_like, shape (steps, channels) or (rows, columns, channels)
        The input.
    weights : sequence of sequence of array_like or None
        For each layer its kernel and bias, as Keras orders them; None for weights from the seed.
    seed : int
        Of the weights that are not given.

    Returns
    -------
    LabResult
        ``traces`` with each layer's output, ``weights`` and ``layers``.

    Raises
    ------
    LayerError
        If a line is no layer, a layer has no output on this input, or weights do not fit it.

    Examples
    --------
    >>> import numpy as np, spectracnn as sc
    >>> result = sc.run_layers(["Conv1D(2, 3)", "MaxPooling1D(2)"], np.ones((10, 1)))
    >>> [trace.output.shape for trace in result.traces]
    [(8, 2), (4, 2)]
    """
    from spectracnn.nn.layer_lab import run_stack

    given = np.asarray(values, np.float32)
    stack = LayerStack(given.shape, tuple(map(parse_layer, layers)), seed)
    own = [
        None if one is None else tuple(np.asarray(array, np.float32) for array in one)
        for one in weights
    ]
    return run_stack(stack, given, own)
