"""The columns of the table of spectra: each is one record."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from spectracnn.core.plausible import why_no_spectrum
from spectracnn.io.id_index import is_id_name
from spectracnn.state.labels import label_of
from spectracnn.view.table import badges, disagrees, predicted_class, predicted_value, probability
from spectracnn.view.trust import interval_words, is_unlike, set_words, typicality_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.core.participants import Column as Participant
    from spectracnn.state.document import Document, Entry
    from spectracnn.state.others import OtherModel


PARTICIPANTS = "participants "
"""How the names of the columns of that table begin."""
MOST_PARTICIPANT_COLUMNS = 16
"""Of a table of participants that are shown; others can be named in the cohort page."""


def _always(_document: Document) -> bool:
    return True


def _nothing(_document: Document, _entry: Entry) -> str:
    return ""


def _never(_document: Document, _entry: Entry) -> bool:
    return False


@dataclass(frozen=True)
class TableColumn:
    """One column.

    Parameters
    ----------
    name : str
        Unique; for code and tests.
    title : str
        Its heading.
    text : callable
        What a cell says, from document and entry.
    about : str
        Tool tip of the heading.
    tip : callable
        Tool tip of a cell; empty for none.
    sort_key : callable, optional
        By what rows are sorted; the text in small letters if not given. Of one type in all rows.
    width : int
        In pixels, at first; 0 for as wide as the widest text.
    right : bool
        Whether the text stands at the right, as numbers do.
    searched : bool
        Whether the filter looks here.
    shown : callable
        Whether there is anything to show in a document.
    stands_out : callable
        Whether a cell is marked by a colour.
    spare : int
        Where there is no room for all columns, those of a higher number are left out first; 0 for
        one that is always shown.
    """

    name: str
    title: str
    text: Callable[[Document, Entry], str]
    about: str
    tip: Callable[[Document, Entry], str] = _nothing
    sort_key: Callable[[Document, Entry], Any] | None = None
    width: int = 80
    right: bool = False
    searched: bool = False
    shown: Callable[[Document], bool] = _always
    stands_out: Callable[[Document, Entry], bool] = _never
    spare: int = 0

    def key(self, document: Document, entry: Entry) -> Any:
        """Return by what a row is sorted."""
        if self.sort_key is not None:
            return self.sort_key(document, entry)
        return self.text(document, entry).casefold()


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
    others = tuple(
        column
        for place, other in enumerate(document.others)
        for column in _other_columns(place, other)
    )
    own = participant_columns(document)
    found = (*_BEFORE_OTHERS, *others, *own, *_AFTER_OTHERS)
    return tuple(column for column in found if column.shown(document))


def participant_columns(document: Document) -> tuple[TableColumn, ...]:
    """Return a column for each of the first columns of the table of participants."""
    if document.participants is None:
        return ()
    table = document.participants.table
    return tuple(
        TableColumn(
            f"{PARTICIPANTS}{column.name}",
            column.name,
            partial(_cell, column),
            f"{column.name}, from {table.path.name}",
            partial(_cell, column),
            sort_key=partial(_cell_key, column) if column.numbers is not None else None,
            width=64,
            right=column.numbers is not None,
            searched=column.numbers is None,
        )
        for column in table.columns[:MOST_PARTICIPANT_COLUMNS]
        if not is_id_name(column.name)
    )


def _cell(column: Participant, document: Document, entry: Entry) -> str:
    assert document.participants is not None
    return document.participants.cell(column, entry)


def _cell_key(column: Participant, document: Document, entry: Entry) -> float:
    assert document.participants is not None
    value = document.participants.number(column, entry)
    return -math.inf if math.isnan(value) else value


def _other_columns(place: int, other: OtherModel) -> tuple[TableColumn, TableColumn]:
    model = other.model
    about = f"predicted by {model.name}\n{model.path}"
    return (
        TableColumn(
            f"class of {model.path}",
            model.name,
            partial(_other_class, place),
            f"Class {about}",
            partial(_other_tip, place),
            width=78,
            stands_out=partial(_other_differs, place),
        ),
        TableColumn(
            f"probability of {model.path}",
            "p",
            partial(_other_probability, place),
            f"Probability of the class {about}",
            sort_key=partial(_other_share, place),
            width=48,
            right=True,
        ),
    )


def _other_class(place: int, document: Document, entry: Entry) -> str:
    other = document.others[place]
    answer = other.prediction(entry)
    return "" if answer is None else predicted_class(answer, other.model)


def _other_share(place: int, document: Document, entry: Entry) -> float:
    other = document.others[place]
    answer = other.prediction(entry)
    return -1.0 if answer is None else probability(answer, other.model) or -1.0


def _other_probability(place: int, document: Document, entry: Entry) -> str:
    share = _other_share(place, document, entry)
    return "" if share < 0 else f"{share:.2f}"


def _other_differs(place: int, document: Document, entry: Entry) -> bool:
    other = document.others[place]
    answer = other.prediction(entry)
    return answer is not None and disagrees(entry, document.model, answer, other.model)


def _other_tip(place: int, document: Document, entry: Entry) -> str:
    answer = document.others[place].prediction(entry)
    if answer is not None and answer.refusal:
        return answer.refusal
    differs = _other_differs(place, document, entry)
    return "Another class than the current model's." if differs else ""
