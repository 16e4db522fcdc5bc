"""The forward direction: which samples of a layer depend on chosen eigenvalues."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.weak_cache import weak_cache
from spectracnn.view.layers import layer_edges
from spectracnn.view.spectra import input_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, ModelDescription, Trace
    from spectracnn.view.pictures import Range
    from spectracnn.view.scales import AxisScale

Span = tuple[int, int]

# Layers each of whose numbers depends on the number at the same place alone.
_ONE_TO_ONE = frozenset(
    """Flatten Reshape Dropout GaussianDropout GaussianNoise AlphaDropout ActivityRegularization
    Identity Activation ReLU LeakyReLU PReLU ELU BatchNormalization""".split()
)


@weak_cache(128)
def dependents(
    description: ModelDescription, trace: Trace, layer: int, span: Span
) -> NDArray[np.bool_] | None:
    """Return which steps of a layer's output depend on any of these eigenvalues.

    The exact receptive fields tell. Of a vector that was flattened or joined from feature maps,
    each unit has the field of the sample that it was.

    Parameters
    ----------
    description : ModelDescription
        The model.
    trace : Trace
        Says which eigenvalue each input sample is.
    layer : int
        Index in ``ModelDescription.layers``.
    span : (int, int)
        First and last eigenvalue, as indices of the file, both included.

    Returns
    -------
    ndarray, shape (steps,) or (units,), bool
        None where no exact claim can be made.
    """
    info = description.layers[layer]
    axis = input_positions(trace.positions)
    chosen = (axis >= span[0]) & (axis <= span[1])
    if len(info.output_shape) == 1:
        found = _units(description, trace, info, span, chosen)
        if found is not None:
            return frozen_array(found)
    if info.field is None or len(info.output_shape) > 2:
        return None
    depend: NDArray[np.bool_] = info.field.depends_on(chosen)
    if len(info.output_shape) == 1:
        depend = np.repeat(depend[:1], info.output_shape[0])
    return frozen_array(depend) if depend.size == info.output_shape[0] else None


def _units(
    description: ModelDescription,
    trace: Trace,
    info: LayerInfo,
    span: Span,
    chosen: NDArray[np.bool_],
) -> NDArray[np.bool_] | None:
    """Return which units of a vector depend, where each is a number of a layer before."""
    if info.layer_class not in _ONE_TO_ONE | {"Concatenate"}:
        return None
    if not info.sources:
        times = trace.input.size // max(chosen.size, 1)
        # Structures are channels, or rows of an image one after the other.
        rows = trace.input.ndim > 2
        whole = np.tile(chosen, times) if rows else np.repeat(chosen, times)
        return whole if whole.size == info.output_shape[0] else None
    parts = []
    for source in info.sources:
        part = dependents(description, trace, source, span)
        if part is None:
            return None
        shape = description.layers[source].output_shape
        parts.append(np.repeat(part, shape[1] if len(shape) > 1 else 1))
    joined = np.concatenate(parts)
    return joined if joined.size == info.output_shape[0] else None


def dependent_ranges(
    description: ModelDescription, trace: Trace, layer: int, span: Span, scale: AxisScale
) -> tuple[Range, ...] | None:
    """Return where the dependent samples of a layer stand, in display coordinates.

    Parameters
    ----------
    description, trace, layer, span
        As for `dependents`.
    scale : AxisScale
        Of the index axis; vectors have a linear one of units.

    Returns
    -------
    tuple of (float, float)
        None where no claim is made.
    """
    depend = dependents(description, trace, layer, span)
    if depend is None:
        return None
    info = description.layers[layer]
    if info.is_sequence:
        edges: NDArray[np.float64] = scale.forward(layer_edges(info, trace.positions))
    else:
        edges = np.arange(depend.size + 1.0) - 0.5
    inside = np.concatenate(([False], depend, [False])).astype(np.int8)
    changes = np.diff(inside)
    firsts, ends = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
    return tuple((float(edges[a]), float(edges[b])) for a, b in zip(firsts, ends, strict=True))


def reach(
    description: ModelDescription, trace: Trace, span: Span
) -> tuple[tuple[str, int, int], ...]:
    """Return how many samples of each layer depend on these eigenvalues.

    Returns
    -------
    tuple of (str, int, int)
        The layer's name, how many of its steps or units depend, and how many it has; layers
        without a claim are left out.
    """
    rows = []
    for layer, info in enumerate(description.layers):
        depend = dependents(description, trace, layer, span)
        if depend is not None:
            rows.append((info.name, int(depend.sum()), int(depend.size)))
    return tuple(rows)
