"""What the table of spectra says of each entry."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from spectracnn.view.document import Entry
    from spectracnn.view.others import Answer

BADGES = {
    "negative-sign": ("\u2212", "All eigenvalues are negative: the operator has the other sign."),
    "unsorted": ("\u21c5", "The eigenvalues are not in ascending order."),
    "nan": ("NaN", "Some values are not finite."),
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
