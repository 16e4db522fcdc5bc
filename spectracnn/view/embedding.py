"""Spectra as points: principal components of a layer's output, and who lies near whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.features import Axes
from spectracnn.core.steps import DropZeros, FixSign, Sort, Working
from spectracnn.errors import SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum

_SMALL = 400
_ROWS = 4096
MOST_AXES = 32
SHAPE_DNA_LENGTH = 50
"""How many eigenvalues the plain distance compares."""


@dataclass(frozen=True, eq=False)
class Embedding:
    """Points in the plane.

    Parameters
    ----------
    points : ndarray, shape (n, 2)
        NaN where a spectrum was refused.
    explained : tuple of float
        Share of the variance along each axis.
    """

    points: NDArray[np.float64]
    explained: tuple[float, float]


def component_labels(embedding: Embedding) -> tuple[str, str]:
    """Return what stands at the axes: how much of the variance each component explains."""
    first, second = (
        f"component {axis + 1}  ({100 * share:.0f} % of the variance)"
        for axis, share in enumerate(embedding.explained)
    )
    return first, second


def principal_components(features: NDArray[np.float32]) -> Embedding:
    """Return the first two principal components.

    Parameters
    ----------
    features : ndarray, shape (n, d)
        Rows that are not finite are left out.

    Returns
    -------
    Embedding
        The largest coordinate of each axis by magnitude is positive, so that the picture does not
        flip from one computation to the next.

    References
    ----------
    .. [1] Jolliffe (2002), Principal Component Analysis, 2nd ed., section 3.5 (by the singular
       value decomposition of the centred data).
    """
    points = np.full((len(features), 2), np.nan)
    known = np.isfinite(features).all(axis=1)
    rows = features[known].astype(np.float64)
    if not len(rows):
        return Embedding(frozen_array(points, np.float64), (0.0, 0.0))
    centred = rows - rows.mean(axis=0)
    scores = _scores(centred)
    total = float((centred**2).sum()) or 1.0
    for axis in range(scores.shape[1]):
        column = scores[:, axis]
        if column[np.argmax(np.abs(column))] < 0:
            scores[:, axis] = -column
    shares = (scores**2).sum(axis=0) / total
    points[known] = scores
    return Embedding(frozen_array(points, np.float64), (float(shares[0]), float(shares[1])))


def leading_axes(features: NDArray[np.float32], most: int = MOST_AXES) -> Axes:
    """Return the directions of largest variance, for vectors that are too many to be kept.

    Parameters
    ----------
    features : ndarray, shape (n, d)
        Of some spectra; rows that are not finite are left out.
    most : int
        How many directions; fewer where there are not so many.

    References
    ----------
    .. [1] Halko, Martinsson, Tropp (2011), SIAM Review 53(2), 217-288 (components of a matrix from
       a sample of it).
    """
    rows = features[np.isfinite(features).all(axis=1)].astype(np.float64)
    centre = rows.mean(axis=0) if len(rows) else np.zeros(features.shape[1])
    centred = rows - centre
    k = max(1, min(most, *centred.shape))
    if min(centred.shape) <= max(_SMALL, k + 1):
        sizes, directions = np.linalg.svd(centred, full_matrices=False)[1:]
    else:
        from scipy.sparse.linalg import svds

        _, sizes, directions = svds(centred, k=k, v0=np.ones(min(centred.shape)))
    order = np.argsort(-sizes)[:k]
    kept = directions[order]
    total = float((centred**2).sum()) or 1.0
    for row in kept:  # as in `principal_components`: no flips
        scores = centred @ row
        if len(scores) and scores[np.argmax(np.abs(scores))] < 0:
            row *= -1
    shares = tuple(float(size**2 / total) for size in sizes[order])
    return Axes(centre, np.ascontiguousarray(kept.T), shares, len(rows))


def projected(scores: NDArray[np.float32], axes: Axes) -> Embedding:
    """Return the first two coordinates of projected vectors as points."""
    points = np.zeros((len(scores), 2))
    width = min(2, scores.shape[1])
    points[:, :width] = scores[:, :width]
    points[~np.isfinite(scores).all(axis=1)] = np.nan
    shares = (*axes.shares, 0.0, 0.0)
    return Embedding(frozen_array(points, np.float64), (shares[0], shares[1]))


def _scores(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the coordinates along the first two right singular vectors, shape (n, 2)."""
    scores = np.zeros((len(centred), 2))
    smaller = min(centred.shape)
    if smaller <= _SMALL:
        left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
        both = (left * sizes)[:, :2]
    else:
        from scipy.sparse.linalg import svds

        # Two of thousands of components by Lanczos; started the same, so that it ends the same.
        left, sizes, _ = svds(centred, k=2, v0=np.ones(smaller))
        both = (left * sizes)[:, np.argsort(-sizes)]
    scores[:, : both.shape[1]] = both
    return scores


def nearest(features: NDArray[np.float64], place: int, most: int = 8) -> list[tuple[int, float]]:
    """Return the nearest rows by Euclidean distance.

    Parameters
    ----------
    features : ndarray, shape (n, d)
        NaN rows are left out.
    place : int
        Whose neighbours.
    most : int
        How many.

    Returns
    -------
    list of (int, float)
        Row and distance, the nearest first; empty where the row itself is not finite.
    """
    here = features[place].astype(np.float64)
    if not np.isfinite(here).all():
        return []
    distances = np.empty(len(features))
    for start in range(0, len(features), _ROWS):  # the differences of all would be twice as large
        part = slice(start, start + _ROWS)
        squares = (features[part] - here) ** 2
        distances[part] = np.sqrt(squares.sum(axis=1, dtype=np.float64))
    distances[place] = np.nan
    known = np.flatnonzero(np.isfinite(distances))
    order = known[np.argsort(distances[known], kind="stable")][:most]
    return [(int(row), float(distances[row])) for row in order]


@dataclass(frozen=True, eq=False)
class ShapeDNA:
    """Spectra made comparable without any network.

    Parameters
    ----------
    values : ndarray, shape (n, length)
        NaN rows for spectra that are too short.
    rule : str
        How size was taken out, in words.
    """

    values: NDArray[np.float64]
    rule: str


def shape_dna(spectra: Sequence[Spectrum], length: int = SHAPE_DNA_LENGTH) -> ShapeDNA:
    """Return the first nonzero eigenvalues of each spectrum, free of its size.

    Multiplied by the area where every file tells it; else divided by the first nonzero eigenvalue.
    The Euclidean distance of these vectors is the plain distance of shapes [1]_.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Any order and sign.
    length : int
        How many eigenvalues; fewer where the shortest usable spectrum has fewer.

    Returns
    -------
    ShapeDNA
        One row a spectrum.

    References
    ----------
    .. [1] Reuter, Wolter, Peinecke (2006), Laplace-Beltrami spectra as 'Shape-DNA' of surfaces and
       solids, Computer-Aided Design 38, 342-366, sections 4 and 5.
    """
    rows = [_nonzero(spectrum) for spectrum in spectra]
    length = max(1, min([length, *(row.size for row in rows if row.size)]))
    by_area = all(spectrum.area is not None and spectrum.area > 0 for spectrum in spectra)
    values = np.full((len(rows), length), np.nan)
    for place, (row, spectrum) in enumerate(zip(rows, spectra, strict=True)):
        if row.size >= length:
            scale = spectrum.area if by_area and spectrum.area else 1 / row[0]
            values[place] = row[:length] * scale
    rule = "area times eigenvalue" if by_area else "divided by the first nonzero eigenvalue"
    return ShapeDNA(frozen_array(values, np.float64), f"first {length} eigenvalues, {rule}")


def _nonzero(spectrum: Spectrum) -> NDArray[np.float64]:
    working = Working.start(spectrum)
    try:
        for step in (FixSign(), Sort(), DropZeros()):
            working = step.apply(working)
    except SpectraCNNError:
        return np.zeros(0)
    values = working.values
    return values if np.isfinite(values).all() else values[: int(np.argmin(np.isfinite(values)))]
