"""How high each layer's panel is where all layers are to be seen at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.selection import LayerMode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.view.contents import LayerContents

ROW = 4
"""Pixels a channel, where there is room."""
LEAST = 22
"""Pixels of a map that is squeezed; below that it says nothing."""
STRIP, NAMES, LINES = 14, 18, 132
"""Pixels of a vector's strip, of the names under it, and of a plot of lines."""
_IMAGE_ROW, _LEAST_IMAGE_ROW = 16, 5


@dataclass(frozen=True)
class HeightWish:
    """How high a panel's plot wants to be, in pixels.

    Parameters
    ----------
    least : int
        It cannot be lower and still be read.
    natural : int
        It has no use for more.
    weight : float
        Its share of what there is between.
    """

    least: int
    natural: int
    weight: float


def wish(layer: LayerContents) -> HeightWish:
    """Return how high a layer's plot wants to be: nothing where it is collapsed.

    The weight grows with the square root of the channels, so that a layer of many does not take
    the room of all the others.
    """
    if layer.options.collapsed:
        return HeightWish(0, 0, 0.0)
    picture, shape = layer.picture, layer.info.output_shape
    if layer.options.mode is LayerMode.LINES:
        return HeightWish(LINES, LINES, 0.0)  # asked for to look closer: not squeezed
    if len(shape) == 1 or (picture is not None and picture.vector):
        height = STRIP + (NAMES if picture is not None and picture.labels else 0)
        return HeightWish(height, height, 0.0)
    if picture is not None and picture.plane is not None:
        rows = len(picture.plane.rows)
        least = max(min(_LEAST_IMAGE_ROW * rows, 4 * LEAST), LEAST)
        return HeightWish(least, max(_IMAGE_ROW * rows + 6, LEAST), float(np.sqrt(4 * rows)))
    channels = shape[-1]
    return HeightWish(min(LEAST, ROW * channels + 6), ROW * channels + 6, float(np.sqrt(channels)))


def fitted_heights(wishes: Sequence[HeightWish], room: int) -> list[int]:
    """Share a height between panels.

    Parameters
    ----------
    wishes : sequence of HeightWish
        From top to bottom.
    room : int
        Pixels for all plots together.

    Returns
    -------
    list of int
        At least what each needs, so that their sum may exceed the room; never more than natural.
    """
    heights = [float(item.least) for item in wishes]
    left = float(room) - sum(heights)
    growing = [i for i, item in enumerate(wishes) if item.natural > item.least and item.weight > 0]
    while left > 0.5 and growing:
        total = sum(wishes[i].weight for i in growing)
        shares = {i: left * wishes[i].weight / total for i in growing}
        full = [i for i in growing if heights[i] + shares[i] >= wishes[i].natural]
        for i in full or growing:
            step = min(shares[i], wishes[i].natural - heights[i])
            heights[i] += step
            left -= step
        growing = [i for i in growing if i not in full] if full else []
    return [int(height) for height in heights]


def squeezed_rows(image: NDArray[np.float32], most: int) -> NDArray[np.float32]:
    """Return an image of at most so many rows: of rows that fall together the largest magnitude.

    Leaving rows out, or averaging them, would hide a single strong channel.

    Parameters
    ----------
    image : ndarray, shape (rows, columns)
        A map with more rows than there are pixels.
    most : int
        How many there is room for; at least 1.
    """
    rows = image.shape[0]
    if rows <= most:
        return image
    starts = np.linspace(0, rows, max(most, 1) + 1).astype(int)[:-1]
    with np.errstate(invalid="ignore"):
        high = np.fmax.reduceat(image, starts, axis=0)
        low = np.fmin.reduceat(image, starts, axis=0)
        return np.asarray(np.where(np.abs(low) > np.abs(high), low, high), np.float32)


def names_that_fit(
    widths: Sequence[float], values: NDArray[np.floating], room: float, gap: float = 8.0
) -> list[int]:
    """Return which names can stand whole under a strip of units, those of high values first.

    Parameters
    ----------
    widths : sequence of float
        Of each unit's name, in pixels.
    values : ndarray, shape (units,)
        What the units say; the name of the highest always stands.
    room : float
        Of the strip, in pixels; each unit has the same share, its name in the middle.
    gap : float
        Pixels between two names.

    Returns
    -------
    list of int
        Places of the units, ascending.
    """
    share = room / max(len(widths), 1)
    taken: list[tuple[float, float]] = []
    chosen = []
    heights = np.where(np.isfinite(values), values, -np.inf)
    for place in np.argsort(-heights, kind="stable").tolist():
        middle, half = (place + 0.5) * share, widths[place] / 2
        left, right = middle - half, middle + half
        if all(right + gap <= start or left >= end + gap for start, end in taken):
            taken.append((left, right))
            chosen.append(place)
    return sorted(chosen)
