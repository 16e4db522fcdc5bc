"""The inspector as a figure: one sample taken apart into the numbers it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.figures.inspector_rows import draw_lines, draw_reach, draw_strips, draw_terms
from spectracnn.figures.sheet import Sheet
from spectracnn.figures.style import active
from spectracnn.view.inspect.words import check_words
from spectracnn.view.palettes import curve_colour

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from spectracnn.figures.style import Style
    from spectracnn.view.inspect.picture import ActivationCurve, InspectorPicture
    from spectracnn.view.inspect.tracks import Slide, Track

_TWO_COLUMNS = 340.0
"""Points; a narrower sheet has one column."""
_BAND, _CAPTION, _GAP = 3.4, 1.4, 1.0
"""In font sizes: a curve's height, the line above it, what stays free between parts."""

Span = tuple[float, float]


def inspector_figure(picture: InspectorPicture, style: Style) -> Figure:
    """Return the arithmetic of a sample, as high as it needs to be.

    Parameters
    ----------
    picture : InspectorPicture
        What is shown.
    style : Style
        How.
    """
    with active(style):
        sheet = Sheet(style)
        margin = sheet.em
        width = sheet.width - 2 * margin
        y = _head(sheet, picture, margin, 0.7 * margin, width)
        if picture.slide is not None:
            y = _slide(sheet, picture.slide, (margin, width), y + 0.5 * sheet.em)
        y += _GAP * sheet.em
        if sheet.width < _TWO_COLUMNS:
            y = _terms(sheet, picture, (margin, width), y)
            y = _sum(sheet, picture, (margin, width), y)
        else:
            half = (width - 2 * sheet.em) / 2
            right = margin + half + 2 * sheet.em
            lowest = _terms(sheet, picture, (margin, half), y)
            y = max(lowest, _sum(sheet, picture, (right, half), y))
        if picture.reach:
            y = draw_reach(sheet, picture.reach, (margin, width), y)
        return sheet.finish(y + 0.4 * margin)


def _head(sheet: Sheet, picture: InspectorPicture, x: float, y: float, width: float) -> float:
    muted = sheet.style.tokens.muted
    y = sheet.paragraph(x, y, width, picture.title, strong=True)
    if picture.subtitle:
        y = sheet.paragraph(x, y, width, picture.subtitle, colour=muted)
    return y


def _terms(sheet: Sheet, picture: InspectorPicture, span: Span, y: float) -> float:
    if picture.strips is not None:
        y = draw_strips(sheet, picture.strips, span, y) + _GAP * sheet.em
    if picture.terms is not None:
        y = draw_terms(sheet, picture.terms, picture.place, span, y) + _GAP * sheet.em
    return y


def _sum(sheet: Sheet, picture: InspectorPicture, span: Span, y: float) -> float:
    tokens, (x, width) = sheet.style.tokens, span
    y = draw_lines(sheet, picture.columns, span, y) + _GAP * sheet.em
    if picture.curve is not None:
        y = _activation(sheet, picture.curve, span, y) + _GAP * sheet.em
    if picture.classes is not None:
        y = draw_terms(sheet, picture.classes, picture.unit, span, y) + _GAP * sheet.em
    if picture.check is not None:
        colour = tokens.good if picture.check.agrees else tokens.error
        y = sheet.paragraph(x, y, width, check_words(picture.check), colour=colour)
    if picture.sentence:
        y = sheet.paragraph(x, y, width, picture.sentence, colour=tokens.muted)
    return y + _GAP * sheet.em


# --- the window on its way -------------------------------------------------------------------


def _slide(sheet: Sheet, slide: Slide, span: Span, y: float) -> float:
    """Draw the input with the window on it, over the feature map up to this step."""
    em, tokens = sheet.em, sheet.style.tokens
    band, caption = _BAND * em, _CAPTION * em
    upper, lower = y + caption, y + 2 * caption + band + 0.4 * em
    steps = slide.made.x.size
    for top, words in (
        (upper, f"{slide.given.name} \u00b7 stride {slide.stride}"),
        (lower, f"{slide.made.name} \u00b7 step {slide.step} of {steps}"),
    ):
        sheet.text(span[0], top - caption / 2, words, colour=tokens.muted, room=span[1])
        sheet.box(span[0], top, span[1], band, facecolor=tokens.raised)
    _window(sheet, slide, span, (upper, lower))
    _curve(sheet, slide.given, slide, span, upper, _values(slide.given), tokens.muted)
    tracks = [slide.made] if slide.other is None else [slide.made, slide.other]
    ranges = [_values(track) for track in tracks]
    shared = min(low for low, _ in ranges), max(high for _, high in ranges)
    for owner, track in reversed(list(enumerate(tracks))):
        colour = curve_colour(owner, tokens.dark)
        xs, ys = _curve(sheet, track, slide, span, lower, shared, colour, alpha=0.3)
        reached = slice(slide.step + 1)
        sheet.line(xs[reached], ys[reached], colour, 1.3)
        sheet.dot(
            xs[slide.step], ys[slide.step], 0.7 * em,
            facecolor=colour, edgecolor=tokens.ground, linewidth=0.8, zorder=4,
        )  # fmt: skip
    return lower + band


def _along(slide: Slide, span: Span, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where places on the axis of the model's input are on the sheet."""
    low, high = slide.span
    return np.asarray(span[0] + (at - low) / max(high - low, 1e-9) * span[1])


def _window(sheet: Sheet, slide: Slide, span: Span, tops: tuple[float, float]) -> None:
    accent, (upper, lower) = sheet.style.tokens.accent, tops
    band = _BAND * sheet.em
    made = float(slide.made.x[slide.step])
    left, right, at = _along(slide, span, np.array([*slide.window, made]))
    funnel = [(left, upper + band), (right, upper + band), (at + 0.5, lower), (at - 0.5, lower)]
    sheet.shape(funnel, facecolor=accent, alpha=0.12)
    sheet.box(left, upper, right - left, band, facecolor=accent, alpha=0.2)
    sheet.box(left, upper, right - left, band, facecolor="none", edgecolor=accent, linewidth=1.0)
    sheet.line([at, at], [lower, lower + band], accent)


def _curve(
    sheet: Sheet,
    track: Track,
    slide: Slide,
    span: Span,
    top: float,
    values: Span,
    colour: str,
    alpha: float = 1.0,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Draw one channel and its line of zero; return where it runs."""
    low, high = values
    inset = 0.3 * sheet.em
    room = _BAND * sheet.em - 2 * inset
    xs = _along(slide, span, track.x)
    share = (np.nan_to_num(track.y, posinf=high, neginf=low) - low) / (high - low)
    ys = top + inset + (1 - np.clip(share, 0, 1)) * room
    zero = top + inset + high / (high - low) * room
    sheet.line([span[0], span[0] + span[1]], [zero, zero], sheet.style.tokens.line)
    sheet.line(xs, np.where(np.isfinite(track.y), ys, np.nan), colour, 0.8, alpha=alpha)
    return xs, ys


def _values(track: Track) -> Span:
    """Return the values at the edges of a band; zero is always among them."""
    finite = track.y[np.isfinite(track.y)]
    low, high = min(0.0, float(finite.min(initial=0))), max(0.0, float(finite.max(initial=0)))
    return (low, high) if high > low else (0.0, 1.0)


# --- the activation --------------------------------------------------------------------------


def _activation(sheet: Sheet, curve: ActivationCurve, span: Span, y: float) -> float:
    """Draw the function as a sketch with the samples on it, and what it does in words."""
    em, tokens = sheet.em, sheet.style.tokens
    high = 4.4 * em
    wide = min(7.4 * em, 0.4 * span[1])
    finite = np.abs(curve.y[np.isfinite(curve.y)])
    reach, top = float(curve.x[-1]), float(finite.max(initial=0.0)) or 1.0

    def at(value: float, result: float) -> tuple[float, float]:
        across = min(max(value / reach, -1.0), 1.0) if np.isfinite(value) else 0.0
        up = min(max(result / top, -1.0), 1.0) if np.isfinite(result) else 0.0
        return span[0] + (1 + across) * wide / 2, y + high / 2 - up * (high / 2 - 0.3 * em)

    sheet.box(span[0], y, wide, high, facecolor=tokens.raised)
    for ends in (((-reach, 0.0), (reach, 0.0)), ((0.0, -top), (0.0, top))):
        places = np.array([at(*end) for end in ends])
        sheet.line(places[:, 0], places[:, 1], tokens.line)
    places = np.array([at(float(a), float(b)) for a, b in zip(curve.x, curve.y, strict=True)])
    sheet.line(places[:, 0], places[:, 1], tokens.muted, 1.1)
    for owner, point in reversed(list(enumerate(curve.points))):
        place = at(*point)
        sheet.dot(*place, 0.65 * em, facecolor=curve_colour(owner, tokens.dark), zorder=4)
    left = span[0] + wide + em
    sheet.paragraph(left, y + 0.8 * em, span[1] - wide - em, curve.words, colour=tokens.muted)
    return y + high
