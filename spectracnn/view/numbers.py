"""Numbers as short texts, for cells and for columns that line up."""

from __future__ import annotations

from math import floor, isfinite, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MINUS = "\u2212"
_MOST, _MOST_DECIMALS = 1e5, 6


def short(value: float, digits: int = 3) -> str:
    """Return a number in about seven letters, for a narrow cell.

    Parameters
    ----------
    value : float
        Any.
    digits : int
        Significant ones; also the most decimals.

    Examples
    --------
    >>> [short(value) for value in (0.0, 0.12345, 12.345, 3.2e-7, 123456.0)]
    ['0', '0.123', '12.3', '3.2e\u22127', '1.23e5']
    """
    if not isfinite(value):
        return str(value).replace("-", MINUS)
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.5 * 10**-digits or size >= _MOST:
        # Fewer digits here than elsewhere would make a sum of products look wrong.
        mantissa, _, power = f"{value:.{max(digits - 1, 0)}e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}e{int(power)}".replace("-", MINUS)
    decimals = min(digits, max(0, digits - 1 - floor(log10(size))))
    return f"{value:.{decimals}f}".replace("-", MINUS)


def aligned(values: Iterable[float], digits: int = 6) -> list[str]:
    """Return numbers with equally many decimals, so that a right-aligned column lines up.

    Parameters
    ----------
    values : iterable of float
        Of one column.
    digits : int
        Significant ones of the largest magnitude.

    Examples
    --------
    >>> aligned([12.5, -0.001234])
    ['12.5000', '\u22120.0012']
    """
    numbers = list(values)
    top = max((abs(value) for value in numbers if isfinite(value)), default=0.0)
    if top == 0:
        return [f"{value:g}".replace("-", MINUS) for value in numbers]
    power = floor(log10(top))
    if not -5 <= power < digits:
        return [f"{value:.{digits - 1}e}".replace("-", MINUS) for value in numbers]
    decimals = min(digits - 1 - power, _MOST_DECIMALS) if power >= -3 else digits - 1 - power
    return [f"{value:.{decimals}f}".replace("-", MINUS) for value in numbers]
