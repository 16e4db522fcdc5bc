"""Where somebody stands among others: normative centiles and z-scores.

References
----------
.. [1] Crawford & Howell (1998), The Clinical Neuropsychologist 12(4), 482-486.
.. [2] Cook & Weisberg (1982), Residuals and Influence in Regression, section 2.2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

from spectracnn.errors import StudyError

if TYPE_CHECKING:
    from spectracnn.core.progress import Progress

BANDS = (5, 25, 50, 75, 95)
LEAST = 10
"""With fewer in the reference group a centile says nothing."""


@dataclass(frozen=True, eq=False)
class Standing:
    """Where n units stand in p features.

    Parameters
    ----------
    centile : ndarray, shape (n, p), floating
        Percent of the reference group below, ties half.
    z : ndarray, shape (n, p), floating
        Distance from what the reference group's model expects, in standard deviations of a
        prediction.
    bands : ndarray, shape (5, p), float64
        Those z of the reference group that `BANDS` percent of it lie below.
    """

    centile: NDArray[np.floating[Any]]
    z: NDArray[np.floating[Any]]
    bands: NDArray[np.float64]


def standing(
    values: NDArray[np.float64],
    reference: NDArray[np.bool_],
    covariates: NDArray[np.float64] | None = None,
    progress: Progress | None = None,
) -> Standing:
    """Compare everybody with the reference group, for their own age and sex if these are given.

    A linear model of the covariates is fitted to the reference group. Its members are compared with
    the others: each residual is that of a model fitted without it (externally studentised).

    Parameters
    ----------
    values : ndarray, shape (n, p)
        Features.
    reference : ndarray, shape (n,), bool
        Who is in the reference group.
    covariates : ndarray, shape (n, q), optional
        Numbers, without a constant.
    progress : Progress, optional
        Receives the features done; may cancel.

    Raises
    ------
    StudyError
        If the reference group is small.
    """
    from statsmodels.api import OLS

    count = int(np.count_nonzero(reference))
    width = 1 + (0 if covariates is None else covariates.shape[1])
    if count < LEAST + width:
        raise StudyError(
            f"The reference group has {count} members, expected at least {LEAST + width}."
        )
    ones = np.ones((len(values), 1))
    exog = ones if covariates is None else np.hstack([ones, covariates])
    z = np.full(values.shape, np.nan)
    centile = np.full(values.shape, np.nan)
    bands = np.full((len(BANDS), values.shape[1]), np.nan)
    for place in range(values.shape[1]):
        if progress is not None:
            progress.update(place, values.shape[1], "features")
        if np.ptp(values[reference, place]) == 0:
            continue
        fit = OLS(values[reference, place], exog[reference]).fit()
        z[reference, place] = _external(fit)
        others = ~reference
        if others.any():
            forecast = fit.get_prediction(exog[others])
            error = values[others, place] - forecast.predicted_mean
            z[others, place] = error / np.sqrt(forecast.var_pred_mean + fit.scale)
        centile[:, place] = percent_below(z[reference, place], z[:, place])
        bands[:, place] = np.nanpercentile(z[reference, place], BANDS)
    return Standing(centile, z, bands)


def _external(fit: Any) -> NDArray[np.float64]:
    """Return each residual in units of a model fitted without it, from those of the model of all.

    statsmodels fits a model for each member, which takes hours for tens of thousands; this identity
    gives the same numbers [2]_.
    """
    internal = fit.get_influence().resid_studentized_internal
    left = fit.df_resid - internal**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(internal * np.sqrt((fit.df_resid - 1) / left))


def percent_below(
    reference: NDArray[np.float64], scores: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the percent of the reference below each score, ties half.

    Examples
    --------
    >>> percent_below(np.array([1.0, 2.0, 2.0, 3.0]), np.array([0.0, 2.0, 9.0])).tolist()
    [0.0, 50.0, 100.0]
    """
    known = np.sort(reference[np.isfinite(reference)])
    below, upto = (np.searchsorted(known, scores, side) for side in ("left", "right"))
    found = 50.0 * (below + upto) / max(len(known), 1)
    return np.asarray(np.where(np.isfinite(scores), found, np.nan))
