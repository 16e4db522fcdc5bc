"""Axes that follow the view's scales. Everything is placed in display coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from spectracnn.figures.text import number, power_of_ten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from spectracnn.figures.style import Style
    from spectracnn.view.pictures import Range, Seam
    from spectracnn.view.scales import AxisScale


def box_collection(
    left: NDArray[np.float64], right: NDArray[np.float64], heights: NDArray[Any], **look: Any
) -> PolyCollection:
    """Return bars from zero as one artist: a hundred rectangles take a tenth of a second."""
    known = np.nan_to_num(np.asarray(heights, np.float64), posinf=0, neginf=0)
    zero = np.zeros_like(known)
    corners = np.array([[left, zero], [left, known], [right, known], [right, zero]])
    return PolyCollection(list(corners.transpose(2, 0, 1)), linewidths=0, **look)


def plain_frame(axes: Axes) -> None:
    """Leave only the left and the bottom line of the frame."""
    axes.spines["top"].set_visible(False)
    axes.spines["right"].set_visible(False)


def no_ticks(axes: Axes, which: Literal["x", "y", "both"] = "both") -> None:
    """Take ticks and numbers off."""
    axes.tick_params(axis=which, which="both", length=0, labelbottom=False, labelleft=False)
    if which != "x":
        axes.yaxis.set_major_locator(NullLocator())


def index_axis(axes: Axes, scale: AxisScale, shown: Range, most: int) -> None:
    """Set up the eigenvalue-index axis.

    Parameters
    ----------
    axes : Axes
        Whose horizontal axis this is.
    scale : AxisScale
        Of the index.
    shown : Range
        Index values, not coordinates.
    most : int
        About how many ticks there is room for.
    """
    low, high = (float(scale.forward(end)) for end in shown)
    axes.set_xlim(low, high)
    if scale.is_linear:
        axes.xaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10], integer=True))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    else:
        _fixed(axes, "x", scale, scale.ticks(low, high, most))


def value_axis(
    axes: Axes, scale: AxisScale, values: NDArray[np.float64], label: str, most: int
) -> str:
    """Set up the vertical axis for these values, and return its label, power of ten included."""
    finite = values[np.isfinite(values)]
    places = scale.forward(finite) if finite.size else np.array([0.0, 1.0])
    low, high = float(places.min()), float(places.max())
    margin = 0.04 * (high - low) or 0.5
    axes.set_ylim(low - margin, high + margin)
    if not scale.is_linear:
        _fixed(axes, "y", scale, scale.ticks(low - margin, high + margin, most))
        return label
    exponent = _common_exponent(max(abs(low), abs(high)))
    unit = 10.0**exponent
    axes.yaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(round(value / unit, 10))))
    return f"{label}  (\u00d7 {power_of_ten(exponent)})" if exponent else label


def _common_exponent(top: float) -> int:
    """Return the power of ten to take out of the numbers; 0 where they are short anyway."""
    if top == 0 or 1e-2 <= top < 1e5:
        return 0
    return int(np.floor(np.log10(top)))


def _fixed(axes: Axes, which: Literal["x", "y"], scale: AxisScale, ticks: list[float]) -> None:
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks(scale.forward(ticks).tolist(), labels=[number(tick) for tick in ticks])
    low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
    axis.set_minor_locator(FixedLocator(_between(scale, low, high)))
    axes.tick_params(axis=which, which="minor", length=1.5)


def _between(scale: AxisScale, low: float, high: float) -> list[float]:
    """Return coordinates of the 2- to 9-fold of the powers of ten, where there is room."""
    top = float(np.abs(scale.inverse([low, high])).max())
    first, last = np.floor(np.log10(scale.threshold)), np.ceil(np.log10(max(top, scale.threshold)))
    if last - first > 6:
        return []
    sizes = [f * 10.0**p for p in np.arange(first, last + 1) for f in range(1, 10)]
    places = scale.forward([*sizes, *(-size for size in sizes)])
    return [float(place) for place in places if low <= place <= high]


def bands(
    axes: Axes, scale: AxisScale, ranges: Iterable[Range], style: Style, *, outline: bool = False
) -> None:
    """Shade a receptive field, half an index added on each side.

    Over a heat map it is outlined instead, because a tint would change what the colours say.
    """
    colour = style.tokens.accent
    for first, last in ranges:
        left, right = (float(scale.forward(end)) for end in (first - 0.5, last + 0.5))
        if outline:
            axes.axvspan(
                left, right, fill=False, color=style.tokens.accent, linestyle="--", zorder=3
            )
        else:
            axes.axvspan(left, right, color=colour, alpha=0.2, linewidth=0, zorder=2.5)


def cursor(axes: Axes, scale: AxisScale, index: float | None, style: Style) -> None:
    """Draw the cursor line."""
    if index is not None:
        axes.axvline(
            float(scale.forward(index)), color=style.tokens.accent, linewidth=1, zorder=2.6
        )


def seam_lines(
    axes: Axes, scale: AxisScale, seams: Iterable[Seam], style: Style, *, named: bool = False
) -> None:
    """Draw where structures begin that the network reads one after the other."""
    for place, (at, name) in enumerate(seams):
        x = float(scale.forward(at))
        if place:
            axes.axvline(x, color=style.tokens.muted, linewidth=0.7, linestyle="-.", zorder=2.4)
        if named:
            axes.annotate(
                name,
                (x, 1),
                xycoords=("data", "axes fraction"),
                xytext=(0.3 * style.font_size, -0.2 * style.font_size),
                textcoords="offset points",
                va="top",
                fontsize=style.small(0.85),
                color=style.tokens.muted,
            )


def message(axes: Axes, text: str, style: Style) -> None:
    """Say in the middle of empty axes why there is nothing, lines broken to fit."""
    axes.set_axis_off()
    axes.text(
        0.5,
        0.5,
        text,
        transform=axes.transAxes,
        ha="center",
        va="center",
        color=style.tokens.muted,
        wrap=True,
    )
