"""Colours of curves by what is known of their spectra: a class, a label, a covariate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from spectracnn.core.participants import Column, ParticipantsTable, number_text
from spectracnn.core.weak_cache import weak_cache
from spectracnn.state.answers import text_column
from spectracnn.state.columns import label_names, level_texts
from spectracnn.state.labels import LABEL
from spectracnn.state.participants import Participants
from spectracnn.view.colouring import PREDICTED
from spectracnn.view.palettes import Tint, curve_colour, tint_colour
from spectracnn.view.table import predicted_class, predicted_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from spectracnn.state.document import Document, Entry
    from spectracnn.view.pictures import Curve

_UNKNOWN = "\u2013"


class Tints(NamedTuple):
    """One tint a spectrum, and what the tints mean.

    Parameters
    ----------
    of : tuple of Tint
        In the order of the spectra.
    legend : tuple of (str, Tint)
        Of kinds those that are drawn; of numbers the smallest and the largest of the column.
    """

    of: tuple[Tint, ...] = ()
    legend: tuple[tuple[str, Tint], ...] = ()


NO_TINTS = Tints()
_NOT_KNOWN = Tint(-1)


def colour_of(curve: Curve, dark: bool) -> str:
    """Return the colour of a curve: by what it stands for, else by its place in the table."""
    if curve.tint is not None:
        return tint_colour(curve.tint, dark)
    return curve_colour(curve.colour, dark)


def tints_of(document: Document, name: str, entries: Sequence[Entry]) -> Tints:
    """Return the tints of some of the open spectra.

    Kinds keep their colours whichever spectra are drawn: they are counted in the whole column.

    Parameters
    ----------
    document : Document
        What is open.
    name : str
        One of `fields`; any other gives no tints.
    entries : sequence of Entry
        Those that are drawn.
    """
    if name == PREDICTED:
        return _of_predictions(document, entries)
    found = _columns(document, name, entries)
    if found is None:
        return NO_TINTS
    cells, column = found
    if cells.numbers is not None and column.numbers is not None:
        return _of_numbers(cells.numbers, *_range_of(column), number_text)
    return _of_kinds(cells.text.tolist(), _all_kinds(document, name, column))


def _columns(
    document: Document, name: str, entries: Sequence[Entry]
) -> tuple[Column, Column] | None:
    """Return the cells of some entries, and the column that they are of."""
    if name not in label_names(document):
        return None
    participants = document.participants
    if participants is not None and name in participants.table.names:
        column = participants.table.column(name)
        rows = [participants.rows.get(entry.id, -1) for entry in entries]
    else:
        column = document.fields.column(name)
        rows = [document.rows[entry.id] for entry in entries]
    cells = column.select(np.array(rows, np.int64))
    if name != LABEL or not document.labels:
        return cells, column
    typed = document.labels
    texts = [
        typed.get(entry.id, text) for entry, text in zip(entries, cells.text.tolist(), strict=True)
    ]
    return text_column(name, texts), Column(name, None, np.zeros(0, np.int32), level_texts(column))


def reduced(document: Document, name: str, entries: Sequence[Entry]) -> Participants | None:
    """Return a table with the one column that colours the curves, for some entries alone.

    Colours are the same as with all that is open, though the other entries are left out.
    """
    found = None if name == PREDICTED else _columns(document, name, entries)
    if found is None:
        return None
    cells, column = found
    rows = {entry.id: row for row, entry in enumerate(entries)}
    if cells.numbers is not None and column.numbers is not None:
        ends = np.array(_range_of(column))
        kept = Column(name, np.concatenate([cells.numbers, ends]))
    else:
        levels = tuple(dict.fromkeys((*_all_kinds(document, name, column), *cells.text, "")))
        place = {text: at for at, text in enumerate(levels)}
        codes = np.array([place[text] if text else -1 for text in cells.text], np.int32)
        kept = Column(name, None, codes, levels)
    path = Path() if document.participants is None else document.participants.table.path
    return Participants(ParticipantsTable(path, (kept,)), "", rows, frozenset(rows))


def _all_kinds(document: Document, name: str, column: Column) -> list[str]:
    """Return the texts of a column, those that were typed among them."""
    typed = document.labels.values() if name == LABEL else ()
    return sorted({*level_texts(column), *typed} - {""})


@weak_cache(16)
def _range_of(column: Column) -> tuple[float, float]:
    assert column.numbers is not None
    known = column.numbers[np.isfinite(column.numbers)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)


def _of_predictions(document: Document, entries: Sequence[Entry]) -> Tints:
    model = document.model
    if model is None:
        return NO_TINTS
    if model.reading.is_values:
        found = [predicted_value(entry, model) for entry in entries]
        values = np.array([np.nan if value is None else value for value in found])
        every = document.answers.values[:, :1]
        known = every[np.isfinite(every)]
        ends = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
        return _of_numbers(values, *ends, "{:.4g}".format)
    said = [predicted_class(entry, model) for entry in entries]
    kinds = dict.fromkeys((*model.classes, *sorted({text for text in said if text})))
    return _of_kinds(said, list(kinds))


def _of_kinds(texts: Sequence[str], kinds: Sequence[str]) -> Tints:
    tints = {kind: Tint(place) for place, kind in enumerate(kinds) if kind}
    of = tuple(tints.get(text, _NOT_KNOWN) for text in texts)
    drawn = set(texts)
    legend = [(kind, tint) for kind, tint in tints.items() if kind in drawn]
    if _NOT_KNOWN in of:
        legend.append((_UNKNOWN, _NOT_KNOWN))
    return Tints(of, tuple(legend))


def _of_numbers(
    values: NDArray[np.float64], low: float, high: float, words: Callable[[float], str]
) -> Tints:
    span = high - low
    shares = (
        np.clip((values - low) / span, 0, 1) if span > 0 else np.where(values == low, 1.0, np.nan)
    )
    of = tuple(_NOT_KNOWN if np.isnan(share) else Tint(0, float(share)) for share in shares)
    ends = [(words(low), Tint(0, 0.0 if span > 0 else 1.0))]
    if span > 0:
        ends.append((words(high), Tint(0, 1.0)))
    if _NOT_KNOWN in of:
        ends.append((_UNKNOWN, _NOT_KNOWN))
    return Tints(of, tuple(ends))
