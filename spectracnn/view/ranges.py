"""From where to where the colours of a map run, and how many cells lie beyond.

A colour range that reaches to the largest value makes a map pale where a single cell dominates. The
robust range ends at a high percentile instead; what lies beyond has the colour of the end, and is
counted, so that nothing is hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.weak_cache import weak_cache
from spectracnn.state.selection import ROBUST, ColourRange, ColourScale, RangeKind, Stage
from spectracnn.view.palettes import Palette
from spectracnn.view.pictures import Clipped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import Trace
    from spectracnn.view.pictures import LayerPicture, Range

PERCENTILE = 98.0
"""Of the magnitudes that are not zero: where a robust range ends."""
WORTH, WORTH_OF_FEW = 1.5, 4.0
"""How many times the robust range the full one must be, for cells to be clipped at all."""
FEW = 100
"""Of fewer values one must stand out much more before it counts as an outlier."""
_MOST_SORTED = 16384


def full_top(values: NDArray[np.floating]) -> float:
    """Return the largest finite magnitude; 1 where there is none."""
    sizes = np.abs(values[np.isfinite(values)])
    return float(sizes.max(initial=0.0)) or 1.0


def robust_top(values: NDArray[np.floating]) -> float:
    """Return a magnitude that all but a few of the values stay within.

    Parameters
    ----------
    values : ndarray
        Of any shape. Zeros do not count, because a rectified layer is full of them.

    Returns
    -------
    float
        The 98th percentile, at most the second largest magnitude; the largest one where that is
        less than half as large again (of few values, four times as large), so that nothing is
        clipped without need.
    """
    sizes = np.abs(values[np.isfinite(values)])
    top = float(sizes.max(initial=0.0))
    sizes = _thinned(sizes[sizes > 0])
    if sizes.size < 3:
        return top or 1.0
    place = min(int(np.ceil(PERCENTILE / 100 * sizes.size)) - 1, sizes.size - 2)
    robust = float(np.partition(sizes, place)[place])
    worth = WORTH if sizes.size >= FEW else WORTH_OF_FEW
    return robust if top > worth * robust else top


def _thinned(sizes: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return a sample of many magnitudes: it says as much, and costs the window no frame."""
    return sizes[:: max(1, -(-sizes.size // _MOST_SORTED))]


@weak_cache(8)
def network_tops(trace: Trace) -> tuple[float, float]:
    """Return a robust and the largest finite magnitude of all layers of a trace."""
    parts = [np.abs(layer.output[np.isfinite(layer.output)]).ravel() for layer in trace.layers]
    top = max((float(part.max(initial=0.0)) for part in parts), default=0.0) or 1.0
    sample = np.concatenate([_thinned(part) for part in parts]) if parts else np.zeros(0)
    robust = robust_top(sample)
    return (robust if top > WORTH * robust else top), top


def colour_levels(
    values: NDArray[np.floating], palette: Palette, chosen: ColourRange, *, bounded: bool = False
) -> Range:
    """Return the values at the ends of a map's colours.

    Parameters
    ----------
    values : ndarray
        What is shown.
    palette : Palette
        A signed one has zero in the middle always.
    chosen : ColourRange
        What the person chose.
    bounded : bool
        Whether the values are shares, of which a large one is no outlier.
    """
    if chosen.kind is RangeKind.OWN:
        return own_levels(chosen, palette)
    whole = bounded or chosen.kind is RangeKind.FULL
    top = full_top(values) if whole else robust_top(values)
    return (0.0, top) if palette is Palette.POSITIVE else (-top, top)


def own_levels(chosen: ColourRange, palette: Palette) -> Range:
    """Return the levels of a range that a person chose, whatever its numbers are."""
    low, high = sorted((chosen.low, chosen.high))
    if not (np.isfinite(low) and np.isfinite(high)) or low == high:
        low, high = 0.0, 1.0
    if palette is Palette.POSITIVE:
        return low, high
    top = max(abs(low), abs(high))
    return -top, top


def effective_range(
    own: ColourRange, shared: ColourRange, scale: ColourScale, stage: Stage
) -> ColourRange:
    """Return the range that holds for a layer: its own, or that of the whole network.

    A range that was chosen over something else, or on the other side of the activation, has no
    meaning here; the robust one holds then.
    """
    chosen = shared if scale is ColourScale.NETWORK else own
    if chosen.kind is RangeKind.OWN:
        other_side = scale is not ColourScale.NETWORK and chosen.stage is not stage
        if chosen.scale is not scale or other_side:
            return ROBUST
    return chosen


def clipped(values: NDArray[np.floating], levels: Range) -> Clipped:
    """Count the finite values beyond the ends of a range; rounding does not count as beyond."""
    low, high = levels
    slack = 1e-6 * max(abs(low), abs(high))
    finite = np.isfinite(values)
    return Clipped(
        int(np.count_nonzero(finite & (values < low - slack))),
        int(np.count_nonzero(finite & (values > high + slack))),
    )


def clipped_words(found: Clipped, low: str, high: str) -> str:
    """Return in words what is clipped; empty where nothing is."""
    parts = []
    if found.above:
        parts.append(f"{_cells(found.above)} above {high}")
    if found.below:
        parts.append(f"{_cells(found.below)} below {low}")
    return ", ".join(parts)


def _cells(count: int) -> str:
    number = f"{count:,}".replace(",", "\u2009")
    return "1 cell" if count == 1 else f"{number} cells"


def oddity_words(picture: LayerPicture) -> str:
    """Return which values of a map are no finite numbers; empty where all are finite."""
    infinite = picture.n_infinite
    nan = picture.n_not_finite - infinite
    parts = [f"{nan} NaN"] if nan else []
    return ", ".join([*parts, f"{infinite} infinite"] if infinite else parts)
