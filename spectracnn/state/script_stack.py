"""A stack of layers on one input as a Python script: of the layer lab, and of lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.core.lab.keras_code import keras_code
from spectracnn.state.script_values import code

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.lab.specs import LayerStack

IMPORTS = ("import numpy as np", "", "import spectracnn as sc", "")


def stack_script(
    stack: LayerStack,
    values: NDArray[np.float32],
    weights: Sequence[tuple[NDArray[np.float32], ...] | None] = (),
) -> tuple[str, ...]:
    """Return a script that leaves ``result``, and ``outputs`` with an array a layer.

    Parameters
    ----------
    stack : LayerStack
        The layers, with the seed of weights that are not given.
    values : ndarray, shape ``stack.input_shape``, float32
        The input.
    weights : sequence of tuple of ndarray or None
        For a layer that has its own: kernel and, where it has one, bias.
    """
    lines = [*IMPORTS, f"values = {array_code(values)}", "layers = ["]
    lines += [f"    {keras_code(layer)!r}," for layer in stack.layers]
    lines += ["]"]
    given = ""
    if any(one is not None for one in weights):
        lines += ["weights = [", *(f"    {_arrays(one)}," for one in weights), "]"]
        given = ", weights=weights"
    lines += [
        f"result = sc.run_layers(layers, values{given}, seed={stack.seed})",
        "outputs = [trace.output for trace in result.traces]",
    ]
    return tuple(lines)


def array_code(values: NDArray[np.float32]) -> str:
    """Return an array of any number of axes as an expression."""
    flat = code(values.ravel())
    return flat if values.ndim == 1 else f"{flat}.reshape({values.shape!r})"


def _arrays(weights: tuple[NDArray[np.float32], ...] | None) -> str:
    if weights is None:
        return "None"
    return f"({', '.join(map(array_code, weights))},)"
