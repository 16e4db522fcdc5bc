"""What a stack of layers computed for one input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spectracnn.core.lab.specs import LayerStack
    from spectracnn.core.trace import LayerInfo, LayerTrace
    from spectracnn.core.weights import LayerWeights


@dataclass(frozen=True, eq=False)
class LabResult:
    """What each layer of a stack is, and what it computed.

    Parameters
    ----------
    stack : LayerStack
        What was run.
    layers : tuple of LayerInfo
        Shapes, receptive fields, parameters: Keras's own.
    traces : tuple of LayerTrace
        Parallel to the layers: ``(steps, channels)``, ``(rows, columns, channels)`` or
        ``(channels,)``.
    weights : tuple of LayerWeights
        Parallel to the layers; pooling has none.
    """

    stack: LayerStack
    layers: tuple[LayerInfo, ...]
    traces: tuple[LayerTrace, ...]
    weights: tuple[LayerWeights, ...]
