"""Tables with a row a subject, whose columns name structure and eigenvalue: ``ThalRadL_ev1``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = r"(?:evals?|ev|eigs?|eigval(?:ue)?s?|eigenvalues?|lambda|lam|λ)"
_BEHIND = re.compile(
    rf"(?P<name>.*?[^\s_.:\-])[\s_.:\-]+(?P<word>{_WORD})?[\s_:#\-\[(]*(?P<number>\d+)[\])]?",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?P<word>{_WORD})[\s_:#\-\[(]*(?P<number>\d+)[\])]?[\s_.:\-]+(?P<name>\S.*)", re.IGNORECASE
)
_FEWEST = 3
_FEWEST_BARE = 8
"""Columns of one structure where no word says that they are eigenvalues."""


def structures_of(columns: Sequence[str]) -> dict[str, list[int]]:
    """Return which columns hold the eigenvalues of which structure, in their order.

    Parameters
    ----------
    columns : sequence of str
        Titles.

    Returns
    -------
    dict of str to list of int
        Empty where the titles do not name structures: each must have its eigenvalues counted from
        0 or 1 on, and where only a number stands behind the names, at least two of them as many.

    Examples
    --------
    >>> structures_of(["age", "CST_L_ev1", "CST_L_ev2", "CST_L_ev3"])
    {'CST_L': [1, 2, 3]}
    """
    found: dict[str, dict[int, int]] = {}
    worded = True
    for place, title in enumerate(columns):
        match = _BEFORE.fullmatch(title.strip()) or _BEHIND.fullmatch(title.strip())
        if match is None:
            continue
        numbers = found.setdefault(match["name"], {})
        number = int(match["number"])
        if number in numbers:
            return {}
        numbers[number] = place
        worded = worded and match["word"] is not None
    counted = {name: numbers for name, numbers in found.items() if _counts(numbers)}
    lengths = {len(numbers) for numbers in counted.values()}
    if not worded and (
        len(counted) < 2 or counted.keys() != found.keys() or lengths == {1} or len(lengths) > 1
    ):
        return {}
    least = _FEWEST if worded else _FEWEST_BARE
    if not counted or min(lengths) < least:
        return {}
    return {name: [numbers[at] for at in sorted(numbers)] for name, numbers in counted.items()}


def _counts(numbers: dict[int, int]) -> bool:
    first = min(numbers)
    return first in (0, 1) and max(numbers) == first + len(numbers) - 1
