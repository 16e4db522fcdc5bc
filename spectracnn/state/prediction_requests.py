"""Requests for what the current model, or another one, says of spectra."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.core.requests import OpenModel, PredictSpectra
from spectracnn.state.others import unpredicted_by
from spectracnn.state.request_parts import STATE, Made, spectra_of
from spectracnn.state.subjects import whole_subjects

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document
    from spectracnn.state.entry import Entry
    from spectracnn.state.other_model import OtherModel

MOST_AT_ONCE = 4096
"""So many spectra are classified by one request: a study of tens of thousands takes several."""


def prediction_requests(document: Document) -> Made[PredictSpectra] | None:
    """Return the request for the classes of spectra that the model has said nothing about.

    Of very many these are the first; the others are asked about afterwards.

    Muted filters do not count: the table shows what the network itself says. A spectrum whose
    input was edited is classified by its trace.
    """
    if document.model is None:
        return None
    rows = document.answers.open_rows[:MOST_AT_ONCE]
    entries = document.entries
    unpredicted = tuple(item for row in rows.tolist() for item in entries[row].unanswered)
    return _predictions(document, whole_subjects(document, unpredicted, document.model), None)


def other_prediction_request(
    document: Document, other: OtherModel, model: OpenModel
) -> Made[PredictSpectra] | None:
    """Return the request for what one of the other models has not said yet.

    Parameters
    ----------
    document : Document
        What is open.
    other : OtherModel
        Who is asked.
    model : OpenModel
        How it is opened.
    """
    return _predictions(document, unpredicted_by(document, other), model, other.model)


def _predictions(
    document: Document,
    entries: tuple[Entry, ...],
    model: OpenModel | None,
    reader: ModelDescription | None = None,
) -> Made[PredictSpectra] | None:
    if not entries:
        return None
    about = tuple(map(STATE, entries))
    path = None if model is None else (model.path, model.sha256)
    request = PredictSpectra(spectra_of(document, entries, reader), model)
    return Made(request, ("predict", document.opened, path, about), entries)
