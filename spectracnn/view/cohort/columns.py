"""What the pages read of a document, as arrays: answers and columns, one row an entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

from spectracnn.core.naming import listed, meant
from spectracnn.core.participants import Column, number_text
from spectracnn.errors import StudyError
from spectracnn.state.columns import classes, label, label_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.state.document import Document

MOST_GROUPS = 40
"""A column with more distinct values than this is offered as no label."""
SIZES = ("area", "volume")


@dataclass(frozen=True, eq=False)
class Answers:
    """What the model says of n spectra.

    Parameters
    ----------
    ids : ndarray, shape (n,), int64
        Entries, in the order of the table.
    classes : tuple of str
        Empty for a regression.
    predicted : ndarray, shape (n,), int64
        Class of each; -1 while unknown, or refused.
    probabilities : ndarray, shape (n, classes), float32
        NaN where unknown.
    values : ndarray, shape (n,), float64
        First value of a regression; NaN where unknown.
    refused : ndarray, shape (n,), bool
        Whom the model cannot read.
    unit : str
        Of the values.
    """

    ids: NDArray[np.int64]
    classes: tuple[str, ...]
    predicted: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    values: NDArray[np.float64]
    refused: NDArray[np.bool_]
    unit: str = ""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Of whom the model has said something."""
        return np.asarray(self.predicted >= 0) if self.classes else np.isfinite(self.values)


def answers(document: Document) -> Answers:
    """Return what the open model says of all entries."""
    found, own = document.answers, classes(document)
    width = len(own.names)
    probabilities = found.probabilities
    if probabilities.shape[1] != width:  # while nothing is known
        probabilities = np.full((len(found), width), np.nan, np.float32)
    values = np.full(len(found), np.nan)
    if found.values.shape[1]:
        values = found.values[:, 0].astype(np.float64)
    predicted = own.predicted.astype(np.int64)
    if width and (predicted < 0).all() and probabilities.size:
        # Of a model whose answer is several labels, the most probable one counts.
        known = np.isfinite(probabilities).all(axis=1)
        predicted[known] = probabilities[known].argmax(axis=1)
    unit = document.model.reading.unit if document.model is not None else ""
    return Answers(found.ids, own.names, predicted, probabilities, values, found.refused, unit)


def column(document: Document, name: str) -> Column:
    """Return a column with a cell for each entry; the table's before the files', then sizes.

    Raises
    ------
    StudyError
        If there is none of this name; the nearest is named.
    """
    names = label_names(document)
    own = next((known for known in names if known == name), None) or next(
        (known for known in names if known.casefold() == name.casefold()), None
    )
    if own is not None:
        return label(document, own)
    if name.casefold() in SIZES:
        sizes = [getattr(entry.spectrum, name.casefold()) for entry in document.entries]
        return Column(name, np.array([np.nan if size is None else size for size in sizes], float))
    raise StudyError(
        f"Found no column '{name}' in the table or the files, expected one of "
        f"{listed(names) or 'none'}.{meant(name, names)}"
    )


def levels_of(found: Column) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return a code for each cell, -1 where it is missing, and the sorted texts."""
    if found.numbers is None:
        assert found.codes is not None
        order = sorted(range(len(found.levels)), key=lambda at: found.levels[at].casefold())
        place = np.full(len(found.levels) + 1, -1, np.int64)
        place[order] = np.arange(len(order))
        used = place[found.codes]
        return used, tuple(found.levels[at] for at in order)
    known = ~found.missing
    values, inverse = np.unique(found.numbers[known], return_inverse=True)
    codes = np.full(len(found), -1, np.int64)
    codes[known] = inverse
    return codes, tuple(number_text(value) for value in values[: MOST_GROUPS * 1000])


def group_names(document: Document) -> tuple[str, ...]:
    """Return the columns of few distinct values, which can be labels or groups."""
    found = []
    for name in label_names(document):
        codes, levels = levels_of(column(document, name))
        known = codes[codes >= 0]
        # Names and numbers that are all different group nobody.
        if levels and 1 < len(np.unique(known)) <= min(MOST_GROUPS, len(known) - 1):
            found.append(name)
    return tuple(found)


def label_name(document: Document, names: Sequence[str]) -> str:
    """Return the column that most often names a class of the network; empty if none does."""
    classes = () if document.model is None else document.model.classes
    known = {name.casefold() for name in classes}
    best, found = 0, ""
    for name in names:
        codes, levels = levels_of(column(document, name))
        counts = np.bincount(codes[codes >= 0], minlength=len(levels))
        hits = sum(
            int(n) for n, level in zip(counts, levels, strict=True) if level.casefold() in known
        )
        if hits > best:
            best, found = hits, name
    return found


def number_names(document: Document) -> tuple[str, ...]:
    """Return the columns of numbers that vary, and the sizes that the spectra have."""
    found = []
    for name in label_names(document):
        values = column(document, name).numbers
        if (
            values is not None
            and np.isfinite(values).any()
            and np.nanmin(values) < np.nanmax(values)
        ):
            found.append(name)
    for size in SIZES:
        there = any(getattr(entry.spectrum, size) is not None for entry in document.entries)
        if there and size not in map(str.casefold, found):
            found.append(size)
    return tuple(found)
