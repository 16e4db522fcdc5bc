"""What is open: the spectra, the model, and what the network said of them. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from spectracnn.state.entry import Entry as Entry  # noqa: TC001  (whoever has one, has the other)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from spectracnn.core.attribution import Attribution
<<<<<<< HEAD
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.state.other_model import OtherModel
=======
    from spectracnn.core.edits import Edit
    from spectracnn.core.judging import Judged
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.state.others import OtherModel


@dataclass(frozen=True, eq=False)
class Entry:
    """One open spectrum and the network's answer to it.

    Parameters
    ----------
    id : int
        Unique for as long as the program runs.
    spectrum : Spectrum
        As read.
    probabilities : ndarray, shape (classes,), or None
        None until the network has answered.
    refusal : str
        Why the network cannot take this spectrum; empty when it can.
    original : Spectrum or None
        As read, where ``spectrum`` was edited since; else None.
    edits : tuple of Edit
        What was done to the original.
    before : ndarray, shape (classes,), or None
        The network's answer to the original, where it was edited since.
    outputs : ndarray or None
        What the network computed, as it is; None where it is not known, or an edit came since.
    judged : Judged or None
        How typical the spectrum is, and what the linear model says; None likewise.
    """

    id: int
    spectrum: Spectrum
    probabilities: NDArray[np.float32] | None = None
    refusal: str = ""
    original: Spectrum | None = None
    edits: tuple[Edit, ...] = ()
    before: NDArray[np.float32] | None = None
    outputs: NDArray[np.float32] | None = None
    judged: Judged | None = None

    @property
    def is_edited(self) -> bool:
        """Whether this is not what the file holds."""
        return bool(self.edits)

    def with_edits(self, edits: tuple[Edit, ...]) -> Entry:
        """Return the entry with these edits of its original instead of those before.

        Raises
        ------
        SpectrumError
            If they leave no finite eigenvalue.
        """
        if not edits:
            return Entry(self.id, self.original or self.spectrum, self.before)
        original = self.original or self.spectrum
        before = self.before if self.is_edited else self.probabilities
        return Entry(
            self.id,
            edited(original, edits),
            None,
            "",
            original=original,
            edits=edits,
            before=before,
        )

    def with_answer(self, answered: Entry) -> Entry:
        """Return the entry with an answer to a question asked some time ago.

        Meanwhile it may have been edited: then the answer is about the original.
        """
        if answered.spectrum is self.spectrum:
            return replace(
                self,
                probabilities=answered.probabilities,
                refusal=answered.refusal,
                outputs=answered.outputs,
                judged=answered.judged,
            )
        if answered.spectrum is self.original:
            return replace(self, before=answered.probabilities)
        return self

    @property
    def unanswered(self) -> tuple[Entry, ...]:
        """What should be asked of the network: this, and the original of what was edited.

        Of edits of the model's input only a trace knows.
        """
        found: tuple[Entry, ...] = ()
        if self.original is not None and self.before is None:
            found = (Entry(self.id, self.original),)
        open_question = self.probabilities is None and not self.refusal
        if open_question and not any(edit.space is Space.INPUT for edit in self.edits):
            found = (*found, self)
        return found

    def without_answer(self) -> Entry:
        """Return the entry as a model that was just opened finds it.

        Edits of another model's input mean nothing to this one.
        """
        entry = self.with_edits(tuple(e for e in self.edits if e.space is Space.EIGENVALUES))
        return replace(
            entry, probabilities=None, refusal="", before=None, outputs=None, judged=None
        )
>>>>>>> 9a55e0b (wip)


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
    """

    entries: tuple[Entry, ...] = ()
    model: ModelDescription | None = None
    traces: Mapping[int, Trace] = field(default_factory=lambda: MappingProxyType({}))
    attribution: Attribution | None = None
    others: tuple[OtherModel, ...] = ()
    opened: int = 0

    @cached_property
    def rows(self) -> dict[int, int]:
        """The place of each entry in the table, by id."""
        return {entry.id: row for row, entry in enumerate(self.entries)}

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
        for entry in changed:
            row = self.rows.get(entry.id)
            if row is not None:
                entries[row] = entry
        return replace(self, entries=tuple(entries))

    def without_entries(self, gone: Iterable[int]) -> Document:
        """Return the document without these entries, and without what was said about them."""
        gone = set(gone)
        traces = {key: trace for key, trace in self.traces.items() if key not in gone}
        others = tuple(other.without_entries(gone) for other in self.others)
        entries = tuple(entry for entry in self.entries if entry.id not in gone)
        shown = self.attribution if len(traces) == len(self.traces) else None
        return replace(
            self,
            entries=entries,
            traces=MappingProxyType(traces),
            others=others,
            attribution=shown,
        )

    def with_trace(self, entry_id: int, trace: Trace | None) -> Document:
        """Return the document with this trace alone: panels show one spectrum at a time."""
        traces = {} if trace is None else {entry_id: trace}
        return replace(self, traces=MappingProxyType(traces))

    def without_answers(self, model: ModelDescription | None) -> Document:
        """Return the document with another model and nothing said about the spectra yet."""
        entries = tuple(entry.without_answer() for entry in self.entries)
        return Document(entries, model, others=self.others, opened=self.opened + 1)
