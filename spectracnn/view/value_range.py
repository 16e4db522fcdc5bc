"""The range of the values' axis, which one large curve must not flatten."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.view.pictures import Curve, Range
    from spectracnn.view.scales import AxisScale

LEAST_SHARE = 0.2
"""Of the axis that the current spectrum covers at least."""


class Reach(NamedTuple):
    """What the axis shows, in values, and in words what lies beyond; None for no values."""

    shown: Range | None
    beyond: str


def value_range(
    curves: Sequence[Curve], used: Range | None, scale: AxisScale, *, full: bool = False
) -> Reach:
    """Return the values that the axis shows.

    Parameters
    ----------
    curves : sequence of Curve
        All that are drawn.
    used : Range or None
        First and last index that the model reads; what lies outside does not count.
    scale : AxisScale
        Of the axis: shares are measured as they are seen.
    full : bool
        Show everything, whatever it does to the current spectrum.

    Returns
    -------
    Reach
        Everything, as long as the current spectrum covers a fifth of it. Else only the curves
        that leave it so much, and how many are cut.
    """
    low, high = used or (-np.inf, np.inf)
    spans: list[tuple[float, float, Curve]] = []
    for curve in curves:
        values = curve.y[(curve.x >= min(low, 0)) & (curve.x <= high)]
        values = scale.forward(values[np.isfinite(values)])
        if values.size:
            spans.append((float(values.min()), float(values.max()), curve))
    if not spans:
        return Reach(None, "")
    bottom, top = min(span[0] for span in spans), max(span[1] for span in spans)
    current = next((span for span in spans if span[2].emphasised), None)
    cut: list[tuple[float, float, Curve]] = []
    if current is not None and not full:
        first, last = current[:2]
        most = (last - first) / LEAST_SHARE
        if 0 < most < top - bottom:
            # Half of what is left over may lie on either side.
            spare = (most - (last - first)) / 2
            kept = [s for s in spans if s[0] >= first - spare and s[1] <= last + spare]
            cut = [span for span in spans if span not in kept]
            bottom, top = min(s[0] for s in kept), max(s[1] for s in kept)
    shown = scale.inverse([bottom, top])
    return Reach((float(shown[0]), float(shown[1])), _words(cut, scale))


def _words(cut: list[tuple[float, float, Curve]], scale: AxisScale) -> str:
    if not cut:
        return ""
    farthest = max((end for span in cut for end in span[:2]), key=abs)
    value = f"{float(scale.inverse(farthest)):.3g}".replace("-", "\u2212")
    count = "1 curve leaves" if len(cut) == 1 else f"{len(cut)} curves leave"
    return f"{count} the view, up to {value}"
