"""What the table of spectra says of each entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.plausible import why_no_spectrum
from spectracnn.view.trust import is_unlike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document, Entry
    from spectracnn.state.others import EntryPrediction

BADGES = {
    "negative-sign": ("\u2212", "All eigenvalues are negative: the operator has the other sign."),
    "unsorted": ("\u21c5", "The eigenvalues are not in ascending order."),
    "nan": ("NaN", "Some values are not numbers."),
    "infinite": ("\u221e", "Some values are infinite."),
    "no-zero": ("no 0", "The zero eigenvalue is not in the file."),
    "several-zeros": ("0\u00d7", "Several zero eigenvalues: the shape has several components."),
    "normalised": ("norm", "The file's values are already normalised."),
}
"""Short text and explanation of each flag that earns a badge."""


def badges(entry: Entry) -> list[tuple[str, str]]:
    """Return the oddities of an entry as short texts with explanations."""
    found = [BADGES[name] for name in entry.spectrum.flags.names() if name in BADGES]
    found += [("!", note) for note in entry.spectrum.notes]
    reason = why_no_spectrum(entry.original or entry.spectrum)
    if reason:
        found.append(("no \u03bb", f"This is not a spectrum: {reason}."))
    if entry.refusal:
        found.append(("\u2715", entry.refusal))
    return found + _doubts(entry)


def _doubts(entry: Entry) -> list[tuple[str, str]]:
    """Return what speaks against believing the class."""
    judged, shares = entry.judged, entry.probabilities
    if judged is None:
        return []
    found = []
    if is_unlike(judged):
        p = f"p = {judged.typicality:.3f}"
        found.append(("unlike", f"Unlike all that the model was trained on, {p}."))
    shadow = judged.shadow
    known = shares is not None and 1 < shadow.size == shares.size and np.isfinite(shadow).all()
    if known and shares is not None and np.argmax(shadow) != np.argmax(shares):
        found.append(("\u2260", "The linear model on the same input predicts another class."))
    return found


def predicted_class(entry: Entry | EntryPrediction, model: ModelDescription | None) -> str:
    """Return what a model says: a class, labels, or a value; a dash while unknown or refused."""
    if entry.probabilities is None or model is None:
        return "\u2014" if entry.refusal else ""
    reading = model.reading
    if not reading.is_values:
        return reading.describe(entry.probabilities)
    if entry.outputs is None:
        return ""
    return ", ".join(reading.with_unit(value) for value in reading.values(entry.outputs)[:3])


def predicted_value(entry: Entry | EntryPrediction, model: ModelDescription | None) -> float | None:
    """Return the first value of a regression; None for any other model, and while unknown."""
    if model is None or not model.reading.is_values or entry.outputs is None:
        return None
    return float(model.reading.values(entry.outputs)[0])


def probability(entry: Entry | EntryPrediction, model: ModelDescription | None) -> float | None:
    """Return the probability of what is said; None for a regression."""
    if entry.probabilities is None or model is None or not entry.probabilities.size:
        return None
    return float(entry.probabilities[model.reading.best(entry.probabilities)])


def disagrees(
    entry: Entry, model: ModelDescription | None, answer: EntryPrediction, other: ModelDescription
) -> bool:
    """Whether two models that know the same classes name different ones."""
    if model is None or entry.probabilities is None or answer.probabilities is None:
        return False
    if not entry.probabilities.size or set(model.classes) != set(other.classes):
        return False
    return predicted_class(entry, model) != predicted_class(answer, other)


def drawn_entries(document: Document, overlaid: frozenset[int], current: int | None) -> list[int]:
    """Return the ids of the entries that are drawn, in the order of the table.

    The place in this list is the entry's colour, as in the spectrum plot.
    """
    wanted = overlaid if current is None else overlaid | {current}
    return sorted(wanted & document.rows.keys(), key=document.rows.__getitem__)


def runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of neighbours in ascending numbers.

    Examples
    --------
    >>> runs([1, 2, 3, 7])
    [(1, 3), (7, 7)]
    """
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and row == found[-1][1] + 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
