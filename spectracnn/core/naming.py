"""Names in sentences: the first few of many, and the one that was perhaps meant."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_NAMED = 5
"""How many names a sentence lists before it says how many more there are."""
_MOST_CANDIDATES = 4000


def listed(names: Sequence[str]) -> str:
    """Return names for a sentence: the first few, and how many more.

    Examples
    --------
    >>> listed(["age", "sex"]), listed([str(n) for n in range(7)])
    ('age and sex', '0, 1, 2, 3, 4 and 2 more')
    """
    first = [str(name) for name in names[:MOST_NAMED]]
    more = len(names) - len(first)
    if more:
        return f"{', '.join(first)} and {more:,} more"
    return " and ".join([", ".join(first[:-1]), first[-1]]) if len(first) > 1 else "".join(first)


def meant(name: str, names: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest of some names; empty if none is near.

    Examples
    --------
    >>> meant("agee", ["age", "sex"])
    " Did you mean 'age'?"
    """
    near = nearest(name, names)
    return f" Did you mean '{near}'?" if near else ""


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the name that is most like another one; empty if none is near."""
    known: dict[str, str] = {}
    for other in names:
        known.setdefault(other.casefold(), other)
    word = name.casefold()
    candidates = list(known)
    if len(candidates) > _MOST_CANDIDATES:  # looking at each of a million would last minutes
        size = max(2, len(word) // 2)
        alike = [c for c in candidates if c[:size] == word[:size] or c[-size:] == word[-size:]]
        candidates = (alike or candidates)[:_MOST_CANDIDATES]
    found = difflib.get_close_matches(word, candidates, 1, 0.6)
    return known[found[0]] if found else ""
