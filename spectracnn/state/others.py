"""Models that are open beside the current one, and what they said of the open spectra. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from spectracnn.core.edits import Space
from spectracnn.state.document import Entry
from spectracnn.state.subjects import whole_subjects

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document


@dataclass(frozen=True, eq=False)
class Answer:
    """What a model said of one spectrum.

    Parameters
    ----------
    spectrum : Spectrum
        The one that was asked about; after an edit it is not the entry's any more.
    probabilities : ndarray, shape (classes,), or None
        None where it was refused.
    refusal : str
        Why.
    outputs : ndarray or None
        What it computed, as it is, where that is known.
    """

    spectrum: Spectrum
    probabilities: NDArray[np.float32] | None
    refusal: str = ""
    outputs: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False)
class OtherModel:
    """An open model that is not the current one.

    Parameters
    ----------
    model : ModelDescription
        As it was opened.
    answers : mapping of int to Answer
        By entry.
    """

    model: ModelDescription
    answers: Mapping[int, Answer] = field(default_factory=lambda: MappingProxyType({}))

    def answer(self, entry: Entry) -> Answer | None:
        """Return what it said of an entry as that is now, None while it has not been asked."""
        found = self.answers.get(entry.id)
        return found if found is not None and found.spectrum is entry.spectrum else None

    def questions(self, document: Document) -> tuple[Entry, ...]:
        """Return what it should be asked."""
        asked = tuple(entry for entry in document.entries if self.answer(entry) is None)
        return whole_subjects(document, asked, self.model)


def with_model(document: Document, model: ModelDescription, *, keep: bool = True) -> Document:
    """Return the document with a model that was just opened as the current one.

    Parameters
    ----------
    document : Document
        As it is.
    model : ModelDescription
        The new one. If it was open before and has not changed since, its answers are there at once.
    keep : bool
        Whether the model that was current stays open.
    """
    before = document.model
    others = [other for other in document.others if other.model.path != model.path]
    if keep and before is not None and before.path != model.path:
        others.append(OtherModel(before, MappingProxyType(_answers(document))))
    fresh = replace(document.without_answers(model), others=tuple(others))
    for other in document.others:
        if _same(other.model, model):
            return fresh.with_entries(_answered(entry, other) for entry in fresh.entries)
    return fresh


def without_model(document: Document, path: str) -> Document:
    """Return the document without one of the other models."""
    return replace(document, others=tuple(o for o in document.others if o.model.path != path))


def with_answers(
    document: Document, model: ModelDescription, answers: Mapping[int, Answer]
) -> Document:
    """Return the document with more answers of one of the other models.

    They are dropped when that model was closed, or opened again with another card, meanwhile.
    """
    others = tuple(
        OtherModel(other.model, MappingProxyType({**other.answers, **answers}))
        if other.model is model
        else other
        for other in document.others
    )
    return replace(document, others=others)


def _same(one: ModelDescription, other: ModelDescription) -> bool:
    """Tell whether two openings of a file give the same answers."""
    cards = one.card.preprocessing.to_json(), other.card.preprocessing.to_json()
    return (
        (one.path, one.sha256, one.classes, one.structures, one.task, one.output)
        == (other.path, other.sha256, other.classes, other.structures, other.task, other.output)
    ) and cards[0] == cards[1]


def _answers(document: Document) -> dict[int, Answer]:
    """Return what the current model said, for later."""
    found = {}
    for entry in document.entries:
        if entry.original is not None and entry.before is not None:
            found[entry.id] = Answer(entry.original, entry.before)
        known = entry.probabilities is not None or bool(entry.refusal)
        if known and not any(edit.space is Space.INPUT for edit in entry.edits):
            found[entry.id] = Answer(
                entry.spectrum, entry.probabilities, entry.refusal, entry.outputs
            )
    return found


def _answered(entry: Entry, other: OtherModel) -> Entry:
    answer = other.answers.get(entry.id)
    if answer is None:
        return entry
    said = Entry(
        entry.id,
        answer.spectrum,
        answer.probabilities,
        answer.refusal,
        outputs=answer.outputs,
    )
    return entry.with_answer(said)
