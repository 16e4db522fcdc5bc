"""What is open: the spectra, the model, and what the network said of them. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.conformal import LEVEL
from spectracnn.state.answers import Answers, Fields
from spectracnn.state.entry import Entry as Entry  # noqa: TC001  (whoever has one, has the other)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.reading import Reading
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.state.other_model import OtherModel
    from spectracnn.state.participants import Participants
    from spectracnn.state.selection import Selection


_STATE = attrgetter("id", "revision")
_WHOSE = attrgetter("spectrum.subject", "spectrum.source")


@dataclass(frozen=True, eq=False)
class Document:
    """Everything that is open. Replaced as a whole on every change.

    Parameters
    ----------
    entries : tuple of Entry
        In the order of the table.
    model : ModelDescription or None
        None until the engine has opened it.
    traces : mapping of int to Trace
        By entry; only those that panels need.
    attribution : Attribution or None
        Of the current spectrum, where it was asked.
    others : tuple of OtherModel
        Models that are open too, in the order in which they were left.
    opened : int
        How many models were opened so far: the revision of ``model``.
    participants : Participants or None
        The table of who is who, where one was opened.
    labels : mapping of int to str
        Labels that were typed, by entry.
    level : float
        How often a prediction set, or an interval, shall hold the truth.
    """

    entries: tuple[Entry, ...] = ()
    model: ModelDescription | None = None
    traces: Mapping[int, Trace] = field(default_factory=lambda: MappingProxyType({}))
    attribution: Attribution | None = None
    others: tuple[OtherModel, ...] = ()
    opened: int = 0
    participants: Participants | None = None
    labels: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    level: float = LEVEL

    @cached_property
    def rows(self) -> dict[int, int]:
        """The place of each entry in the table, by id."""
        return {entry.id: row for row, entry in enumerate(self.entries)}

    @cached_property
    def answers(self) -> Answers:
        """What the model says of all entries, as arrays."""
        return Answers.of(self.entries, self._reading)

    @cached_property
    def near(self) -> dict[object, list[int]]:
        """The rows of each subject, or of each file where it names none: companions are there."""
        found: dict[object, list[int]] = {}
        for row, (subject, source) in enumerate(map(_WHOSE, self.entries)):
            found.setdefault(subject or source, []).append(row)
        return found

    @cached_property
    def states(self) -> tuple[tuple[int, int], ...]:
        """Id and revision of each entry: what is said about all of them depends on these."""
        return tuple(map(_STATE, self.entries))

    @cached_property
    def fields(self) -> Fields:
        """What the files say of all entries beside their values, as columns."""
        return Fields([entry.spectrum for entry in self.entries])

    @property
    def _reading(self) -> Reading | None:
        return None if self.model is None else self.model.reading

    def _passing(self, **known: object) -> Document:
        """Remember what was computed for another document and holds for this one too."""
        self.__dict__.update(known)
        return self

    def with_known(
        self, rows: dict[int, int], answers: Answers, made: Mapping[str, Any] | None
    ) -> Document:
        """Return the document with what was kept, so that it need not be gathered anew.

        Parameters
        ----------
        rows : dict of int to int
            The place of each entry.
        answers : Answers
            What the model says of all entries.
        made : mapping of str to object or None
            Of the same entries, `Fields.made`.
        """
        known: dict[str, object] = {"rows": rows, "answers": answers}
        if made is not None:
            known["fields"] = Fields.remade([entry.spectrum for entry in self.entries], made)
        return self.with_shown()._passing(**known)

    def entry(self, entry_id: int | None) -> Entry | None:
        """Return an entry by its id, or None."""
        row = self.rows.get(entry_id) if entry_id is not None else None
        return None if row is None else self.entries[row]

    def trace(self, entry_id: int | None) -> Trace | None:
        """Return an entry's trace, None while there is none."""
        return self.traces.get(entry_id) if entry_id is not None else None

    def with_entries(self, changed: Iterable[Entry]) -> Document:
        """Return the document with these entries in the place of those of the same ids."""
        entries = list(self.entries)
        rows = self.rows
        new = {row: entry for entry in changed if (row := rows.get(entry.id)) is not None}
        for row, entry in new.items():
            entries[row] = entry
        known: dict[str, object] = {"rows": rows}
        if "fields" in self.__dict__:  # no edit changes what a file says beside the values
            known["fields"] = self.fields
        if "near" in self.__dict__:
            known["near"] = self.near
        if "answers" in self.__dict__:
            part = Answers.of(tuple(new.values()), self._reading)
            known["answers"] = self.answers.with_rows(new, part)
        return replace(self, entries=tuple(entries))._passing(**known)

    def with_appended(self, added: Sequence[Entry]) -> Document:
        """Return the document with further entries behind the others."""
        start = len(self.entries)
        known: dict[str, object] = {}
        if "answers" in self.__dict__:
            fresh = not any(entry.is_known or entry.edits for entry in added)
            part = Answers.unanswered(added) if fresh else Answers.of(added, self._reading)
            known["answers"] = self.answers.followed_by(part)
        if "fields" in self.__dict__:
            known["fields"] = self.fields.followed_by([entry.spectrum for entry in added])
        table = self.participants
        return replace(
            self,
            entries=(*self.entries, *added),
            participants=table.with_entries(added) if table is not None else None,
        )._passing(
            rows=self.rows | {entry.id: start + at for at, entry in enumerate(added)}, **known
        )

    def without_entries(self, gone: Iterable[int]) -> Document:
        """Return the document without these entries, and without what was said about them."""
        gone = set(gone)
        traces = {key: trace for key, trace in self.traces.items() if key not in gone}
        others = tuple(other.without_entries(gone) for other in self.others)
        away = np.isin(self.answers.ids, np.fromiter(gone, np.int64, len(gone)))
        rows = np.flatnonzero(~away)
        entries = tuple(map(self.entries.__getitem__, rows.tolist()))
        shown = self.attribution if len(traces) == len(self.traces) else None
        known: dict[str, object] = {}
        if "answers" in self.__dict__:
            known["answers"] = self.answers.of_rows(rows)
        if "fields" in self.__dict__:
            known["fields"] = self.fields.of_rows(rows.tolist())
        return replace(
            self,
            entries=entries,
            traces=MappingProxyType(traces),
            others=others,
            attribution=shown,
        )._passing(**known)

    def with_trace(self, entry_id: int, trace: Trace | None) -> Document:
        """Return the document with this trace alone: panels show one spectrum at a time."""
        traces = {} if trace is None else {entry_id: trace}
        return self.with_shown(traces=MappingProxyType(traces))

    def with_shown(self, **changes: Any) -> Document:
        """Return the document with other traces, attribution or threshold; no entry changes."""
        names = ("rows", "answers", "fields", "states", "near")
        known = {name: self.__dict__[name] for name in names if name in self.__dict__}
        return replace(self, **changes)._passing(**known)

    def without_answers(self, model: ModelDescription | None) -> Document:
        """Return the document with another model and nothing said about the spectra yet."""
        entries = tuple(entry.without_answer() for entry in self.entries)
        return Document(
            entries,
            model,
            others=self.others,
            opened=self.opened + 1,
            participants=self.participants,
            labels=self.labels,
            level=self.level,
        )


def current_entry(document: Document, selection: Selection) -> Entry | None:
    """Return the entry whose maps are shown; None where none is."""
    return document.entry(selection.current)
