"""Groups of neighbouring eigenvalues: multiplets of the sphere, and octaves of wavelength.

References
----------
.. [1] Robinson et al. (2016), NeuroImage 142, 79-98 (eigengroups of the cortex).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)


@dataclass(frozen=True, eq=False)
class Band:
    """Some features that are averaged.

    Parameters
    ----------
    label : str
        Such as ``4-8``.
    places : ndarray of int64
        Which features.
    """

    label: str
    places: NDArray[np.int64]


def eigengroups(indices: NDArray[np.int64]) -> tuple[Band, ...]:
    """Return the bands 1-3, 4-8, 9-15, ...: those that a sphere would have as multiplets.

    A sphere has ``2 l + 1`` equal eigenvalues of degree l, numbered ``l**2`` to
    ``(l + 1)**2 - 1`` after the zero. The last band may be cut.

    Parameters
    ----------
    indices : ndarray, shape (p,), int64
        The eigenvalues' numbers; a number below 1 is in no band.

    Examples
    --------
    >>> [band.label for band in eigengroups(np.arange(1, 12))]
    ['1-3', '4-8', '9-11']
    """
    degrees = np.floor(np.sqrt(np.maximum(indices, 0))).astype(np.int64)
    bands = []
    for degree in np.unique(degrees[indices >= 1]):
        places = np.flatnonzero((degrees == degree) & (indices >= 1))
        first, last = indices[places].min(), indices[places].max()
        bands.append(Band(f"{first}-{last}" if last > first else f"{first}", places))
    return tuple(bands)


def wavelengths(eigenvalues: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``2 pi / sqrt(lambda)`` in the mesh's length unit; infinite for a zero."""
    with np.errstate(divide="ignore"):
        return np.asarray(2 * np.pi / np.sqrt(np.maximum(eigenvalues, 0.0)))


def octaves(mean: NDArray[np.float64]) -> tuple[Band, ...]:
    """Return bands of wavelength, each half as long as the one before.

    Which band an eigenvalue is in is decided by its mean over the cohort, so that a band holds the
    same eigenvalues of everybody.

    Parameters
    ----------
    mean : ndarray, shape (p,)
        Mean eigenvalues; those that are not positive are in no band.

    Examples
    --------
    >>> [band.label for band in octaves(np.array([1.0, 3.0, 4.5, 17.0]))]
    ['6.28-3.14', '3.14-1.57', '1.57-0.785']
    """
    length = wavelengths(mean)
    known = np.isfinite(length)
    if not known.any():
        return ()
    longest = float(length[known].max())
    step = np.full(length.shape, -1, np.int64)
    step[known] = np.floor(np.log2(longest / length[known]) + 1e-12).astype(np.int64)
    return tuple(
        Band(
            f"{longest / 2.0**octave:.3g}-{longest / 2.0 ** (octave + 1):.3g}",
            np.flatnonzero(step == octave),
        )
        for octave in np.unique(step[known])
    )


def averaged(values: NDArray[np.float64], bands: tuple[Band, ...]) -> NDArray[np.float64]:
    """Return the mean of each band's features: shape (n, bands)."""
    return np.stack([values[..., band.places].mean(axis=-1) for band in bands], axis=-1)
