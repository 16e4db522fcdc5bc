"""Colours of points: by predicted class, by a label, or by a number in the metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.state.answers import text_column
from spectracnn.state.columns import classes, label, label_names
from spectracnn.view.palettes import CYCLE, Palette, colour_table, curve_colour
from spectracnn.view.table import predicted_class

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.state.document import Document

PREDICTED = "predicted class"
SYMBOLS = ("\u25cf", "\u25a0", "\u25b2", "\u25c6")
_UNKNOWN, _GREY = "\u2013", "#808080"


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
    model = document.model
    if field == PREDICTED and model is not None and model.reading.is_values:
        values = document.answers.values
        numbers = values[:, 0] if values.shape[1] else np.full(len(values), np.nan)
        return _by_number(numbers.astype(np.float64), dark)
    codes, words = _predicted(document) if field == PREDICTED else _cells(document, field)
    if words is None:
        return _by_number(codes, dark)
    used = np.unique(codes).astype(int).tolist()
    kinds = sorted({words[code] if code >= 0 else _UNKNOWN for code in used})
    looks = {
        kind: (curve_colour(place, dark), SYMBOLS[place // CYCLE % len(SYMBOLS)])
        for place, kind in enumerate(kinds)
    }
    texts = np.array([*words, _UNKNOWN], object)[codes.astype(int)].tolist()
    return Colouring(
        tuple(looks[text][0] for text in texts),
        tuple(looks[text][1] for text in texts),
        tuple((kind, *look) for kind, look in looks.items()),
    )


def _predicted(document: Document) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return the class of each entry as a place among words, -1 while it is unknown."""
    model, found = document.model, classes(document)
    if model is None or model.reading.task is not Task.MULTILABEL:
        return found.predicted, found.names
    texts = [predicted_class(entry, model) for entry in document.entries]
    column = text_column(PREDICTED, texts)
    assert column.codes is not None
    return column.codes, column.levels


def _cells(document: Document, field: str) -> tuple[NDArray[Any], tuple[str, ...] | None]:
    """Return the places of words, or numbers without words."""
    if field not in label_names(document):
        return np.full(len(document.entries), -1), ()
    column = label(document, field)
    if column.numbers is not None:
        return column.numbers, None
    assert column.codes is not None
    return column.codes, column.levels


def _by_number(numbers: NDArray[np.float64], dark: bool) -> Colouring:
    table = colour_table(Palette.POSITIVE, dark)
    known = np.isfinite(numbers)
    low, high = (numbers[known].min(), numbers[known].max()) if known.any() else (0.0, 0.0)
    shares = np.ones(len(numbers))
    if high > low:
        shares[known] = (numbers[known] - low) / (high - low)
    names = np.array(["#{:02X}{:02X}{:02X}".format(*row) for row in table] + [_GREY], object)
    places = np.where(known, np.round(60 + 195 * np.where(known, shares, 0)), len(table)).astype(
        int
    )
    colours = tuple(names[places].tolist())
    first, last = (names[60], names[255]) if high > low else (names[255], names[255])
    ends = ((f"{low:g}", str(first), SYMBOLS[0]), (f"{high:g}", str(last), SYMBOLS[0]))
    return Colouring(colours, (SYMBOLS[0],) * len(numbers), ends if known.any() else ())
