"""Weyl's law: how eigenvalues grow on average."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import Kind
from spectracnn.errors import SpectrumError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def weyl_eigenvalues(mode: ArrayLike, size: float, kind: Kind) -> NDArray[np.float64]:
    """Return the eigenvalues that Weyl's law expects.

    Parameters
    ----------
    mode : array_like of int, shape (n,)
        The eigenvalues' numbers, 1 for the first nonzero one.
    size : float
        Surface area in (mesh length unit)**2, or volume in (mesh length unit)**3.
    kind : Kind
        Surface: ``4 pi k / A``. Solid: ``(6 pi**2 k / V)**(2/3)``.

    Returns
    -------
    ndarray, shape (n,), float64
        In 1/(mesh length unit)**2.

    Raises
    ------
    SpectrumError
        If the kind is unknown or the size is not positive.

    References
    ----------
    .. [1] Weyl (1911), Nachrichten der Akademie der Wissenschaften zu Goettingen, 110-117.
    .. [2] Reuter et al. (2006), Computer-Aided Design 38, 342-366.
    """
    if not size > 0:
        raise SpectrumError(f"Weyl's law needs a positive size; found {size}.")
    k = np.asarray(mode, dtype=np.float64)
    if kind is Kind.SURFACE:
        return 4 * np.pi * k / size
    if kind is Kind.SOLID:
        return np.asarray((6 * np.pi**2 * k / size) ** (2 / 3))
    raise SpectrumError("Weyl's law needs to know whether the shape is a surface or a solid.")
