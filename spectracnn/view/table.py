"""What the table of spectra says of each entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.state.document import Document, Entry
    from spectracnn.state.others import Answer

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
    if entry.refusal:
        found.append(("\u2715", entry.refusal))
    return found


def predicted_class(entry: Entry | Answer, classes: tuple[str, ...]) -> str:
    """Return the class of highest probability; a dash while unknown or refused."""
    if entry.probabilities is None or not classes:
        return "\u2014" if entry.refusal else ""
    return classes[int(np.argmax(entry.probabilities))]


def probability(entry: Entry | Answer) -> float | None:
    """Return the probability of the predicted class."""
    return None if entry.probabilities is None else float(np.max(entry.probabilities))


def disagrees(
    entry: Entry, classes: tuple[str, ...], answer: Answer, others: tuple[str, ...]
) -> bool:
    """Tell whether two models that know the same classes name different ones."""
    if entry.probabilities is None or answer.probabilities is None or set(classes) != set(others):
        return False
    return predicted_class(entry, classes) != predicted_class(answer, others)


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
