"""Permutation tests of a linear model with nuisance variables: Freedman and Lane, max-T.

References
----------
.. [1] Freedman & Lane (1983), Journal of Business & Economic Statistics 1(4), 292-298.
.. [2] Winkler et al. (2014), NeuroImage 92, 381-397.
.. [3] Westfall & Young (1993), Resampling-Based Multiple Testing. Wiley.
.. [4] Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9(1), 39.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import qr

from spectracnn.core.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.stats.design import Design

_MEMORY = 1 << 25
"""Bytes of permuted design that are multiplied at once."""
_EQUAL = 1e-9
"""Statistics closer than this, relatively, count as equal: sums in another order are."""


@dataclass(frozen=True, eq=False)
class Tested:
    """Statistics and p-values of p features.

    Parameters
    ----------
    statistic : ndarray, shape (p,), float64
        Student's t where the design tests one column, else F; NaN where a feature has no spread
        beside the nuisance variables.
    slope : ndarray, shape (p,), float64
        The coefficient of the first tested column, in the features' units.
    sigma : ndarray, shape (p,), float64
        The residuals' standard deviation.
    unit_variance : float
        ``Var(slope) / sigma**2``: ``1/n1 + 1/n2`` for two groups without covariates.
    p, p_fwe : ndarray, shape (p,), float64
        Two-sided, by permutation: of each alone, and of the largest of all.
    permutations : int
        How many were drawn.
    """

    statistic: NDArray[np.float64]
    slope: NDArray[np.float64]
    sigma: NDArray[np.float64]
    unit_variance: float
    p: NDArray[np.float64]
    p_fwe: NDArray[np.float64]
    permutations: int


def freedman_lane(
    values: NDArray[np.float64],
    design: Design,
    permutations: int,
    seed: int,
    progress: Progress | None = None,
) -> Tested:
    """Test every feature, exchanging the residuals of the nuisance model.

    Of the permuted model only the sums of squares change, so one product of the permuted
    orthonormal design with the residuals gives the statistics of all features.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        One row for each of the design's units.
    design : Design
        The model.
    permutations : int
        How many to draw; the p-values are at least ``1 / (permutations + 1)``.
    seed : int
        Of the permutations.
    progress : Progress, optional
        Told of the permutations done; may cancel.
    """
    progress = progress or Progress()
    nuisance = np.asarray(qr(design.nuisance, mode="economic")[0], np.float64)
    residual = values - nuisance @ (nuisance.T @ values)
    left = design.tested - nuisance @ (nuisance.T @ design.tested)
    tested, triangle = (np.asarray(part, np.float64) for part in qr(left, mode="economic"))
    total = np.sum(residual**2, axis=0)
    # What the nuisance variables explain but for rounding has nothing to test.
    flat = total <= 1e-20 * np.maximum(np.sum(values**2, axis=0), np.finfo(float).tiny)
    residual = np.where(flat, 0.0, residual)
    observed, slope, noise = _observed(tested, triangle, residual, total, design.df)
    above, above_max = _exceeding(
        np.where(flat, np.inf, np.abs(observed)) * (1 - _EQUAL),
        np.hstack([tested, nuisance]),
        residual,
        total,
        design,
        permutations,
        np.random.default_rng(seed),
        progress,
    )
    unit = float(np.linalg.inv(triangle.T @ triangle)[0, 0])
    nothing = np.where(flat, np.nan, 1.0)
    return Tested(
        observed * nothing,
        slope * nothing,
        noise * nothing,
        unit,
        (above + 1) / (permutations + 1) * nothing,
        (above_max + 1) / (permutations + 1) * nothing,
        permutations,
    )


def _exceeding(
    bar: NDArray[np.float64],
    basis: NDArray[np.float64],
    residual: NDArray[np.float64],
    total: NDArray[np.float64],
    design: Design,
    permutations: int,
    draw: np.random.Generator,
    progress: Progress,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count how often each feature's statistic, and the largest of all, reach the observed."""
    m, count = design.tested.shape[1], len(residual)
    batch = max(1, _MEMORY // (8 * basis.size))
    above = np.zeros(len(bar), np.int64)
    above_max = np.zeros(len(bar), np.int64)
    for done in range(0, permutations, batch):
        size = min(batch, permutations - done)
        orders = np.stack([shuffled(count, design.blocks, draw) for _ in range(size)])
        found = np.abs(_statistics(basis, m, orders, residual, total, design.df))
        found[:, ~np.isfinite(bar)] = 0.0  # a feature without spread, or without any noise
        above += np.count_nonzero(found >= bar, axis=0)
        above_max += np.count_nonzero(found.max(axis=1, initial=0.0)[:, None] >= bar, axis=0)
        progress.update(done + size, permutations, "permutations")
    return above, above_max


def shuffled(
    count: int, blocks: NDArray[np.int64] | None, draw: np.random.Generator
) -> NDArray[np.int64]:
    """Return a random order of units, each within its block."""
    if blocks is None:
        return draw.permutation(count)
    order = np.empty(count, np.int64)
    keys = draw.random(count)
    order[np.argsort(blocks, kind="stable")] = np.lexsort((keys, blocks))
    return order


def _observed(
    tested: NDArray[np.float64],
    triangle: NDArray[np.float64],
    residual: NDArray[np.float64],
    total: NDArray[np.float64],
    df: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    part = tested.T @ residual
    left = np.maximum(total - np.sum(part**2, axis=0), 0.0)
    noise = np.sqrt(left / df)
    slope = np.linalg.solve(triangle, part)[0]
    return _ratio(part, left, df, np.sign(triangle[0, 0])), slope, noise


def _ratio(
    part: NDArray[np.float64], left: NDArray[np.float64], df: int, sign: float = 1.0
) -> NDArray[np.float64]:
    """Return t of one tested column, F of several; axes (..., m, p) and (..., p)."""
    m = part.shape[-2]
    with np.errstate(divide="ignore", invalid="ignore"):
        if m == 1:
            return np.asarray(
                np.nan_to_num(sign * part[..., 0, :] / np.sqrt(left / df), posinf=np.inf)
            )
        found = np.sum(part**2, axis=-2) / m / (left / df)
    return np.asarray(np.nan_to_num(found, posinf=np.inf))


def _statistics(
    basis: NDArray[np.float64],
    m: int,
    orders: NDArray[np.int64],
    residual: NDArray[np.float64],
    total: NDArray[np.float64],
    df: int,
) -> NDArray[np.float64]:
    """Return the statistics under orders, shape (b, p)."""
    count, width = len(orders), basis.shape[1]
    moved = np.ascontiguousarray(basis.T[:, orders].transpose(1, 0, 2)).reshape(count * width, -1)
    part = (moved @ residual).reshape(count, width, -1)
    left = np.maximum(total - np.sum(part**2, axis=1), 0.0)
    return _ratio(part[:, :m], left, df)
