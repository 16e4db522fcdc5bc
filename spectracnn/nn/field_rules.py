"""How receptive fields change in layers that do not slide a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.fields import ReceptiveField
from spectracnn.nn.windows import extended

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.windows import Window

Steps = np.ndarray[tuple[int], np.dtype[np.int64]]


def everything(fields: Sequence[ReceptiveField], steps: int) -> ReceptiveField:
    """Return a field that unites all steps; border samples that no step reads stay outside."""
    seen = np.logical_or.reduce([field.mask.any(axis=0) for field in fields])
    reached = np.flatnonzero(seen)
    first, last = (float(reached[0]), float(reached[-1])) if reached.size else (0.0, 0.0)
    return ReceptiveField(
        mask=np.tile(seen, (steps, 1)),
        start=np.full(steps, first),
        stop=np.full(steps, last),
        size=int(last - first) + 1,
        jump=0.0,
    )


def picked(field: ReceptiveField, steps: Steps) -> ReceptiveField:
    """Return a field whose steps are those of another; those outside are padding of zeros."""
    inside = (steps >= 0) & (steps < field.steps)
    mask = field.mask[np.clip(steps, 0, field.steps - 1)] & inside[:, None]
    start = extended(field.start, field.jump, steps)
    stop = extended(field.stop, field.jump, steps)
    return ReceptiveField(mask, start, stop, field.size, field.jump)


def repeated(field: ReceptiveField, times: int) -> ReceptiveField:
    """Return the field after each step was repeated."""
    at = np.repeat(np.arange(field.steps), times)
    return ReceptiveField(
        field.mask[at], field.start[at], field.stop[at], field.size, field.jump / times
    )


def transposed(field: ReceptiveField, window: Window, steps_out: int) -> ReceptiveField:
    """Return the field after a transposed convolution.

    Output step ``o`` reads input step ``i`` where ``o = strides * i + dilation * tap - padding``
    for a tap of the kernel; the padding is that of the convolution it transposes.
    """
    padding = -window.first_tap(steps_out, field.steps)
    outputs = np.arange(steps_out) + padding
    read = field.mask
    mask = np.zeros((steps_out, field.inputs), dtype=np.bool_)
    for tap in range(window.kernel_size):
        at, rest = np.divmod(outputs - tap * window.dilation, window.strides)
        inside = (rest == 0) & (at >= 0) & (at < field.steps)
        mask[inside] |= read[at[inside]]
    last = outputs // window.strides
    first = np.minimum(-(-(outputs - window.span + 1) // window.strides), last)
    start = extended(field.start, field.jump, first)
    stop = extended(field.stop, field.jump, last)
    reach = -(-window.span // window.strides)
    size = field.size + round((reach - 1) * field.jump)
    return ReceptiveField(mask, start, stop, size, field.jump / window.strides)


def forwards(field: ReceptiveField) -> ReceptiveField:
    """Return the field of a sequence whose step depends on all steps up to it."""
    return _running(field, np.arange(field.steps))


def backwards(field: ReceptiveField) -> ReceptiveField:
    """Return the field of a sequence that begins at the last step and goes back to the first."""
    return _running(field, np.arange(field.steps)[::-1])


def _running(field: ReceptiveField, order: NDArray[Any]) -> ReceptiveField:
    return ReceptiveField(
        mask=np.logical_or.accumulate(field.mask[order], axis=0),
        start=np.minimum.accumulate(field.start[order]),
        stop=np.maximum.accumulate(field.stop[order]),
        size=field.inputs,
        jump=field.jump,
    )


def concatenated(fields: Sequence[ReceptiveField]) -> ReceptiveField:
    """Return the field of sequences joined end to end."""
    return ReceptiveField(
        mask=np.concatenate([field.mask for field in fields]),
        start=np.concatenate([field.start for field in fields]),
        stop=np.concatenate([field.stop for field in fields]),
        size=max(field.size for field in fields),
        jump=fields[0].jump,
    )
