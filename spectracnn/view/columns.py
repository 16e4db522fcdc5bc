"""The columns of the table of spectra: each is one record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from spectracnn.core.plausible import why_no_spectrum
from spectracnn.state.labels import label_of
from spectracnn.view.added_columns import model_columns, participant_columns
from spectracnn.view.table import badges, predicted_class, predicted_value, probability
from spectracnn.view.table_column import TableColumn
from spectracnn.view.trust import interval_words, is_unlike, set_words, typicality_words

if TYPE_CHECKING:
    from spectracnn.state.document import Document, Entry


def _class_text(document: Document, entry: Entry) -> str:
    """Return what the model says, and what makes it doubtful: no spectrum, or values missing."""
    label = predicted_class(entry, document.model)
    if label and entry.spectrum.cut_off:
        return f"{label} (file cut off)"
    doubtful = label and why_no_spectrum(entry.original or entry.spectrum)
    return f"{label} ?" if doubtful else label


def _class_key(document: Document, entry: Entry) -> float | str:
    """Return by what the class column is sorted: values by size, words by the alphabet."""
    if document.model is None or not document.model.reading.is_values:
        return predicted_class(entry, document.model).casefold()
    value = predicted_value(entry, document.model)
    return -math.inf if value is None or math.isnan(value) else value


def _probability_text(document: Document, entry: Entry) -> str:
    share = probability(entry, document.model)
    return "" if share is None else f"{share:.2f}"


def _badge_text(_document: Document, entry: Entry) -> str:
    return " ".join(text for text, _ in badges(entry))


def _badge_tip(_document: Document, entry: Entry) -> str:
    return "\n".join(tip for _, tip in badges(entry))


def _file_text(_document: Document, entry: Entry) -> str:
    return entry.spectrum.source.name if entry.spectrum.source else "pasted"


def _set_text(document: Document, entry: Entry) -> str:
    model = document.model
    if model is None or entry.probabilities is None:
        return ""
    if model.reading.is_values:
        value = predicted_value(entry, model)
        return "" if value is None else interval_words(model, value, document.level)
    return set_words(model, entry.probabilities, document.level).rpartition(" (")[0]


def _typicality_key(_document: Document, entry: Entry) -> float:
    p = math.nan if entry.judged is None else entry.judged.typicality
    return 2.0 if math.isnan(p) else p


def _typicality_text(document: Document, entry: Entry) -> str:
    p = _typicality_key(document, entry)
    return "" if p > 1 else f"{p:.3f}"


NAME = TableColumn(
    "name",
    "Name",
    lambda _, entry: entry.spectrum.name,
    "Name of the spectrum; those that are ticked are drawn together",
    lambda _, entry: entry.spectrum.name,
    width=114,
    searched=True,
)
LABEL = TableColumn(
    "label",
    "Label",
    label_of,
    "What it is, as you say: a training can learn these labels. F2 changes one",
    label_of,
    width=78,
    searched=True,
    shown=lambda document: bool(document.labels),
)
_BEFORE_OTHERS = (
    NAME,
    TableColumn(
        "subject",
        "Subject",
        lambda _, entry: entry.spectrum.subject,
        "Whom or what the surface belongs to",
        lambda _, entry: entry.spectrum.subject,
        width=96,
        searched=True,
        shown=lambda document: document.fields.have_subjects,
    ),
    TableColumn(
        "structure",
        "Structure",
        lambda _, entry: entry.spectrum.structure,
        "Which part of the subject the surface is",
        lambda _, entry: entry.spectrum.structure,
        width=96,
        searched=True,
        shown=lambda document: document.fields.have_structures,
    ),
    LABEL,
    TableColumn(
        "badges",
        "",
        _badge_text,
        "Oddities of the file",
        _badge_tip,
        width=0,
    ),
    TableColumn(
        "class",
        "Class",
        _class_text,
        "What the model predicts: a class, labels, or a value",
        lambda _, entry: entry.refusal or entry.spectrum.cut_off,
        sort_key=_class_key,
        width=78,
        searched=True,
    ),
    TableColumn(
        "probability",
        "p",
        _probability_text,
        "Probability of the predicted class",
        sort_key=lambda document, entry: probability(entry, document.model) or -1.0,
        width=48,
        right=True,
    ),
)
_AFTER_OTHERS = (
    TableColumn(
        "set",
        "Set",
        _set_text,
        "The classes that cannot be ruled out, at the level chosen in the prediction panel",
        _set_text,
        width=96,
        searched=True,
        shown=lambda document: document.model is not None and bool(document.model.card.conformal),
        spare=2,
    ),
    TableColumn(
        "typicality",
        "Like",
        _typicality_text,
        "How usual the spectrum is among those that the model was trained on: a p-value",
        lambda document, entry: (
            "" if document.model is None else typicality_words(document.model, entry.judged)
        ),
        sort_key=_typicality_key,
        width=52,
        right=True,
        shown=lambda document: document.model is not None and document.model.reference is not None,
        stands_out=lambda _, entry: is_unlike(entry.judged),
        spare=1,
    ),
    TableColumn(
        "count",
        "n",
        lambda _, entry: str(len(entry.spectrum)),
        "Number of eigenvalues",
        sort_key=lambda _, entry: len(entry.spectrum),
        width=42,
        right=True,
        spare=3,
    ),
    TableColumn(
        "file",
        "File",
        _file_text,
        "File it came from",
        lambda _, entry: str(entry.spectrum.source or ""),
        width=120,
        searched=True,
        spare=4,
    ),
)


def columns(document: Document) -> tuple[TableColumn, ...]:
    """Return the columns that have something to show, from the left.

    Each of the models that are open beside the current one has its class and its probability.
    """
    added = (*model_columns(document), *participant_columns(document))
    found = (*_BEFORE_OTHERS, *added, *_AFTER_OTHERS)
    return tuple(column for column in found if column.shown(document))
