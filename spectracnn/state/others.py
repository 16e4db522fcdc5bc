"""Changing models: which is current, which stay open, and what they said. Pure."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from spectracnn.core.edits import Space
from spectracnn.state.entry import Entry
from spectracnn.state.other_model import EntryPrediction as EntryPrediction
from spectracnn.state.other_model import OtherModel as OtherModel
from spectracnn.state.subjects import whole_subjects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document


def unpredicted_by(document: Document, other: OtherModel) -> tuple[Entry, ...]:
    """Return the entries that one of the other models has said nothing about yet."""
    unpredicted = tuple(entry for entry in document.entries if other.prediction(entry) is None)
    return whole_subjects(document, unpredicted, other.model)


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
    kept = tuple(other for other in document.others if other.model.path != path)
    return document.with_shown(others=kept)


def with_answers(
    document: Document, model: ModelDescription, predictions: Mapping[int, EntryPrediction]
) -> Document:
    """Return the document with more answers of one of the other models.

    They are dropped when that model was closed, or opened again with another card, meanwhile.
    """
    others = tuple(
        OtherModel(other.model, MappingProxyType({**other.predictions, **predictions}))
        if _same(other.model, model)
        else other
        for other in document.others
    )
    return document.with_shown(others=others)


def _same(one: ModelDescription, other: ModelDescription) -> bool:
    """Return whether two openings of a file give the same answers."""
    cards = one.card.preprocessing.to_json(), other.card.preprocessing.to_json()
    return (
        (one.path, one.sha256, one.classes, one.structures, one.task, one.output)
        == (other.path, other.sha256, other.classes, other.structures, other.task, other.output)
    ) and cards[0] == cards[1]


def _answers(document: Document) -> dict[int, EntryPrediction]:
    """Return what the current model said, for later."""
    found = {}
    for entry in document.entries:
        if entry.original is not None and entry.before is not None:
            found[entry.id] = EntryPrediction(
                0, entry.before, outputs=entry.before_outputs, judged=entry.before_judged
            )
        known = entry.probabilities is not None or bool(entry.refusal)
        if known and not any(edit.space is Space.INPUT for edit in entry.edits):
            found[entry.id] = EntryPrediction(
                entry.revision, entry.probabilities, entry.refusal, entry.outputs, entry.judged
            )
    return found


def _answered(entry: Entry, other: OtherModel) -> Entry:
    prediction = other.predictions.get(entry.id)
    if prediction is None:
        return entry
    return entry.with_answer(
        Entry(
            entry.id,
            entry.spectrum,
            prediction.probabilities,
            prediction.refusal,
            outputs=prediction.outputs,
            judged=prediction.judged,
            revision=prediction.revision,
        )
    )
