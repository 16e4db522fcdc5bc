"""One open spectrum: as read, as edited, and what the network said of it. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spectracnn.core.edits import Space, edited

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.edits import Edit
    from spectracnn.core.judging import Judged
    from spectracnn.core.spectrum import Spectrum


@dataclass(frozen=True, eq=False, slots=True)
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
    before_outputs, before_judged
        Likewise, as for ``outputs`` and ``judged``.
    outputs : ndarray or None
        What the network computed, as it is; None where it is not known, or an edit came since.
    revision : int
        Which state of the spectrum this is: 0 as read, another number for each list of edits that
        it has had. What is said about an entry is about one revision.
    edited : int
        The largest revision that there has been.
    judged : Judged or None
        How typical the spectrum is, and what the linear model says; None where it is not known.
    """

    id: int
    spectrum: Spectrum
    probabilities: NDArray[np.float32] | None = None
    refusal: str = ""
    original: Spectrum | None = None
    edits: tuple[Edit, ...] = ()
    before: NDArray[np.float32] | None = None
    outputs: NDArray[np.float32] | None = None
    revision: int = 0
    edited: int = 0
    judged: Judged | None = None
    before_outputs: NDArray[np.float32] | None = None
    before_judged: Judged | None = None

    @property
    def is_known(self) -> bool:
        """Whether the model has said anything, if only that it cannot read the spectrum."""
        return self.probabilities is not None or bool(self.refusal) or self.judged is not None

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
        original = self.original or self.spectrum
        before, outputs, judged = (
            (self.before, self.before_outputs, self.before_judged)
            if self.is_edited
            else (self.probabilities, self.outputs, self.judged)
        )
        if not edits:
            return Entry(
                self.id, original, before, outputs=outputs, judged=judged, edited=self.edited
            )
        return Entry(
            self.id,
            edited(original, edits),
            None,
            "",
            original=original,
            edits=edits,
            before=before,
            before_outputs=outputs,
            before_judged=judged,
            revision=self.edited + 1,
            edited=self.edited + 1,
        )

    def with_answer(self, answered: Entry) -> Entry:
        """Return the entry with an answer to a question asked some time ago.

        Meanwhile it may have been edited: then the answer is about the original.
        """
        if answered.revision == self.revision:
            if answered.original is self.original and answered.before is self.before:
                return answered  # nothing else was said meanwhile; tens of thousands come so
            return replace(
                self,
                probabilities=answered.probabilities,
                refusal=answered.refusal,
                outputs=answered.outputs,
                judged=answered.judged,
            )
        if answered.revision == 0:
            return replace(
                self,
                before=answered.probabilities,
                before_outputs=answered.outputs,
                before_judged=answered.judged,
            )
        return self

    @property
    def as_read(self) -> Entry:
        """The entry before all edits, with nothing said about it."""
        return Entry(self.id, self.original or self.spectrum, edited=self.edited)

    @property
    def unanswered(self) -> tuple[Entry, ...]:
        """What should be asked of the network: this, and the original of what was edited.

        Of edits of the model's input only a trace knows.
        """
        found: tuple[Entry, ...] = ()
        if self.original is not None and self.before is None:
            found = (self.as_read,)
        open_question = self.probabilities is None and not self.refusal
        if open_question and not any(edit.space is Space.INPUT for edit in self.edits):
            found = (*found, self)
        return found

    def without_answer(self) -> Entry:
        """Return the entry as a model that was just opened finds it.

        Edits of another model's input mean nothing to this one.
        """
        if not self.is_known and self.original is None and self.outputs is None:
            return self  # as of tens of thousands that were opened before the model
        kept = tuple(edit for edit in self.edits if edit.space is Space.EIGENVALUES)
        # With the same edits it is the same revision, of which other models may have spoken.
        entry = self if kept == self.edits else self.with_edits(kept)
        return replace(
            entry,
            probabilities=None,
            refusal="",
            before=None,
            outputs=None,
            judged=None,
            before_outputs=None,
            before_judged=None,
        )
