"""Classes and labels of all open spectra, one row an entry, in the order of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.core.participants import Column, number_text
from spectracnn.state.answers import text_column
from spectracnn.state.labels import LABEL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.state.document import Document


@dataclass(frozen=True, eq=False)
class Classes:
    """What a classification says of all open spectra.

    Parameters
    ----------
    ids : ndarray, shape (n,), int64
        The entries.
    names : tuple of str
        The classes of the model.
    predicted : ndarray, shape (n,), int32
        Index into ``names``; -1 while unknown, where a spectrum is refused, and of a model whose
        answer is no single class.
    probabilities : ndarray, shape (n, classes), float32
        NaN where there are none.
    typicality : ndarray, shape (n,), float32
        A p-value; NaN where unknown.
    shadow : ndarray, shape (n,), int32
        The class of the linear model; -1 where there is none.
    refused : ndarray, shape (n,), bool
        Whether the network cannot read the spectrum.
    """

    ids: NDArray[np.int64]
    names: tuple[str, ...]
    predicted: NDArray[np.int32]
    probabilities: NDArray[np.float32]
    typicality: NDArray[np.float32]
    shadow: NDArray[np.int32]
    refused: NDArray[np.bool_]

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which entries have a class."""
        return np.asarray(self.predicted >= 0)


def classes(document: Document) -> Classes:
    """Return the classes of all entries, in the order of the table."""
    found, model = document.answers, document.model
    names = () if model is None or model.reading.is_values else tuple(model.classes)
    probabilities = found.probabilities
    predicted = np.full(len(found), -1, np.int32)
    single = model is not None and model.reading.task is not Task.MULTILABEL
    if names and single and probabilities.shape[1]:
        assert model is not None
        known = ~np.isnan(probabilities).any(axis=1)
        if model.reading.single:
            best = probabilities[known, 1] >= model.reading.threshold
        else:
            best = probabilities[known].argmax(axis=1)
        predicted[known] = best
    return Classes(
        found.ids, names, predicted, probabilities, found.typicality, found.shadow, found.refused
    )


def label_names(document: Document) -> tuple[str, ...]:
    """Return what spectra can be grouped by: columns of the participants' table, then fields.

    Labels that were typed are a column as well.
    """
    table = document.participants.table.names if document.participants is not None else ()
    typed = (LABEL,) if document.labels else ()
    return tuple(dict.fromkeys((*table, *document.fields.names, *typed)))


def label(document: Document, name: str) -> Column:
    """Return one of `label_names` with a cell for each entry.

    Where both have it, the participants' table goes before the files, and a label that was typed
    before both.
    """
    read = _column_as_read(document, name)
    if name != LABEL or not document.labels:
        return read
    texts = read.text.copy()
    for item, text in document.labels.items():
        if (row := document.rows.get(item)) is not None:
            texts[row] = text
    return text_column(name, texts.tolist())


def _column_as_read(document: Document, name: str) -> Column:
    table = document.participants
    if table is not None and name in table.table.names:
        return table.column_for(name, document.answers.ids)
    return document.fields.column(name)


def group_rows(document: Document, name: str, most: int) -> dict[str, NDArray[np.int64]]:
    """Return the rows of each group of a column, by its text in alphabetical order.

    Parameters
    ----------
    document : Document
        What is open.
    name : str
        One of `label_names`.
    most : int
        A column of more distinct values groups nobody: nothing is returned.
    """
    column = label(document, name)
    if column.codes is not None:
        codes, levels = column.codes, column.levels
        used = np.unique(codes[codes >= 0])
        found = {levels[code]: np.flatnonzero(codes == code) for code in used[: most + 1].tolist()}
    else:
        assert column.numbers is not None
        values = column.numbers
        used = np.unique(values[~np.isnan(values)])
        found = {number_text(v): np.flatnonzero(values == v) for v in used[: most + 1].tolist()}
    return dict(sorted(found.items())) if len(used) <= most else {}


def level_texts(column: Column) -> tuple[str, ...]:
    """Return the distinct texts of a column in order of first appearance, numbers as well."""
    if column.codes is not None:
        return column.levels
    assert column.numbers is not None
    known = column.numbers[~np.isnan(column.numbers)]
    return tuple(dict.fromkeys(map(number_text, known)))
