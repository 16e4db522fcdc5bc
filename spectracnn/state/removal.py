"""Entries that were taken out of a document, with all that was known of them, and their return."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from weakref import getweakrefcount

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from numpy.typing import NDArray

    from spectracnn.state.answers import Answers
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry
    from spectracnn.state.other_model import EntryPrediction, OtherModel

_VALUES = attrgetter("spectrum.__dict__")


@dataclass(frozen=True, eq=False)
class Removal:
    """What is needed to put entries back where they were, without a look at each of them.

    Parameters
    ----------
    ids : ndarray, shape (n,), int64
        All entries that were open, in the order of the table.
    rows : ndarray, shape (m,), int64
        Which of them were taken out, in ascending order.
    entries : tuple of Entry
        Those; spectra in memory are copies, so that what was computed of them is freed.
    answers : Answers
        What the model said of them.
    held_bytes : int
        How much memory the values of the spectra take.
    fields : mapping of str to object
        Columns of all that were open, as far as they were made (`Fields.made`).
    others : tuple of (OtherModel, mapping of int to EntryPrediction)
        What each of the other models said of them.
    """

    ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    entries: tuple[Entry, ...]
    answers: Answers
    held_bytes: int
    fields: Mapping[str, Any]
    others: tuple[tuple[OtherModel, Mapping[int, EntryPrediction]], ...] = ()

    def of_missing(self, document: Document) -> Removal:
        """Return the part of it that is not open."""
        known, gone = document.rows, self.answers.ids.tolist()
        if known.keys().isdisjoint(gone):
            return self
        kept = [place for place, item in enumerate(gone) if item not in known]
        places = np.array(kept, np.int64)
        return replace(
            self,
            rows=self.rows[places],
            entries=tuple(self.entries[place] for place in kept),
            answers=self.answers.of_rows(places),
        )


def removal(document: Document, ids: Collection[int]) -> Removal:
    """Return what has to be kept of entries that are to be taken out.

    Parameters
    ----------
    document : Document
        In which they are.
    ids : collection of int
        The entries; others are passed over.
    """
    answers = document.answers
    rows = np.flatnonzero(np.isin(answers.ids, np.fromiter(ids, np.int64, len(ids))))
    kept = answers.of_rows(rows)
    entries = list(map(document.entries.__getitem__, rows.tolist()))
    # Values of the others are on disk.
    loaded = [place for place, own in enumerate(map(_VALUES, entries)) if "eigenvalues" in own]
    held = 0
    for place in {*loaded, *np.flatnonzero(kept.edited).tolist()}:
        entry = entries[place]
        if _is_remembered(entry):
            entry = entries[place] = _copied(entry)
        held += entry.spectrum.held_bytes
        held += 0 if entry.original is None else entry.original.held_bytes
    return Removal(
        ids=answers.ids,
        rows=rows,
        entries=tuple(entries),
        answers=kept,
        held_bytes=held,
        fields=document.fields.made,
        others=tuple(
            (other, {item: known[item] for item in kept.ids.tolist() if item in known})
            for other in document.others
            if (known := other.predictions)
        ),
    )


def with_returned(document: Document, gone: Removal) -> Document:
    """Return the document with entries that were taken out back at their places.

    Entries that came since stand behind those that were there.
    """
    gone = gone.of_missing(document)
    if not gone.entries:
        return document
    kept = len(document.entries)
    order = _order(kept, gone.rows)
    both = (*document.entries, *gone.entries)
    entries = tuple(map(both.__getitem__, order.tolist()))
    answers = document.answers.followed_by(gone.answers).of_rows(order)
    table = document.participants
    back = replace(
        document,
        entries=entries,
        others=tuple(_with_predictions(other, gone) for other in document.others),
        participants=table.with_entries(gone.entries) if table is not None else None,
    )
    rows = dict(zip(answers.ids.tolist(), range(len(entries)), strict=True))
    same = np.array_equal(answers.ids, gone.ids)
    return back.with_known(rows, answers, gone.fields if same else None)


def _order(kept: int, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the order of n entries with others behind them that puts these into their rows."""
    total = kept + len(rows)
    places = np.full(total, -1, np.int64)
    # A row beyond the end, where fewer entries are open now, is the next one that is free.
    fitting = np.minimum(rows, np.arange(kept, total))
    places[fitting] = np.arange(kept, total)
    places[places < 0] = np.arange(kept)
    return places


def _with_predictions(other: OtherModel, gone: Removal) -> OtherModel:
    for before, predictions in gone.others:
        if before.model is other.model:
            back = {e.id: predictions[e.id] for e in gone.entries if e.id in predictions}
            return replace(other, predictions=MappingProxyType({**other.predictions, **back}))
    return other


def _is_remembered(entry: Entry) -> bool:
    """Whether something that was computed of its spectra is kept as long as they are."""
    original = entry.original
    return getweakrefcount(entry.spectrum) > 0 or (
        original is not None and getweakrefcount(original) > 0
    )


def _copied(entry: Entry) -> Entry:
    """Return an entry without what was computed of its spectra."""
    original = None if entry.original is None else copy(entry.original)
    return replace(entry, spectrum=copy(entry.spectrum), original=original)
