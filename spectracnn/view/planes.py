"""Outputs of shape (rows, columns, channels), of which one channel is shown at a time.

In a network that reads several structures as rows of an image, rows are structures and columns are
steps. Samples of such a layer are numbered as the array lies in memory: step ``row * columns +
column``, and the channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.weak_cache import weak_cache

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, ModelDescription, Trace
    from spectracnn.state.selection import LayerOptions, Sample


@dataclass(frozen=True)
class Plane:
    """How one channel lies on the panel.

    Parameters
    ----------
    channel : int
        Which one is shown.
    rows : tuple of str
        What each row on the panel is.
    columns : int
        Of the array.
    turned : bool
        Whether the array's rows run along the panel's index axis instead of its columns.
    """

    channel: int
    rows: tuple[str, ...]
    columns: int
    turned: bool = False

    def step(self, row: int, along: int) -> int:
        """Return the number of the sample that stands in a row, so far along the index axis."""
        line, column = (along, row) if self.turned else (row, along)
        return line * self.columns + column

    def place(self, step: int) -> tuple[int, int]:
        """Return row and place along the index axis of a sample."""
        line, column = divmod(step, self.columns)
        return (column, line) if self.turned else (line, column)


def is_image(info: LayerInfo) -> bool:
    """Tell whether a layer's output has rows, columns and channels."""
    return len(info.output_shape) == 3


def layer_plane(model: ModelDescription, info: LayerInfo, channel: int) -> Plane:
    """Return how a channel of an image is shown.

    Where the network reads structures as rows, rows stay rows. Elsewhere, as after a Reshape, the
    longer side lies along the index axis.
    """
    height, width, _ = info.output_shape
    structures = len(model.input_shape) == 3
    turned = not structures and height >= width
    count = width if turned else height
    names: tuple[str, ...] = tuple(f"row {place}" for place in range(count))
    if structures and count == len(model.structures) and any(model.structures):
        names = model.structures
    return Plane(channel, names, width, turned)


def plane_values(values: NDArray[np.float32], plane: Plane) -> NDArray[np.float32]:
    """Return the shown channel, shape (along the index axis, rows)."""
    shown = values[:, :, plane.channel]
    return frozen_array(shown if plane.turned else shown.T)


def sample_plane(
    model: ModelDescription, trace: Trace, sample: Sample, options: LayerOptions
) -> Plane | None:
    """Return how the layer of a sample is shown, None if it is no image."""
    info = model.layers[sample.layer]
    if not is_image(info):
        return None
    return layer_plane(model, info, shown_channel(trace, sample.layer, options))


@weak_cache(256)
def shown_channel(trace: Trace, layer: int, options: LayerOptions) -> int:
    """Return the chosen channel of an image, else the one that varies most."""
    values = trace.layers[layer].output
    count = values.shape[-1]
    chosen = [channel for channel in options.channels if channel < count]
    if chosen:
        return chosen[0]
    flat = values.reshape(-1, count)
    spread = np.where(np.isfinite(flat), flat, 0).std(axis=0, dtype=np.float64)
    return int(np.argmax(spread))
