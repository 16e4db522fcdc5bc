r"""Varies training spectra the way shapes and meshes vary.

A spectrum is here :math:`x_k = \log(\lambda_k / k)` minus its mean. It is the sum of a smooth part,
which the proportions of a shape decide, and of a fine structure: how the spacings between
neighbouring eigenvalues scatter. Symmetric shapes have eigenvalues in pairs, others have none. So

- a shape between two others lies near the line between their *smooth parts*. Mixing whole spectra
  would wash out the pairs, and so would white noise: both were measured to do harm;
- a fine structure may belong to another smooth part;
- a stretched part, or the error of a mesh, moves all eigenvalues smoothly along the index.

Scale is not varied, because the input does not contain it: what is made has zero mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.recipe import Augmentation

MIXED = 0.8
"""Share of the varied spectra whose smooth part is mixed."""

EXCHANGED = 0.5
"""Share whose fine structure is another's."""

DISTORTED = 0.7
"""Share that is distorted."""


def smooth_curves(n: int) -> NDArray[np.float64]:
    """Return the curves of which a distortion is made, shape (curves, n), each of zero mean.

    A tilt and cosines over the logarithm of the index, where a shape's large parts differ, and
    cosines over the index itself; the amplitude falls with the number of waves.
    """
    index = np.arange(1, n + 1)
    octave = np.log(index) / np.log(max(n, 2))
    place = (index - 0.5) / n
    curves = [octave]
    curves += [np.cos(np.pi * waves * octave) / waves for waves in range(1, 5)]
    curves += [np.cos(np.pi * waves * place) / waves for waves in range(1, 4)]
    table = np.array(curves)
    centred: NDArray[np.float64] = table - table.mean(axis=1, keepdims=True)
    return centred


def smoothing_matrix(n: int) -> NDArray[np.float64]:
    """Return the matrix that takes a spectrum to its smooth part, shape (n, n); rows sum to 1.

    Gaussian weights, wider for higher eigenvalues: there the spectrum bends less.
    """
    index = np.arange(1, n + 1)
    width = 1.5 * (1 + index / 25)
    weights = np.exp(-0.5 * ((index[None] - index[:, None]) / width[:, None]) ** 2)
    normalised: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return normalised


def varied(
    spectra: NDArray[np.float64],
    labels: NDArray[np.int64],
    how: Augmentation,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Make new spectra from training spectra.

    Parameters
    ----------
    spectra : ndarray, shape (n, steps)
        ``log(lambda_k / k)`` minus its own mean.
    labels : ndarray, shape (n,)
        Their classes.
    how : Augmentation
        How many, and how strongly varied.
    random : numpy.random.Generator
        Decides everything.

    Returns
    -------
    ndarray, shape (how.varied, steps)
        Of zero mean. They have no certain class: a teacher judges them.
    """
    size, steps = how.varied, spectra.shape[1]
    smooth = spectra @ smoothing_matrix(steps).T
    fine = spectra - smooth
    rows = random.integers(0, len(spectra), size)
    share = how.mixing * random.uniform(size=(size, 1)) * _some(random, size, MIXED)
    made = smooth[rows] + share * (smooth[partners(rows, labels, how, random)] - smooth[rows])
    exchange = _some(random, size, EXCHANGED)
    made += np.where(exchange, fine[partners(rows, labels, how, random)], fine[rows])
    curves = smooth_curves(steps)
    strength = how.distortion * _some(random, size, DISTORTED)
    made += strength * random.normal(size=(size, len(curves))) @ curves
    centred: NDArray[np.float64] = made - made.mean(axis=1, keepdims=True)
    return centred


def partners(
    rows: NDArray[np.int64],
    labels: NDArray[np.int64],
    how: Augmentation,
    random: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw for each row another of its class, or a stranger of any class; perhaps itself."""
    order = np.argsort(labels, kind="stable")
    count = np.bincount(labels)
    first = np.cumsum(count) - count
    own = labels[rows]
    # uniform() is below 1, so the product is below the count.
    place = (random.uniform(size=len(rows)) * count[own]).astype(np.int64)
    siblings = order[first[own] + place]
    strangers = random.integers(0, len(labels), len(rows))
    return np.where(random.uniform(size=len(rows)) < how.strangers, strangers, siblings)


def _some(random: np.random.Generator, size: int, share: float) -> NDArray[np.bool_]:
    return random.uniform(size=(size, 1)) < share
