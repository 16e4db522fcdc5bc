"""The spectrum plot on axes of a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.patches import Patch

from spectracnn.figures.axes import (
    bands,
    cursor,
    index_axis,
    message,
    plain_frame,
    seam_lines,
    value_axis,
)
from spectracnn.view.palettes import tint_colour
from spectracnn.view.tints import colour_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from spectracnn.figures.legend import Item
    from spectracnn.figures.style import Style
    from spectracnn.view.contents import Contents
    from spectracnn.view.pictures import Curve, Range, SpectrumPicture

_FEW_POINTS = 130
"""Up to so many eigenvalues, each is a dot as well."""


def draw_spectrum(
    axes: Axes, contents: Contents, style: Style, shown: Range, room: tuple[float, float]
) -> list[Item]:
    """Draw the spectra.

    Parameters
    ----------
    axes : Axes
        Empty.
    contents : Contents
        What is shown.
    style : Style
        How.
    shown : Range
        Index range.
    room : tuple of float
        About how wide and high the axes will be, in points.

    Returns
    -------
    list of (Artist, str)
        For the legend; the emphasised spectrum first.
    """
    picture = contents.spectrum
    if not picture.curves:
        message(axes, picture.empty, style)
        return []
    plain_frame(axes)
    index_axis(axes, picture.index_scale, shown, _ticks(room[0], style, 5.5))
    seen = picture.curves
    if picture.beyond:  # cut as in the window, so that the current spectrum is not flattened
        seen = tuple(curve for curve in seen if curve.emphasised)
    limits = () if picture.values is None or not picture.beyond else (np.array(picture.values),)
    values = np.concatenate([*(_visible(curve, shown) for curve in seen), *limits])
    label = value_axis(
        axes, picture.value_scale, values, picture.value_label, _ticks(room[1], style, 2.6)
    )
    axes.set_ylabel(label)
    axes.grid(axis="y", zorder=0)
    axes.set_axisbelow(True)
    items = _curves(axes, picture, style)
    seam_lines(axes, picture.index_scale, picture.seams, style, named=True)
    items += _unread(axes, picture, shown, style)
    items += _gaps(axes, picture, style)
    bands(axes, picture.index_scale, contents.spectrum_marks.bands, style)
    cursor(axes, picture.index_scale, contents.spectrum_marks.index, style)
    _point(axes, contents, style)
    return items


def spectrum_range(contents: Contents) -> Range:
    """Return the index range that shows every curve from end to end."""
    ends = [curve.x[[0, -1]] for curve in contents.spectrum.curves if curve.x.size]
    if not ends:
        return contents.index_range
    low, high = np.min(ends), np.max(ends)
    return float(min(low, 0.0)) - 0.5, float(high) + 0.5


def _ticks(points: float, style: Style, letters: float) -> int:
    return int(np.clip(points / (letters * style.font_size), 2, 9))


def _visible(curve: Curve, shown: Range) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return curve.y[(curve.x >= shown[0]) & (curve.x <= shown[1])]


def _curves(axes: Axes, picture: SpectrumPicture, style: Style) -> list[Item]:
    several = len(picture.curves) > 1
    chosen = any(curve.emphasised for curve in picture.curves)
    unit = style.font_size / 9
    drawn: list[Item] = []
    for curve in picture.curves:
        front = curve.emphasised or not several
        faded = chosen and not front
        (line,) = axes.plot(
            picture.index_scale.forward(curve.x),
            picture.value_scale.forward(curve.y),
            color=colour_of(curve, style.tokens.dark),
            linewidth=(1.7 if front else 1.0) * unit,
            alpha=0.6 if faded else 1.0,
            linestyle="--" if curve.ghost else "-",
            marker="o" if front and curve.x.size <= _FEW_POINTS else "",
            markersize=2.6 * unit,
            solid_joinstyle="round",
        )
        if front or not picture.tint_legend:
            drawn.insert(0 if front else len(drawn), (line, curve.name))
    return drawn + _tints(picture, style)


def _tints(picture: SpectrumPicture, style: Style) -> list[Item]:
    """Say what the colours mean, where they mean something."""
    dark = style.tokens.dark
    return [
        (Patch(facecolor=tint_colour(tint, dark), linewidth=0), f"{picture.coloured_by} {word}")
        for word, tint in picture.tint_legend
    ]


def _unread(axes: Axes, picture: SpectrumPicture, shown: Range, style: Style) -> list[Item]:
    """Tint what the model does not read."""
    if picture.used is None:
        return []
    first, last = picture.used
    tinted = [(shown[0], first - 0.5), (last + 0.5, shown[1])]
    tinted = [(low, high) for low, high in tinted if high - low > 0.01]
    colour = style.tokens.raised
    for ends in tinted:
        left, right = (float(picture.index_scale.forward(end)) for end in ends)
        axes.axvspan(left, right, color=colour, linewidth=0, zorder=0.1)
    patch = Patch(facecolor=colour, edgecolor=style.tokens.muted, linewidth=0.5)
    return [(patch, "not read by the model")] if tinted else []


def _gaps(axes: Axes, picture: SpectrumPicture, style: Style) -> list[Item]:
    """Hatch where the emphasised spectrum, which is the last one, has no finite value."""
    curve = picture.curves[-1]
    missing = np.flatnonzero(~np.isfinite(curve.y))
    look: dict[str, Any] = {
        "facecolor": style.tokens.raised,
        "edgecolor": style.tokens.muted,
        "hatch": "////",
    }
    for run in np.split(missing, np.flatnonzero(np.diff(missing) > 1) + 1):
        if run.size:
            ends = picture.index_scale.forward(curve.x[run[[0, -1]]] + [-0.5, 0.5])
            axes.axvspan(float(ends[0]), float(ends[1]), linewidth=0, zorder=0.2, **look)
    return [(Patch(linewidth=0, **look), "not a finite number")] if missing.size else []


def _point(axes: Axes, contents: Contents, style: Style) -> None:
    point, picture = contents.spectrum_marks.point, contents.spectrum
    if point is not None:
        axes.plot(
            picture.index_scale.forward(point[0]),
            picture.value_scale.forward(point[1]),
            marker="o",
            markersize=0.8 * style.font_size,
            markerfacecolor="none",
            markeredgecolor=style.tokens.accent,
            markeredgewidth=1.5,
            zorder=4,
        )
