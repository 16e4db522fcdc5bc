"""The shortest digits of single precision numbers, for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DIGITS = (9, 8, 7, 6)
"""Nine digits always say which number it is; a decimal of fewer than six is one of six."""
_LOW, _HIGH = -14, 5
"""First digit's powers of ten for which a decimal is a quotient of whole numbers that are exact."""
_POWERS = np.array([float(f"1e{power}") for power in range(_LOW, _HIGH + 2)])
_SCALES = np.array([float(f"1e{power}") for power in range(23)])
_NEAR_TIE = 0.5 - 1e-6
"""Beyond it a number is so near the middle of two decimals that rounding could choose wrongly."""
_AT_ONCE = 1 << 14


def as_printed(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the numbers that the values' shortest digits say: 0.1, and not 0.10000000149.

    Parameters
    ----------
    values : ndarray, shape (n,), float32
        Any, also NaN and infinite ones.

    Returns
    -------
    ndarray, shape (n,), float64
        Equal to ``float(str(value))`` of each.
    """
    single = np.ascontiguousarray(values, np.float32)
    found = np.empty(single.shape)
    for start in range(0, len(single), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        found[part] = _printed(single[part])
    return found


def _printed(single: NDArray[np.float32]) -> NDArray[np.float64]:
    size = np.abs(single)
    exact = size.astype(np.float64)
    bits = size.view(np.int32)
    # The power of two gives that of ten, or one less: 1233 / 4096 is about log10(2).
    power = (((bits >> 23) - 127) * 1233) >> 12
    inside = (power >= _LOW) & (power <= _HIGH)
    power = np.where(inside, power, 0)
    power += exact >= _POWERS[power + 1 - _LOW]
    inside &= power <= _HIGH
    power[~inside] = 0
    found, unsure = exact, ~inside
    plain = np.where(inside, exact, 1.0)
    # Beside a power of two the decimals that mean it reach less far down than up.
    lopsided = (bits & 0x7FFFFF) == 0
    same: Any = inside
    for digits in _DIGITS:
        scale = _SCALES[digits - 1 - power]
        scaled = plain * scale
        whole = np.rint(scaled)
        unsure |= np.abs(scaled - whole) > _NEAR_TIE
        decimal = whole / scale
        same = (decimal.astype(np.float32) == size) & inside
        found = np.where(same, decimal, found)
    unsure |= lopsided & ~same & inside
    unsure &= (exact != 0) & np.isfinite(exact)
    if unsure.any():
        found[unsure] = _one_by_one(size[unsure])
    return np.copysign(found, single)


def _one_by_one(size: NDArray[np.float32]) -> NDArray[np.float64]:
    import pyarrow as pa

    texts = pa.array(size).cast(pa.string())
    found: NDArray[np.float64] = texts.cast(pa.float64()).to_numpy()
    return found
