"""The test of a cohort: one row a feature, with effect size, interval and three p-values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.stats.effects import effects
from spectracnn.stats.permutation import freedman_lane

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.progress import Progress
    from spectracnn.stats.design import Design

PERMUTATIONS = 5000


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is known of p features, parallel arrays of shape (p,).

    Parameters
    ----------
    effect, ci_low, ci_high : ndarray
        Hedges' g, partial r or partial eta squared, as the design says; 95 % interval.
    statistic : ndarray
        Student's t or F.
    p, p_fwe, p_fdr : ndarray
        By permutation: of each alone; of the largest of all (controls the family-wise error); by
        Benjamini and Hochberg.
    permutations : int
        How many.
    """

    effect: NDArray[np.float64]
    ci_low: NDArray[np.float64]
    ci_high: NDArray[np.float64]
    statistic: NDArray[np.float64]
    p: NDArray[np.float64]
    p_fwe: NDArray[np.float64]
    p_fdr: NDArray[np.float64]
    permutations: int


def compare(
    values: NDArray[np.float64],
    design: Design,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
    progress: Progress | None = None,
) -> Comparison:
    """Test every feature.

    Parameters
    ----------
    values : ndarray, shape (units, p)
        All units; the design says which enter.
    design : Design
        The model.
    permutations : int
        How many.
    seed : int
        Of the permutations.
    progress : Progress, optional
        Told of the permutations done; may cancel.
    """
    tested = freedman_lane(values[design.kept], design, permutations, seed, progress)
    effect, low, high = effects(tested, design)
    return Comparison(
        effect,
        low,
        high,
        tested.statistic,
        tested.p,
        tested.p_fwe,
        false_discovery(tested.p),
        permutations,
    )


def false_discovery(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Adjust p-values by Benjamini and Hochberg (1995); NaN stay, and do not count."""
    from statsmodels.stats.multitest import multipletests

    adjusted = np.full(p.shape, np.nan)
    known = np.isfinite(p)
    if known.any():
        adjusted[known] = multipletests(p[known], method="fdr_bh")[1]
    return adjusted
