"""Small helpers that make arrays safe to share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def frozen_array(values: ArrayLike, dtype: Any = None) -> NDArray[Any]:
    """Return a read-only, C-ordered array with these values.

    A writable input is copied, so that the caller's array can go on changing without this one.

    Parameters
    ----------
    values : array_like
        Any shape.
    dtype : dtype, optional
        Converted to this type when given.

    Returns
    -------
    ndarray
        Read-only.
    """
    array = np.asarray(values, dtype=dtype)
    if array.flags.writeable or not array.flags.c_contiguous:
        array = np.array(array, order="C", copy=True)
        array.flags.writeable = False
    return array


def refreeze(record: object) -> None:
    """Make the arrays of an unpickled record read-only again, because pickling forgets that."""
    for value in vars(record).values():
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
