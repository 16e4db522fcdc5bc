"""What is typed above the table: words that rows hold, and conditions such as ``age > 60``."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.naming import meant
from spectracnn.core.participants import Column
from spectracnn.state.columns import classes, label, label_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.state.document import Document

_TOKEN = re.compile(r'"[^"]*"|<=|>=|!=|[<>=]|[^\s"<>=!]+|[!"]')
_OPERATORS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}
OWN_NAMES = ("p", "like", "n", "class")
"""Columns of the table that conditions may name, beside labels and covariates."""


@dataclass(frozen=True)
class Condition:
    """A column compared with a value."""

    name: str
    sign: str
    value: str


@dataclass(frozen=True)
class Filter:
    """What was typed.

    Parameters
    ----------
    words : tuple of str
        In small letters; a row must hold all of them.
    conditions : tuple of Condition
        Those that a row must fulfil.
    """

    words: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.conditions)


def parsed(text: str) -> Filter:
    """Return words and conditions; names and values with blanks stand in quotation marks.

    Examples
    --------
    >>> parsed('cup age>=60 "scan site" = A')
    Filter(words=('cup',), conditions=(Condition(name='age', sign='>=', value='60'), \
Condition(name='scan site', sign='=', value='A')))
    """
    tokens = _TOKEN.findall(text)
    words, conditions = [], []
    place = 0
    while place < len(tokens):
        known = place + 2 < len(tokens) and tokens[place + 1] in _OPERATORS
        if known and tokens[place] not in _OPERATORS and tokens[place + 2] not in _OPERATORS:
            name, sign, value = tokens[place : place + 3]
            conditions.append(Condition(name.strip('"'), sign, value.strip('"')))
            place += 3
            continue
        # Half a condition, while it is still being typed, hides nothing.
        half = place + 1 < len(tokens) and tokens[place + 1] in _OPERATORS
        if not half and tokens[place] not in _OPERATORS:
            words.append(tokens[place].strip('"').casefold())
        place += 2 if half else 1
    return Filter(tuple(filter(None, words)), tuple(conditions))


def fulfilled(
    document: Document, conditions: tuple[Condition, ...]
) -> tuple[NDArray[np.bool_], str]:
    """Return which entries fulfil all conditions, and what is wrong with one of them.

    Returns
    -------
    mask : ndarray, shape (n,), bool
        A missing cell fulfils no condition.
    problem : str
        A sentence; empty if all could be looked at. Nothing is hidden by one that could not.
    """
    mask = np.ones(len(document.entries), np.bool_)
    for condition in conditions:
        column, problem = _column(document, condition.name)
        if column is None:
            return np.ones_like(mask), problem
        found, problem = _compared(column, condition)
        if problem:
            return np.ones_like(mask), problem
        mask &= found
    return mask, ""


def _column(document: Document, name: str) -> tuple[Column | None, str]:
    labels = label_names(document)
    exact = next((item for item in labels if item.casefold() == name.casefold()), None)
    if exact is not None:
        return label(document, exact), ""
    word = name.casefold()
    if word not in OWN_NAMES:
        known = (*labels, *OWN_NAMES)
        return None, f"There is no column '{name}'.{meant(name, known)}"
    found = classes(document)
    if word == "class":
        return Column(name, None, found.predicted.copy(), found.names), ""
    if word == "like":
        numbers = found.typicality.astype(np.float64)
    elif word == "n":
        numbers = np.array([float(len(entry.spectrum)) for entry in document.entries])
    else:
        rows = np.arange(len(found.predicted))
        wide = found.probabilities
        numbers = np.full(len(rows), np.nan)
        if wide.shape[1]:
            numbers = np.where(found.known, wide[rows, found.predicted], np.nan).astype(np.float64)
    return Column(name, numbers), ""


def _compared(column: Column, condition: Condition) -> tuple[NDArray[np.bool_], str]:
    compare = _OPERATORS[condition.sign]
    number = _number(condition.value)
    if column.numbers is not None and number is not None:
        with np.errstate(invalid="ignore"):
            found = compare(column.numbers, number)  # type: ignore[arg-type]
        return np.asarray(found) & ~column.missing, ""
    if condition.sign not in ("=", "!="):
        holds = "no numbers" if column.numbers is None else "numbers"
        return ~column.missing, (
            f"Column '{column.name}' holds {holds}: '{condition.sign} {condition.value}' "
            "says nothing of it."
        )
    levels = column.levels if column.codes is not None else ()
    wanted = condition.value.casefold()
    same = np.array([level.casefold() == wanted for level in levels] + [False], np.bool_)
    if column.codes is None:
        return np.zeros(len(column), np.bool_), ""
    equal = same[column.codes]
    return (equal if condition.sign == "=" else ~equal) & ~column.missing, ""


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
