"""Which samples of its input each step of a layer reads: exact, with padding and holes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.fields import ReceptiveField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.windows import Window


def slide(field: ReceptiveField, window: Window, steps_out: int) -> ReceptiveField:
    """Return the receptive field after a layer that slides a window.

    Parameters
    ----------
    field : ReceptiveField
        Of the layer's input.
    window : Window
        How it slides.
    steps_out : int
        Number of output steps.

    Returns
    -------
    ReceptiveField
        In terms of the model's input, as ``field`` is.

    References
    ----------
    .. [1] Araujo, Norris and Sim (2019), Computing Receptive Fields of Convolutional Neural
       Networks, Distill, https://doi.org/10.23915/distill.00021.
    """
    first = window.first_tap(field.steps, steps_out)
    starts = first + np.arange(steps_out) * window.strides
    read = field.mask
    mask = np.zeros((steps_out, field.inputs), dtype=np.bool_)
    for tap in range(window.kernel_size):
        at = starts + tap * window.dilation
        inside = (at >= 0) & (at < field.steps)
        mask[inside] |= read[at[inside]]
    jump = field.jump * window.strides
    start = extended(field.start, field.jump, starts)
    stop = extended(field.stop, field.jump, starts + window.span - 1)
    size = field.size + round((window.span - 1) * field.jump)
    return ReceptiveField(mask, start, stop, size, jump)


def extended(
    values: np.ndarray[tuple[int], np.dtype[np.float64]],
    jump: float,
    at: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the values at these steps; outside, go on with the layer's jump into the padding."""
    last = values.size - 1
    clipped = np.clip(at, 0, last)
    return np.asarray(values[clipped] + (at - clipped) * jump)


def union(fields: Sequence[ReceptiveField]) -> ReceptiveField | None:
    """Return the field of samples that depend on several branches at the same step."""
    steps = max(field.steps for field in fields)
    if any(field.steps not in (1, steps) for field in fields):
        return None
    # A single step, such as the weights of channel attention, is spread over all.
    shape = (steps, fields[0].inputs)
    mask = np.logical_or.reduce([np.broadcast_to(field.mask, shape) for field in fields])
    start = np.minimum.reduce([np.broadcast_to(field.start, steps) for field in fields])
    stop = np.maximum.reduce([np.broadcast_to(field.stop, steps) for field in fields])
    return ReceptiveField(
        mask, start, stop, max(field.size for field in fields), max(field.jump for field in fields)
    )
