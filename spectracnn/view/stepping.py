"""Moving the pinned sample with the keyboard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.document import current_entry
from spectracnn.state.selection import SPECTRUM, LayerMode, Sample, Selection
from spectracnn.view.ordering import channel_order
from spectracnn.view.planes import is_image, layer_plane

if TYPE_CHECKING:
    from spectracnn.state.document import Document


def stepped(document: Document, selection: Selection, steps: int, channels: int) -> Sample | None:
    """Return the neighbour of the pinned sample.

    Parameters
    ----------
    document : Document
        Says how far there is to go.
    selection : Selection
        Its pinned sample is the start.
    steps, channels : int
        How far along the index axis, and across feature maps.

    Returns
    -------
    Sample or None
        Stays inside the layer; None when nothing is pinned.
    """
    sample, entry = selection.pinned, current_entry(document, selection)
    if sample is None or entry is None:
        return None
    if sample.layer == SPECTRUM:
        last = len(entry.spectrum) - 1
        return replace(sample, step=min(max(sample.step + steps, 0), last))
    if document.model is None:
        return None
    info = document.model.layers[sample.layer]
    shape = info.output_shape
    if is_image(info):
        plane = layer_plane(document.model, info, sample.channel)
        row, along = plane.place(sample.step)
        row = min(max(row + channels, 0), len(plane.rows) - 1)
        along = min(max(along + steps, 0), shape[0 if plane.turned else 1] - 1)
        return replace(sample, step=plane.step(row, along))
    width = shape[-1] if len(shape) > 1 else 1
    return replace(
        sample,
        step=min(max(sample.step + steps, 0), shape[0] - 1),
        channel=_neighbour(document, selection, sample, channels, width),
    )


def _neighbour(
    document: Document, selection: Selection, sample: Sample, rows: int, width: int
) -> int:
    """Return the channel so many rows further down, as the rows stand on the screen."""
    trace = document.traces.get(selection.current) if selection.current is not None else None
    order = None
    if trace is not None and document.model is not None:
        if selection.options(sample.layer).mode is LayerMode.HEAT_MAP:
            order = channel_order(document.model, trace, sample.layer, selection.channel_order)
    if order is None:
        return min(max(sample.channel + rows, 0), width - 1)
    row = int(np.flatnonzero(order == sample.channel)[0])
    return int(order[min(max(row + rows, 0), width - 1)])
