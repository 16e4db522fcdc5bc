"""Columns that come with other models, and with a table of participants."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from spectracnn.io.id_index import is_id_name
from spectracnn.view.table import disagrees, predicted_class, probability
from spectracnn.view.table_column import TableColumn

if TYPE_CHECKING:
    from spectracnn.core.participants import Column as Participant
    from spectracnn.state.document import Document, Entry
    from spectracnn.state.others import OtherModel

PARTICIPANTS = "participants "
"""How the names of the columns of that table begin."""
MOST_PARTICIPANT_COLUMNS = 16
"""Of a table of participants that are shown; others can be named in the cohort page."""


def model_columns(document: Document) -> tuple[TableColumn, ...]:
    """Return a class and a probability of each model that is open beside the current one."""
    return tuple(
        column
        for place, other in enumerate(document.others)
        for column in _other_columns(place, other)
    )


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
