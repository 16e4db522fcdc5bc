"""What requests about open spectra are made of: entries with companions, edits, and a key."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from spectracnn.core.site_step import with_site
from spectracnn.state.subjects import companion_entries

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry
    from spectracnn.state.selection import Selection

R = TypeVar("R")
Muted = tuple[tuple[int, int], ...]

# Of tens of thousands of entries, without a step of Python for each.
_SPECTRUM, _EDITS = attrgetter("spectrum"), attrgetter("edits")
STATE = attrgetter("id", "revision")


@dataclass(frozen=True, eq=False)
class Made(Generic[R]):
    """A request with what its result depends on.

    Parameters
    ----------
    request : Request
        For the engine.
    key : hashable
        Requests of equal keys have equal results: ids and revisions of the model and the entries,
        muted filters, edits, options. What is shown is stale when the key is another.
    entries : tuple of Entry
        Whom the result is about, in its order.
    """

    request: R
    key: Hashable
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, eq=False)
class Seen:
    """One spectrum as the network sees it."""

    entry: Entry
    spectrum: Any
    companions: tuple[Any, ...]
    muted: Muted
    key: tuple[Hashable, ...]


def seen_entry(
    document: Document, selection: Selection, entry_id: int | None, mute: Muted = ()
) -> Seen | None:
    """Return one spectrum as the network sees it; None without a model or such a spectrum."""
    entry = document.entry(entry_id)
    if entry is None or document.model is None:
        return None
    muted = tuple(sorted({*selection.muted, *mute}))
    members = companion_entries(document, entry)
    about = tuple((member.id, member.revision) for member in members)
    key = (document.opened, (entry.id, entry.revision), about, muted, selection.weight_edits)
    spectra = dict(zip(members, spectra_of(document, members), strict=True))
    spectrum = spectra.get(entry) or spectra_of(document, (entry,))[0]
    return Seen(entry, spectrum, tuple(spectra.values()), muted, key)


def entries_of(document: Document, ids: Iterable[int]) -> tuple[Entry, ...]:
    """Return the entries of these ids that are open."""
    rows = [row for row in map(document.rows.get, ids) if row is not None]
    return tuple(map(document.entries.__getitem__, rows))


def spectra_of(
    document: Document, entries: tuple[Entry, ...], reader: ModelDescription | None = None
) -> tuple[Any, ...]:
    """Return the spectra of entries, with their sites where the model harmonises those."""
    model = reader or document.model
    step = None if model is None else model.card.preprocessing.harmony
    table = document.participants
    if step is None or table is None or step.column not in table.table.names:
        return tuple(map(_SPECTRUM, entries))
    column = table.table.column(step.column)
    return tuple(with_site(entry.spectrum, table.cell(column, entry)) for entry in entries)


def with_companions(document: Document, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Return entries and those that must go in with them, each once."""
    if document.model is None or not document.model.structures:
        return entries
    found = {entry.id: entry for entry in entries}
    for entry in entries:
        for member in companion_entries(document, entry):
            found.setdefault(member.id, member)
    return tuple(found.values())


def muted_filters(selection: Selection) -> Muted:
    """Return layers and channels that are set to 0, in order."""
    return tuple(sorted(selection.muted))


def edits_of(entries: tuple[Entry, ...]) -> tuple[Any, ...]:
    """Return the edits of each entry, empty where there are none at all."""
    edits = tuple(map(_EDITS, entries))
    return edits if any(edits) else ()


def key_of(document: Document, selection: Selection, entries: tuple[Entry, ...]) -> tuple[Any, ...]:
    """Return what a result about these entries depends on."""
    about = tuple(map(STATE, entries))
    return document.opened, about, muted_filters(selection), selection.weight_edits
