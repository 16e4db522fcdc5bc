"""Tables with a row a subject, whose columns name structure and eigenvalue: ``ThalRadL_ev1``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORD = r"(?:evals?|ev|eigs?|eigval(?:ue)?s?|eigenvalues?|lambda|lam|λ)"
_BEFORE = re.compile(
    rf"(?P<word>{_WORD})[\s_:#\-\[(]*(?P<number>\d+)[\])]?[\s_.:\-]+(?P<name>\S.*)", re.IGNORECASE
)
_WORDS = {
    "ev", "eval", "evals", "eig", "eigs", "eigval", "eigvals", "eigvalue", "eigvalues",
    "eigenvalue", "eigenvalues", "lambda", "lam", "λ",
}  # fmt: skip
_APART = " \t_.:-"
_ABOUT_NUMBER = " \t_:#-[("
_LONGEST_NUMBER = 9
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
        parts = _parts(title.strip())
        if parts is None:
            continue
        name, number, has_word = parts
        numbers = found.setdefault(name, {})
        if number in numbers:
            return {}
        numbers[number] = place
        worded = worded and has_word
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


def _parts(title: str) -> tuple[str, int, bool] | None:
    """Return name, number, and whether a word stands with it; None for any other title.

    From the end, by hand: an expression for it would take time as the square of the length.
    """
    before = _BEFORE.fullmatch(title)
    if before is not None and len(before["number"]) <= _LONGEST_NUMBER:
        return before["name"], int(before["number"]), True
    bare = title[:-1] if title.endswith(("]", ")")) else title
    head = bare.rstrip("0123456789")
    digits = bare[len(head) :]
    if not 0 < len(digits) <= _LONGEST_NUMBER:
        return None
    front = head.rstrip(_ABOUT_NUMBER)
    start = max(front.rfind(mark) for mark in _APART) + 1
    if start and front[start:].lower() in _WORDS:
        name = front[:start].rstrip(_APART)
        return (name, int(digits), True) if name else None
    name = head.rstrip(_ABOUT_NUMBER + _APART)
    gap = head[len(name) :]
    return (name, int(digits), False) if name and gap.strip("#[(") else None


def _counts(numbers: dict[int, int]) -> bool:
    first = min(numbers)
    return first in (0, 1) and max(numbers) == first + len(numbers) - 1
