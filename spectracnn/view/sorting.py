"""The order of the table's rows by a column, for many rows at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.state.columns import classes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from spectracnn.state.document import Document
    from spectracnn.view.columns import TableColumn


def row_order(document: Document, column: TableColumn, descending: bool) -> NDArray[np.int64]:
    """Return the rows in the order of a column; equal ones stay in the order of the table."""
    make = _KEYS.get(column.name)
    keys = None if make is None else make(document)
    if keys is None:
        keys = [column.key(document, entry) for entry in document.entries]
    if isinstance(keys, np.ndarray):
        return np.argsort(-keys if descending else keys, kind="stable")
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=descending)
    return np.array(order, np.int64)


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
