"""Colours of points: by predicted class, by a label, or by a number in the metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectracnn.state.columns import label, label_names
from spectracnn.view.palettes import CYCLE, Palette, colour_table, curve_colour
from spectracnn.view.table import predicted_class, predicted_value

if TYPE_CHECKING:
    from spectracnn.state.document import Document, Entry

PREDICTED = "predicted class"
SYMBOLS = ("\u25cf", "\u25a0", "\u25b2", "\u25c6")
_UNKNOWN = "\u2013"


@dataclass(frozen=True)
class Colouring:
    """One colour a spectrum, and what the colours mean.

    Parameters
    ----------
    colours : tuple of str
        ``#RRGGBB``, one an entry.
    symbols : tuple of str
        One an entry, a character; colours come again after seven kinds, with another symbol.
    legend : tuple of (str, str, str)
        Word, colour and symbol; of numbers, the smallest and the largest.
    """

    colours: tuple[str, ...]
    symbols: tuple[str, ...]
    legend: tuple[tuple[str, str, str], ...]


def fields(document: Document) -> list[str]:
    """Return what spectra can be coloured by: predicted class, participants' columns, fields."""
    return [PREDICTED, *label_names(document)]


def colouring(document: Document, field: str, dark: bool) -> Colouring:
    """Return the colours of all spectra.

    Parameters
    ----------
    document : Document
        What is open.
    field : str
        One of `fields`.
    dark : bool
        For a dark ground.
    """
    if field == PREDICTED:
        words = [_said(document, entry) for entry in document.entries]
    else:
        known_field = field in label_names(document)
        cells = label(document, field).text if known_field else [""] * len(document.entries)
        words = [str(cell) or _UNKNOWN for cell in cells]
    numbers = [_number(word) for word in words]
    known = [number for number in numbers if number is not None]
    if field != PREDICTED and known and len(known) == sum(word != _UNKNOWN for word in words):
        return _by_number(numbers, min(known), max(known), dark)
    kinds = sorted(set(words))
    looks = {
        kind: (curve_colour(place, dark), SYMBOLS[place // CYCLE % len(SYMBOLS)])
        for place, kind in enumerate(kinds)
    }
    return Colouring(
        tuple(looks[word][0] for word in words),
        tuple(looks[word][1] for word in words),
        tuple((kind, *look) for kind, look in looks.items()),
    )


def _said(document: Document, entry: Entry) -> str:
    value = predicted_value(entry, document.model)
    if value is not None:
        return f"{value:.9g}"
    return predicted_class(entry, document.model) or _UNKNOWN


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _by_number(numbers: list[float | None], low: float, high: float, dark: bool) -> Colouring:
    table = colour_table(Palette.POSITIVE, dark)

    def colour(number: float | None) -> str:
        if number is None:
            return "#808080"
        share = (number - low) / (high - low) if high > low else 1.0
        return "#{:02X}{:02X}{:02X}".format(*table[round(60 + 195 * share)])

    ends = tuple((f"{end:g}", colour(end), SYMBOLS[0]) for end in (low, high))
    return Colouring(
        tuple(colour(number) for number in numbers), (SYMBOLS[0],) * len(numbers), ends
    )
