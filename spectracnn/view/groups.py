"""What can be compared: single spectra, and groups of them by class, tick or metadata."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spectracnn.view.table import predicted_class

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.state.document import Document, Entry
    from spectracnn.state.selection import Selection

_MOST_VALUES = 40


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Parameters
    ----------
    name : str
        For headings.
    ids : tuple of int
        Its entries; of several the mean is meant.
    key : str
        What it is, whatever it is called and who is in it now: ``entry 3``, ``ticked``,
        ``class cup``, ``field sex=F``.
    """

    name: str
    ids: tuple[int, ...]
    key: str = ""

    @property
    def is_mean(self) -> bool:
        """Whether several spectra are averaged."""
        return len(self.ids) > 1


def single(entry: Entry) -> Side:
    """Return one spectrum as a side."""
    return Side(entry.spectrum.name, (entry.id,), f"entry {entry.id}")


def groups(document: Document, selection: Selection) -> list[Side]:
    """Return the groups of at least two spectra that there are.

    Parameters
    ----------
    document : Document
        What is open.
    selection : Selection
        Says which spectra are ticked.

    Returns
    -------
    list of Side
        The ticked ones, those of each predicted class, and those of each value of each metadata
        field that is no more than a label.
    """
    entries = document.entries
    ticked = tuple(entry.id for entry in entries if entry.id in selection.overlaid)
    found = [Side("ticked spectra", ticked, "ticked")]
    model = document.model
    named = model is not None and not model.reading.is_values
    known = [e for e in entries if e.probabilities is not None] if named else []
    by_class = _by((predicted_class(e, model), e) for e in known)
    found += [Side(f"predicted {name}", ids, f"class {name}") for name, ids in by_class.items()]
    for key in labels(document):
        values = _by((e.spectrum.metadata[key], e) for e in entries if key in e.spectrum.metadata)
        found += [Side(f"{key} {v}", ids, f"field {key}={v}") for v, ids in values.items()]
    return [side for side in found if side.is_mean]


def class_mean(document: Document, entry_id: int) -> Side | None:
    """Return the spectra that are predicted to be of an entry's class; None if it is alone."""
    entry, model = document.entry(entry_id), document.model
    if entry is None or model is None or entry.probabilities is None or model.reading.is_values:
        return None
    name = predicted_class(entry, model)
    ids = tuple(
        e.id
        for e in document.entries
        if e.probabilities is not None and predicted_class(e, model) == name
    )
    return Side(f"predicted {name}", ids, f"class {name}") if len(ids) > 1 else None


def labels(document: Document) -> list[str]:
    """Return the metadata fields that group the spectra: of few values, not one each.

    Returns
    -------
    list of str
        In the order in which they appear.
    """
    values: dict[str, set[str]] = defaultdict(set)
    for entry in document.entries:
        for key, value in entry.spectrum.metadata.items():
            values[key].add(value)
    limit = min(_MOST_VALUES, max(1, len(document.entries) - 1))
    return [key for key, found in values.items() if 1 < len(found) <= limit]


def _by(pairs: Iterable[tuple[str, Entry]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for name, entry in pairs:
        found[name].append(entry.id)
    return {name: tuple(ids) for name, ids in sorted(found.items())}
