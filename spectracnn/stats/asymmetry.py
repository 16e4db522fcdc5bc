"""Left against right: pairs of structures, and how unlike they are.

References
----------
.. [1] Wachinger et al. (2015), NeuroImage 109, 232-248 (BrainPrint, lateral asymmetry).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

_SIDES = (
    (re.compile(r"(?i)\A(left)(?=[-_. ]|\Z)|(?<=[-_. ])(left)\Z"), "right"),
    (re.compile(r"(?i)\A(lh)(?=[-_. ]|\Z)|(?<=[-_. ])(lh)\Z"), "rh"),
    (re.compile(r"(?i)\A(ctx-lh)(?=[-_. ])"), "ctx-rh"),
    (re.compile(r"(?<=[-_. ])(L)\Z|\A(L)(?=[-_. ]|\Z)"), "R"),
)


def partner(name: str) -> str:
    """Return the right structure's name for a left one's; empty if it is none.

    Examples
    --------
    >>> partner("Left-Caudate"), partner("lh-pial-2d"), partner("hippocampus_L"), partner("Stem")
    ('Right-Caudate', 'rh-pial-2d', 'hippocampus_R', '')
    """
    for pattern, other in _SIDES:
        found = pattern.search(name)
        if found:
            word = found.group(0)
            like = other.upper() if word.isupper() else other
            like = like.capitalize() if word[:1].isupper() and not word.isupper() else like
            return name[: found.start()] + like + name[found.end() :]
    return ""


def common_name(name: str) -> str:
    """Return what a pair is called, without the side.

    Examples
    --------
    >>> common_name("Left-Caudate"), common_name("hippocampus_L")
    ('Caudate', 'hippocampus')
    """
    for pattern, _ in _SIDES:
        found = pattern.search(name)
        if found:
            rest = name[: found.start()] + name[found.end() :]
            return re.sub(r"\A[-_. ]+|[-_. ]+\Z", "", rest) or name
    return name


def pairs(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the left and right structures of which both are there, in order."""
    known = list(dict.fromkeys(names))
    lower = {name.casefold(): name for name in known}
    found = []
    for name in known:
        other = partner(name)
        if other and other.casefold() in lower:
            found.append((name, lower[other.casefold()]))
    return tuple(found)


def asymmetry_index(left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``2 (left - right) / (left + right)`` for every eigenvalue.

    Both must be normalised to the same size (unit area or unit volume) before, else it is mostly
    the difference of sizes. Positive where the left eigenvalue is larger. Shapes alike.
    """
    total = left + right
    with np.errstate(divide="ignore", invalid="ignore"):
        index = 2 * (left - right) / total
    return np.asarray(np.where(total > 0, index, np.nan))
