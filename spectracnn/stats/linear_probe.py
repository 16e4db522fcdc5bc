"""Cross-validated linear models for many labellings at once, in closed form.

A probe against permuted labels fits the same rows again and again: only the labels change. So what
depends on the rows alone (a singular value decomposition, a scatter matrix) is computed once a
fold, and all labellings are fitted by matrix products.

References
----------
.. [1] Hastie, Tibshirani & Friedman (2009), The Elements of Statistical Learning, 3.4, 4.3, 7.10.
.. [2] Golub, Heath & Wahba (1979), Technometrics 21(2), 215-223 (leaving one out, by one fit).
.. [3] Friedman (1989), Journal of the American Statistical Association 84, 165-175 (shrinkage).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Folds = Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]

ALPHAS = np.logspace(-1, 5, 7)
_AT_ONCE = 1 << 24
"""Numbers of labels that are held at once."""


def ridge_scores(
    values: NDArray[np.float64], labels: NDArray[np.float64], folds: Folds
) -> NDArray[np.float64]:
    """Return R2 of ridge regressions, the mean over folds.

    Of each labelling the penalty with the least squared error, leaving one out, is chosen among
    :data:`ALPHAS`, within the training rows.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        Features.
    labels : ndarray, shape (n, m)
        One labelling a column.
    folds : sequence of (ndarray, ndarray)
        Training and test rows.

    Returns
    -------
    ndarray, shape (m,)
    """
    scores = []
    for train, test in folds:
        inside, outside = _standardised(values, train, test)
        found = _ridge(inside, labels[train], outside)
        truth = labels[test]
        spread = np.sum((truth - truth.mean(axis=0)) ** 2, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            score = 1 - np.sum((truth - found) ** 2, axis=0) / spread
        scores.append(np.where(spread > 0, score, np.nan))
    return _mean(scores)


def _ridge(
    inside: NDArray[np.float64], labels: NDArray[np.float64], outside: NDArray[np.float64]
) -> NDArray[np.float64]:
    centre = labels.mean(axis=0)
    left, sizes, right = np.linalg.svd(inside, full_matrices=False)
    part = left.T @ (labels - centre)
    best = np.full(labels.shape[1], np.inf)
    chosen = np.zeros(labels.shape[1])
    for alpha in ALPHAS:
        shrunk = sizes**2 / (sizes**2 + alpha)
        leverage = (left**2) @ shrunk + 1 / len(inside)
        residual = labels - centre - left @ (shrunk[:, None] * part)
        error = np.mean((residual / (1 - leverage)[:, None]) ** 2, axis=0)
        better = error < best
        best, chosen = np.where(better, error, best), np.where(better, alpha, chosen)
    weights = sizes[:, None] / (sizes[:, None] ** 2 + chosen) * part
    return np.asarray(outside @ (right.T @ weights) + centre)


def discriminant_scores(
    values: NDArray[np.float64], codes: NDArray[np.int64], count: int, folds: Folds
) -> NDArray[np.float64]:
    """Return balanced accuracies of ridge discriminants, the mean over folds.

    Linear discriminant analysis with equal priors, whose pooled covariance is shrunk towards a
    multiple of the identity by ``p / (n + p)``: the ridge, chosen without looking at labels.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        Features.
    codes : ndarray, shape (n, m), int64
        One labelling a column: classes from 0 to ``count - 1``.
    count : int
        How many classes.
    folds : sequence of (ndarray, ndarray)
        Training and test rows.

    Returns
    -------
    ndarray, shape (m,)
    """
    step = max(1, _AT_ONCE // max(len(values) * count, 1))
    scores = []
    for train, test in folds:
        inside, outside = _standardised(values, train, test)
        parts = []
        for first in range(0, codes.shape[1], step):
            own = codes[:, first : first + step]
            found = _discriminant(inside, own[train].T, outside, count)
            parts.append(_balanced(found, own[test].T, count))
        scores.append(np.concatenate(parts))
    return _mean(scores)


def _discriminant(
    inside: NDArray[np.float64], codes: NDArray[np.int64], outside: NDArray[np.float64], count: int
) -> NDArray[np.int64]:
    """Return the class of each row outside, shape (m, n)."""
    n, p = inside.shape
    members = (codes[:, None, :] == np.arange(count)[:, None]).astype(np.float64)  # (m, k, n)
    sizes = members.sum(axis=2)
    there = sizes > 0
    means = (members.reshape(-1, n) @ inside).reshape(*sizes.shape, p)
    means /= np.where(there, sizes, 1.0)[..., None]
    between = np.einsum("mk,mkp,mkq->mpq", sizes, means, means, optimize=True)
    within = (inside.T @ inside - between) / n
    shrinkage = p / (n + p)
    level = np.trace(within, axis1=1, axis2=2) / p
    within = (1 - shrinkage) * within
    within += (shrinkage * np.maximum(level, 1e-12))[:, None, None] * np.eye(p)
    slopes = np.linalg.solve(within, means.transpose(0, 2, 1))  # (m, p, k)
    offsets = -0.5 * np.einsum("mkp,mpk->mk", means, slopes)
    offsets[~there] = -np.inf
    return np.asarray(np.argmax(outside @ slopes + offsets[:, None, :], axis=2))


def _balanced(
    found: NDArray[np.int64], truth: NDArray[np.int64], count: int
) -> NDArray[np.float64]:
    """Return the mean recall over the classes that are there, shape (m,)."""
    right = found == truth
    recalls = np.full((count, len(truth)), np.nan)
    for code in range(count):
        own = truth == code
        size = own.sum(axis=1)
        hits = np.sum(right & own, axis=1)
        recalls[code] = np.where(size > 0, hits / np.maximum(size, 1), np.nan)
    return np.asarray(np.nanmean(recalls, axis=0))


def _standardised(
    values: NDArray[np.float64], train: NDArray[np.int64], test: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    centre = values[train].mean(axis=0)
    scale = values[train].std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    return (values[train] - centre) / scale, (values[test] - centre) / scale


def _mean(scores: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the mean over folds without those where there is no score."""
    table = np.stack(scores)
    known = np.isfinite(table)
    total = np.where(known, table, 0.0).sum(axis=0)
    return np.asarray(np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan))
