"""An order of a layer's channels in which neighbours are alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_OPTIMAL, _MOST_CLUSTERED = 160, 1024


def similarity_order(values: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return the channels in the order of the leaves of a hierarchical clustering.

    Average linkage of the correlation distance between maps, the leaves turned so that neighbours
    are as near as they can be [1]_. Channels that do not vary, or hold a value that is not finite,
    have no correlation and stand at the end.

    Parameters
    ----------
    values : ndarray, shape (steps, channels)
        A layer's output.

    Returns
    -------
    ndarray, shape (channels,), int64
        A permutation. Above 160 channels the leaves are not turned, and above 1024 the channels
        stand in the order of their place on the first principal component, because both take a
        time that grows with the cube or the square of the number.

    References
    ----------
    .. [1] Bar-Joseph et al. (2001), Fast optimal leaf ordering for hierarchical clustering,
       Bioinformatics 17, S22-S29.
    """
    numbers = np.asarray(values, np.float64).T
    with np.errstate(invalid="ignore"):
        centred = numbers - numbers.mean(axis=1, keepdims=True)
        size = np.linalg.norm(centred, axis=1)
        lively = np.isfinite(size) & (size > 1e-9 * np.nan_to_num(np.abs(numbers).max(initial=0.0)))
    still = np.flatnonzero(~lively)
    chosen = np.flatnonzero(lively)
    if chosen.size > 2:
        unit = centred[chosen] / size[chosen, None]
        chosen = chosen[_component(unit) if chosen.size > _MOST_CLUSTERED else _leaves(unit)]
    return np.concatenate([chosen, still]).astype(np.int64)


def _leaves(unit: NDArray[np.float64]) -> NDArray[np.int64]:
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    distance = np.clip(1.0 - unit @ unit.T, 0.0, 2.0)
    distance = (distance + distance.T) / 2
    np.fill_diagonal(distance, 0.0)
    condensed = squareform(distance, checks=False)
    tree = linkage(condensed, "average", optimal_ordering=len(unit) <= _MOST_OPTIMAL)
    return np.asarray(leaves_list(tree), np.int64)


def _component(unit: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the order along the first principal component."""
    _, _, directions = np.linalg.svd(unit - unit.mean(axis=0), full_matrices=False)
    return np.argsort(unit @ directions[0], kind="stable").astype(np.int64)
