r"""Twelve numbers that say how the spacings between neighbouring eigenvalues scatter.

Symmetric shapes have eigenvalues in pairs, others do not; smooth artificial sequences have spacings
without any scatter, noise has too much of it. With :math:`x_k = \log(\lambda_k / k)` the unfolded
spacing over :math:`g` indices is about

.. math:: s_k = k\,(x_{k+g} - x_k) + g, \qquad g = 1, 2, 4.

The logarithms of its standard deviation in four windows of the index, for each :math:`g`, are the
twelve numbers. They do not change when the shape is scaled.

References
----------
.. [1] O. Bohigas, M.-J. Giannoni, C. Schmit (1984), Physical Review Letters 52, 1-4: spacings of
   eigenvalues and symmetry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACHES = (1, 2, 4)
WINDOWS = 4
COUNT = len(REACHES) * WINDOWS
FLOOR = 1e-3
"""Added to a standard deviation, so that equal spacings have a logarithm."""

FEWEST = 2 * WINDOWS + max(REACHES)
"""Eigenvalues that each window needs two spacings of."""


def spacing_statistics(spectra: NDArray[Any]) -> NDArray[np.float64]:
    """Return how much the spacings scatter, shape (n, 12).

    Parameters
    ----------
    spectra : ndarray, shape (n, steps)
        ``log(lambda_k / k)``; a constant added to a spectrum changes nothing.
    """
    # Spectra side by side: sums along them are then over whole rows.
    across = np.ascontiguousarray(np.asarray(spectra, np.float64).T)
    index = np.arange(1, len(across) + 1)[:, None]
    found = []
    for reach in REACHES:
        spacing = across[reach:] - across[:-reach]
        spacing *= (index[reach:] + index[:-reach]) / 2
        for part in np.array_split(spacing, WINDOWS):
            part -= part.mean(axis=0)
            found.append(np.einsum("ij,ij->j", part, part) / len(part))
    logarithms: NDArray[np.float64] = np.log(np.sqrt(np.stack(found, axis=1)) + FLOOR)
    return logarithms


def statistics_of_rows(eigenvalues: NDArray[Any]) -> NDArray[np.float64]:
    """Return the twelve numbers of each row, shape (n, 12); see `statistics_of`."""
    values = np.asarray(eigenvalues, np.float64)
    found = np.full((len(values), COUNT), np.nan)
    with np.errstate(over="ignore", invalid="ignore"):
        whole = (values > 0).all(axis=1) & np.isfinite(values.sum(axis=1))
    if values.shape[1] >= FEWEST and whole.any():
        kept = values if whole.all() else values[whole]
        logs = kept / np.arange(1, values.shape[1] + 1)
        found[whole] = spacing_statistics(np.log(logs, out=logs))
    for row in np.flatnonzero(~whole):
        found[row] = statistics_of(values[row])
    return found


def statistics_of(eigenvalues: NDArray[Any]) -> NDArray[np.float64]:
    """Return the twelve numbers of one spectrum, shape (12,).

    Parameters
    ----------
    eigenvalues : ndarray, shape (m,)
        Those that a model reads, ascending; zeros at the front are left out.

    Returns
    -------
    ndarray, shape (12,)
        NaN where fewer than `FEWEST` are positive.
    """
    values = np.asarray(eigenvalues, np.float64)
    values = values[np.isfinite(values) & (values > 0)]
    if values.size < FEWEST:
        return np.full(COUNT, np.nan)
    logs = np.log(values / np.arange(1, values.size + 1))
    found: NDArray[np.float64] = spacing_statistics(logs[None])[0]
    return found
