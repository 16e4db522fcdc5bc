"""Covariates to columns of numbers: indicators for text, without what adds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from spectracnn.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.participants import Column

MOST_LEVELS = 20
"""A column with more distinct values than this is no group."""


def scaled(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values with mean 0 and standard deviation 1, which changes no test."""
    return np.asarray((values - values.mean()) / values.std())


def codes_of(column: Column, kept: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of each text among the sorted texts."""
    return np.unique(column.text[kept].astype(str), return_inverse=True)[1].astype(np.int64)


def nuisance_columns(
    covariates: Sequence[Column],
    site: Column | None,
    kept: NDArray[np.int64],
    notes: list[str],
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Return the constant and the covariates without those that add nothing, and their names."""
    blocks = [np.ones((kept.size, 1))]
    used = []
    for column in (*covariates, *([site] if site is not None else [])):
        block = _indicators(column, kept, as_group=column is site)
        if not block.shape[1]:
            notes.append(f"Covariate '{column.name}' is constant; it was left out.")
            continue
        before = np.linalg.matrix_rank(np.hstack(blocks))
        added = np.linalg.matrix_rank(np.hstack([*blocks, block])) - before
        if added == 0 and column is site:
            raise StudyError(
                f"Site '{column.name}' is collinear with the covariates; leave one of them out."
            )
        if added == 0:
            notes.append(
                f"Covariate '{column.name}' is collinear with those before it; it was left out."
            )
            continue
        if added < block.shape[1]:
            notes.append(f"Covariate '{column.name}' is partly collinear with those before it.")
            block = _independent(np.hstack(blocks), block)
        blocks.append(block)
        used.append(column.name)
    return np.hstack(blocks), tuple(used)


def _indicators(
    column: Column, kept: NDArray[np.int64], as_group: bool = False
) -> NDArray[np.float64]:
    if column.numbers is not None and not as_group:
        values = column.numbers[kept]
        constant = not kept.size or np.ptp(values) == 0
        return np.empty((kept.size, 0)) if constant else scaled(values)[:, None]
    codes = codes_of(column, kept)
    levels = int(codes.max(initial=0)) + 1
    if levels > max(MOST_LEVELS, kept.size // 4) and not as_group:
        raise StudyError(
            f"Covariate '{column.name}' is text with {levels:,} distinct values; expected numbers "
            "or a few categories."
        )
    return np.asarray(codes[:, None] == np.arange(1, levels), dtype=np.float64)


def _independent(before: NDArray[np.float64], block: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = before
    for place in range(block.shape[1]):
        wider = np.hstack([kept, block[:, place : place + 1]])
        if np.linalg.matrix_rank(wider) > kept.shape[1]:
            kept = wider
    return kept[:, before.shape[1] :]
