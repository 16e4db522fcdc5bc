"""Rows of numbers on a sheet: strips of bars, ranked lists, sums, and how far a range reaches."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from spectracnn.view.inspect.records import line_texts
from spectracnn.view.numbers import aligned, short
from spectracnn.view.palettes import curve_colour, sign_tone

if TYPE_CHECKING:
    from spectracnn.figures.sheet import Sheet
    from spectracnn.view.inspect.records import Line
    from spectracnn.view.inspect.strips import Strip, StripSet
    from spectracnn.view.inspect.terms import Term, TermList

Span = tuple[float, float]
"""Left edge and width, in points."""
_CAPTION, _HEADING, _BARS, _NUMBER = 1.5, 1.2, 2.6, 1.3
_WIDEST = 6.5
"""Font sizes that a column of a strip is wide at most."""
_SMALL = 0.9
"""Of the font's size: numbers under bars."""


# --- strips ----------------------------------------------------------------------------------


def draw_strips(sheet: Sheet, strips: StripSet, span: Span, y: float) -> float:
    """Draw window, weights and products above each other; return where they end."""
    em, x = sheet.em, span[0]
    column = min(span[1] / max(len(strips.labels), 1), _WIDEST * em)
    compares = any(strip.owner == 1 for strip in strips.strips)
    for place, strip in enumerate(strips.strips):
        _strip_caption(sheet, strip, span, y, owner=compares)
        y += _CAPTION * em
        if place == 0:
            _labels(sheet, strips.labels, x, y, column)
            y += _HEADING * em
        _bars(sheet, strips, strip, x, y, column)
        y += (_BARS + _NUMBER) * em
    return y


def _strip_caption(sheet: Sheet, strip: Strip, span: Span, y: float, *, owner: bool) -> None:
    em, tokens = sheet.em, sheet.style.tokens
    middle, left = y + _CAPTION * em / 2, span[0]
    if strip.symbol:
        sheet.text(left, middle, strip.symbol, strong=True)
        left += 1.2 * em
    if strip.owner >= 0 and owner:
        colour = curve_colour(strip.owner, tokens.dark)
        sheet.dot(left + 0.3 * em, middle, 0.6 * em, facecolor=colour)
        left += em
    room = span[0] + span[1] - left
    sheet.text(left, middle, strip.caption, colour=tokens.muted, room=room)


def _labels(sheet: Sheet, labels: tuple[str, ...], x: float, y: float, column: float) -> None:
    widest = max((sheet.measure(label, _SMALL) for label in labels), default=1.0)
    every = max(1, -int(-(widest + 0.4 * sheet.em) // column))
    for place in range(0, len(labels), every):
        centre = x + (place + 0.5) * column
        sheet.text(
            centre, y + _HEADING * sheet.em / 2, labels[place],
            colour=sheet.style.tokens.muted, share=_SMALL, side="center",
        )  # fmt: skip


def _bars(sheet: Sheet, strips: StripSet, strip: Strip, x: float, y: float, column: float) -> None:
    em, tokens = sheet.em, sheet.style.tokens
    gap = 0.08 * column
    high = _BARS * em
    texts = _numbers(sheet, strip, column)
    for place, value in enumerate(map(float, strip.values)):
        left, wide = x + place * column + gap, column - 2 * gap
        sheet.box(left, y, wide, high, facecolor=tokens.raised)
        outside = not bool(strips.inside[place]) and strip.owner < 0
        if outside:
            sheet.box(left, y, wide, high, facecolor="none", edgecolor=tokens.muted, hatch="////")
        lost = strips.winner is not None and place != strips.winner
        _bar(sheet, (left, wide), y, high, value, strip, alpha=0.35 if lost else 1.0)
        if place == strips.winner:
            sheet.box(left, y, wide, high, facecolor="none", edgecolor=tokens.accent, linewidth=1.2)
        if texts:
            colour = tokens.muted if lost or outside else tokens.ink
            at = x + (place + 0.5) * column, y + high + 0.6 * em
            sheet.text(*at, texts[place], colour=colour, share=_SMALL, side="center")


def _numbers(sheet: Sheet, strip: Strip, column: float) -> list[str]:
    """Return the numbers with as many digits as there is room for; none where there is none."""
    for digits in (3, 2):
        texts = [short(float(value), digits) for value in strip.values]
        if max((sheet.measure(text, _SMALL) for text in texts), default=0) + 1.0 <= column:
            return texts
    return []


def _bar(
    sheet: Sheet, span: Span, y: float, high: float, value: float, strip: Strip, alpha: float
) -> None:
    """Draw a number as a bar from the line of zero of its cell."""
    tokens = sheet.style.tokens
    zero = y + high / 2 if strip.signed else y + high
    room = high / 2 if strip.signed else high
    size = room * min(abs(value) / strip.top, 1.0) if isfinite(value) else 0.0
    top = zero - size if value >= 0 else zero
    colour = sign_tone(value, strip.top, tokens.dark)
    sheet.box(span[0], top, span[1], max(size, 0.5), facecolor=colour, alpha=alpha)
    sheet.line([span[0], span[0] + span[1]], [zero, zero], tokens.muted, 0.5)


# --- ranked lists ----------------------------------------------------------------------------


def draw_terms(sheet: Sheet, terms: TermList, chosen: int | None, span: Span, y: float) -> float:
    """Draw a ranked list, each term with its bar and number; return where it ends."""
    em, tokens = sheet.em, sheet.style.tokens
    sheet.text(span[0], y + 0.7 * em, terms.title, colour=tokens.muted, room=span[1])
    y += 1.6 * em
    tall = any(term.detail for term in terms.terms)
    row = (2.9 if tall else 1.7) * em
    texts = aligned((term.value for term in terms.terms), 4)
    number = max((sheet.measure(text) for text in texts), default=0.0) + 0.6 * em
    for term, text in zip(terms.terms, texts, strict=True):
        if term.place is not None and term.place == chosen:
            sheet.box(span[0] - 0.3 * em, y, span[1] + 0.6 * em, row, facecolor=tokens.hover)
        middle = y + 0.85 * em
        sheet.text(span[0] + span[1], middle, text, side="right")
        room = span[1] - number
        label = room if tall else min(0.42 * room, 8 * em)
        sheet.text(span[0], middle, term.label, room=label - 0.3 * em)
        bar = span[0] + label, room - label
        if tall:
            split = 0.45 * span[1]
            below = y + 2.1 * em
            sheet.text(span[0], below, term.detail, colour=tokens.muted, room=split - em)
            middle, bar = below, (span[0] + split, room - split)
        elif terms.terms[0].strip is not None:
            parts = min(5.5 * em, bar[1] / 2)
            _parts(sheet, terms, term, (bar[0], parts), y + 0.25 * em, row - 0.5 * em)
            bar = bar[0] + parts + 0.6 * em, bar[1] - parts - 0.6 * em
        _term_bar(sheet, terms, term.value, bar, middle)
        y += row
    return y


def _parts(sheet: Sheet, terms: TermList, term: Term, span: Span, y: float, high: float) -> None:
    """Draw the products of which a term is the sum."""
    if term.strip is None or not term.strip.size:
        return
    tokens, wide = sheet.style.tokens, span[1] / term.strip.size
    zero = y + high / 2
    for place, value in enumerate(map(float, term.strip)):
        size = high / 2 * min(abs(value) / terms.strip_top, 1.0) if isfinite(value) else 0.0
        top = zero - size if value >= 0 else zero
        colour = sign_tone(value, terms.strip_top, tokens.dark)
        sheet.box(span[0] + place * wide, top, 0.85 * wide, max(size, 0.3), facecolor=colour)
    sheet.line([span[0], span[0] + span[1]], [zero, zero], tokens.muted, 0.4)


def _term_bar(sheet: Sheet, terms: TermList, value: float, span: Span, middle: float) -> None:
    """Draw a bar from zero, which is in the middle where there are negative terms."""
    em, tokens = sheet.em, sheet.style.tokens
    if span[1] < em or value != value:
        return
    signed = any(term.value < 0 for term in terms.terms)
    zero = span[0] + span[1] / 2 if signed else span[0]
    room = span[1] / 2 if signed else span[1]
    size = room * min(abs(value) / terms.top, 1.0)
    left = zero - size if value < 0 else zero
    colour = sign_tone(value, terms.top, tokens.dark)
    sheet.box(left, middle - 0.25 * em, size, 0.5 * em, facecolor=colour)
    sheet.line([zero, zero], [middle - 0.6 * em, middle + 0.6 * em], tokens.muted, 0.5)


# --- sums ------------------------------------------------------------------------------------


def draw_lines(sheet: Sheet, columns: tuple[tuple[Line, ...], ...], span: Span, y: float) -> float:
    """Draw the lines from the terms to the value, a column for each filter."""
    em, tokens = sheet.em, sheet.style.tokens
    lines = columns[0] if columns else ()
    texts = [line_texts(column, 6 if len(columns) == 1 else 4) for column in columns]
    widths = [max(map(sheet.measure, column), default=0.0) + 0.8 * em for column in texts]
    right = span[0] + span[1]
    if len(columns) > 1:
        edge = right
        for owner in reversed(range(len(widths))):
            colour = curve_colour(owner, tokens.dark)
            sheet.dot(edge - 0.4 * em, y + 0.5 * em, 0.6 * em, facecolor=colour)
            edge -= widths[owner]
        y += 1.2 * em
    row = 1.65 * em
    for place, line in enumerate(lines):
        middle = y + row / 2
        if line.symbol == "=":
            sheet.line([span[0], right], [y, y], tokens.line)
        sheet.text(span[0], middle, line.symbol, strong=line.strong)
        colour = tokens.ink if line.strong else tokens.muted
        room = span[1] - sum(widths) - 1.8 * em
        sheet.text(
            span[0] + 1.4 * em, middle, line.label, colour=colour, strong=line.strong, room=room
        )
        edge = right
        for column, width in zip(reversed(texts), reversed(widths), strict=True):
            if place < len(column):
                sheet.text(edge, middle, column[place], strong=line.strong, side="right")
            edge -= width
        y += row
    return y


# --- forward ---------------------------------------------------------------------------------


def draw_reach(sheet: Sheet, rows: tuple[tuple[str, int, int], ...], span: Span, y: float) -> float:
    """Draw how many samples of each layer depend on the chosen eigenvalues."""
    em, tokens = sheet.em, sheet.style.tokens
    y = sheet.paragraph(
        span[0], y, span[1], "Samples that depend on the chosen eigenvalues", strong=True
    )
    number = max(sheet.measure(f"{count} of {total}") for _, count, total in rows) + 0.8 * em
    left = 0.36 * span[1]
    for name, count, total in rows:
        middle = y + 0.8 * em
        colour = tokens.ink if count else tokens.muted
        sheet.text(span[0], middle, name, colour=colour, room=left - 0.6 * em)
        sheet.text(span[0] + span[1], middle, f"{count} of {total}", colour=colour, side="right")
        room = span[1] - left - number
        sheet.box(span[0] + left, middle - 0.2 * em, room, 0.4 * em, facecolor=tokens.line)
        share = room * count / max(total, 1)
        sheet.box(span[0] + left, middle - 0.2 * em, share, 0.4 * em, facecolor=tokens.good)
        y += 1.6 * em
    return y
