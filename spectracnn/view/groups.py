"""What can be compared: single spectra, and groups of them by class, tick or metadata."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.state.columns import classes, group_rows, label_names
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
        The ticked ones, those of each predicted class, and those of each value of each column that
        is no more than a label: of the participants' table, of the files, and labels typed.
    """
    drawn = selection.overlaid & document.rows.keys()
    ticked = tuple(sorted(drawn, key=document.rows.__getitem__))
    found = [Side("ticked spectra", ticked, "ticked")]
    by_class = _by_class(document)
    found += [Side(f"predicted {name}", ids, f"class {name}") for name, ids in by_class.items()]
    ids = document.answers.ids
    for key in label_names(document):
        for value, rows in group_rows(document, key, _most(document)).items():
            members = tuple(ids[rows].tolist())
            found.append(Side(f"{key} {value}", members, f"field {key}={value}"))
    return [side for side in found if side.is_mean]


def _most(document: Document) -> int:
    """Return how many values a column may have to be a label, and no name of each."""
    return min(_MOST_VALUES, max(1, len(document.entries) - 1))


def _by_class(document: Document) -> dict[str, tuple[int, ...]]:
    """Return the entries of each predicted class, or of each set of labels."""
    model = document.model
    if model is None or model.reading.is_values:
        return {}
    if model.reading.task is Task.MULTILABEL:
        known = [entry for entry in document.entries if entry.probabilities is not None]
        return _by((predicted_class(entry, model), entry) for entry in known)
    found = classes(document)
    used = np.unique(found.predicted[found.known]).tolist()
    names = sorted((found.names[code], code) for code in used)
    return {name: tuple(found.ids[found.predicted == code].tolist()) for name, code in names}


def class_mean(document: Document, entry_id: int) -> Side | None:
    """Return the spectra that are predicted to be of an entry's class; None if it is alone."""
    entry, model = document.entry(entry_id), document.model
    if entry is None or model is None or entry.probabilities is None or model.reading.is_values:
        return None
    name = predicted_class(entry, model)
    ids = _by_class(document).get(name, ())
    return Side(f"predicted {name}", ids, f"class {name}") if len(ids) > 1 else None


def _by(pairs: Iterable[tuple[str, Entry]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for name, entry in pairs:
        found[name].append(entry.id)
    return {name: tuple(ids) for name, ids in sorted(found.items())}
