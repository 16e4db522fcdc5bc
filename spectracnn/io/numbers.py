"""Text to float64, correctly rounded: the same double that any exact reader gives."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

MISSING = frozenset({"", "na", "n/a", "null", "none", "nan", "-nan", "+nan", "<na>", "#n/a"})
"""Cells that say that there is no number, in lower case."""

_WRAPPED = re.compile(r"\b(?:np|numpy)\.float(?:16|32|64|128)\(([^()]*+)\)")
_FORTRAN = re.compile(r"[+-]?(?:\d++\.?\d*+|\.\d++)[dD][+-]?\d++")


def unwrap(text: str) -> str:
    """Replace every ``np.float64(1.5)``, as NumPy 2 shows its scalars, by ``1.5``."""
    return _WRAPPED.sub(lambda match: match[1].strip(), text) if "(" in text else text


def parse_list(text: str, separator: str) -> NDArray[np.float64] | None:
    """Read separated numbers; blanks around them are free.

    Parameters
    ----------
    text : str
        Such as ``"1.5 ; 2"``.
    separator : str
        One character.

    Returns
    -------
    ndarray, shape (n,), or None
        None if anything in the text is no number.
    """
    count = text.count(separator) + 1
    try:
        # Twice as fast as float() per token, and by the same correctly rounded routine. Of text
        # that is no number NumPy tells by a warning and a short result, so both are checked.
        values = np.fromstring(text, dtype=np.float64, sep=separator)
    except (ValueError, DeprecationWarning):
        values = None
    # NumPy takes a blank between two separators for -1, so where one is found look again.
    if values is not None and values.size == count and not (values == -1.0).any():
        return values
    return _parse_slowly(text, separator, count)


def _parse_slowly(text: str, separator: str, count: int) -> NDArray[np.float64] | None:
    """Read number by number, without holding more than a few of them as objects."""
    values = np.empty(count, np.float64)
    start = 0
    for place in range(count):
        end = text.find(separator, start)
        number = to_float(text[start:] if end < 0 else text[start:end])
        if number is None:
            return None
        values[place] = number
        start = end + 1
    return values


def to_float(token: str) -> float | None:
    """Return the token's number; None if it is none.

    Stricter than ``float``: no underscores and no digits of other scripts. Fortran's ``1.5D+03``
    is a number.
    """
    if "_" in token or not token.isascii():
        return None
    try:
        return float(token)
    except ValueError:
        token = token.strip()
        if _FORTRAN.fullmatch(token):
            return float(re.sub("[dD]", "e", token))
        return None


def to_size(text: str) -> float | None:
    """Return an area or a volume; None where the text says none that is finite."""
    value = to_float(unwrap(text))
    return value if value is not None and math.isfinite(value) else None


def to_floats(tokens: Iterable[str]) -> list[float | None]:
    """Return each token's number, NaN where the token says missing, None where it is text."""
    return [
        float("nan") if token.strip().lower() in MISSING else to_float(token) for token in tokens
    ]
