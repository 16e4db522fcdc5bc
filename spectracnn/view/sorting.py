"""The order of the table's rows by a column, for many rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.state.columns import classes
from spectracnn.view.added_columns import PARTICIPANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from spectracnn.state.document import Document
    from spectracnn.view.table_column import TableColumn


_LOOKED_AT = 512


def row_order(document: Document, column: TableColumn, descending: bool) -> NDArray[np.int64]:
    """Return the rows in the order of a column; equal ones stay in the order of the table."""
    keys = quick_keys(document, column)
    if keys is None:
        keys = [column.key(document, entry) for entry in document.entries]
    return order_of(keys, descending)


def quick_keys(document: Document, column: TableColumn) -> Sequence[Any] | NDArray[Any] | None:
    """Return by what all rows are sorted, where arrays know it; None where each must be asked."""
    make = _KEYS.get(column.name)
    if make is not None:
        keys: Sequence[Any] | NDArray[Any] | None = make(document)
        return keys
    if column.name.startswith(PARTICIPANTS):
        return _cells(document, column.name.removeprefix(PARTICIPANTS))
    return None


def order_of(keys: Sequence[Any] | NDArray[Any], descending: bool) -> NDArray[np.int64]:
    """Return the places of keys in their order; equal ones stay as they are."""
    if not isinstance(keys, np.ndarray):
        if len(set(keys[:_LOOKED_AT])) > _LOOKED_AT // 2:
            order = sorted(range(len(keys)), key=keys.__getitem__, reverse=descending)
            return np.array(order, np.int64)
        # Of few kinds, ranks are sorted many times as fast as words.
        rank = {key: place for place, key in enumerate(sorted(set(keys)))}
        keys = np.fromiter(map(rank.__getitem__, keys), np.int64, len(keys))
    return np.argsort(-keys if descending else keys, kind="stable")


def _cells(document: Document, name: str) -> NDArray[Any]:
    """Return the cells of a column of participants: numbers, or the ranks of words."""
    assert document.participants is not None
    column = document.participants.column_for(name, document.answers.ids)
    if column.numbers is not None:
        return np.where(np.isnan(column.numbers), -np.inf, column.numbers)
    assert column.codes is not None
    words = [level.casefold() for level in column.levels] + [""]
    place = {word: at for at, word in enumerate(sorted(set(words)))}
    return np.array([place[word] for word in words], np.int64)[column.codes]


def _names(document: Document) -> Sequence[str]:
    return document.fields.titles


def _counts(document: Document) -> NDArray[Any]:
    return np.array([len(entry.spectrum) for entry in document.entries], np.int64)


def _classes(document: Document) -> NDArray[Any] | None:
    """Rank classes by the alphabet; None where the answer is no single class."""
    found = classes(document)
    if not found.names or (found.probabilities.shape[1] and not found.known.any()):
        return None
    words = sorted({"", "\u2014", *(name.casefold() for name in found.names)})
    rank = np.array([words.index(name.casefold()) for name in found.names], np.int64)
    ranks = np.where(found.refused, words.index("\u2014"), words.index(""))
    ranks[found.known] = rank[found.predicted[found.known]]
    return ranks


def _probabilities(document: Document) -> NDArray[Any] | None:
    found = classes(document)
    if not found.known.any():
        return None
    shares = np.full(len(found.predicted), -1.0)
    rows = np.flatnonzero(found.known)
    shares[rows] = found.probabilities[rows, found.predicted[rows]]
    return shares


def _typicality(document: Document) -> NDArray[Any]:
    p = document.answers.typicality
    return np.where(np.isnan(p), 2.0, p)


_KEYS: dict[str, Callable[[Document], Any]] = {
    "name": _names,
    "count": _counts,
    "class": _classes,
    "probability": _probabilities,
    "typicality": _typicality,
}
