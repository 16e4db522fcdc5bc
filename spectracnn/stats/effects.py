"""Effect sizes of a linear model with confidence intervals.

References
----------
.. [1] Hedges (1981), Journal of Educational Statistics 6(2), 107-128.
.. [2] Hedges & Olkin (1985), Statistical Methods for Meta-Analysis. Academic Press.
.. [3] Fisher (1924), Metron 3, 329-332.
.. [4] Steiger (2004), Psychological Methods 9(2), 164-182.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special, stats

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.stats.design import Design
    from spectracnn.stats.permutation import Tested

Triple = tuple["NDArray[np.float64]", "NDArray[np.float64]", "NDArray[np.float64]"]


def effects(tested: Tested, design: Design, level: float = 0.95) -> Triple:
    """Return effect sizes and the two ends of their confidence intervals, shape (p,) each.

    Parameters
    ----------
    tested : Tested
        From :func:`spectracnn.stats.permutation.freedman_lane`.
    design : Design
        Its model, which says which effect size it is.
    level : float
        Of the intervals.
    """
    if design.effect == "g":
        return hedges_g(tested.slope / tested.sigma, tested.unit_variance, design.df, level)
    if design.effect == "r":
        q = design.nuisance.shape[1] - 1
        return partial_r(tested.statistic, design.df, len(design.kept) - q, level)
    return partial_eta2(tested.statistic, design.tested.shape[1], design.df, level)


def hedges_g(d: NDArray[np.float64], unit_variance: float, df: int, level: float = 0.95) -> Triple:
    """Correct standardised mean differences for small samples.

    ``g = J d`` with ``J = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2))``, and
    ``Var(g) = v + g**2 / (2 df)``, where v is the variance of the (covariate-adjusted) difference
    in units of the residuals' variance: ``1/n1 + 1/n2`` without covariates.

    Parameters
    ----------
    d : ndarray, shape (p,)
        Adjusted difference divided by the residuals' standard deviation.
    unit_variance : float
        v.
    df : int
        Degrees of freedom of the residuals.
    level : float
        Of the interval.
    """
    if df > 1:
        correction = np.exp(special.gammaln(df / 2) - special.gammaln((df - 1) / 2))
        correction /= np.sqrt(df / 2)
    else:  # the correction is not defined
        correction = 1.0
    g = correction * d
    half = stats.norm.isf((1 - level) / 2) * np.sqrt(unit_variance + g**2 / (2 * df))
    return g, g - half, g + half


def partial_r(t: NDArray[np.float64], df: int, effective: int, level: float = 0.95) -> Triple:
    """Return partial correlations ``t / sqrt(t**2 + df)`` with Fisher's interval.

    Parameters
    ----------
    t : ndarray, shape (p,)
        Student's t.
    df : int
        Its degrees of freedom.
    effective : int
        Units less covariates; the transformed r has the variance ``1 / (effective - 3)``.
    level : float
        Of the interval.
    """
    r = t / np.sqrt(t**2 + df)
    if effective <= 3:
        return r, np.full_like(r, -1.0), np.full_like(r, 1.0)
    half = stats.norm.isf((1 - level) / 2) / np.sqrt(effective - 3)
    z = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    return r, np.tanh(z - half), np.tanh(z + half)


def partial_eta2(f: NDArray[np.float64], m: int, df: int, level: float = 0.95) -> Triple:
    """Return partial eta squared of F values, with the interval of the noncentral F distribution.

    Parameters
    ----------
    f : ndarray, shape (p,)
        F with m and df degrees of freedom.
    m : int
        Groups less one.
    df : int
        Of the residuals.
    level : float
        Of the interval.
    """
    eta = m * f / (m * f + df)
    tail = (1 - level) / 2
    ends = np.array([[_noncentrality(x, m, df, q) for q in (1 - tail, tail)] for x in f])
    total = m + df + 1
    return eta, ends[:, 0] / (ends[:, 0] + total), ends[:, 1] / (ends[:, 1] + total)


def _noncentrality(f: float, m: int, df: int, probability: float) -> float:
    """Return the noncentrality under which F stays below f with this probability; at least 0."""
    if not np.isfinite(f):
        return float("nan")

    def excess(value: float) -> float:
        return float(stats.ncf.cdf(f, m, df, value) if value else stats.f.cdf(f, m, df)) - (
            probability
        )

    if excess(0.0) <= 0:
        return 0.0
    top = 2.0 * m * f + 10
    while excess(top) > 0:
        top *= 2
    return float(optimize.brentq(excess, 0.0, top, xtol=1e-6))
