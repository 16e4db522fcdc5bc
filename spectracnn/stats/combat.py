"""ComBat: what differs between sites is learnt and taken out; by neuroHarmonize.

References
----------
.. [1] Johnson, Li & Rabinovic (2007), Biostatistics 8(1), 118-127.
.. [2] Fortin et al. (2018), NeuroImage 167, 104-120.
.. [3] Pomponio et al. (2020), NeuroImage 208, 116450 (neuroHarmonize).
"""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.naming import listed
from spectracnn.errors import StudyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Harmoniser:
    """What was learnt of some sites; applied to others of the same sites.

    Parameters
    ----------
    model : dict
        neuroHarmonize's.
    varying : ndarray, shape (p,), bool
        Which features have spread; the others are left as they are.
    sites : tuple of str
        Those that it knows.
    """

    model: Any
    varying: NDArray[np.bool_]
    sites: tuple[str, ...]

    def apply(
        self,
        values: NDArray[np.float64],
        site: NDArray[np.object_],
        keep: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Return values without the differences between sites.

        Parameters
        ----------
        values : ndarray, shape (n, p)
            Features.
        site : ndarray, shape (n,)
            Names of sites.
        keep : ndarray, shape (n, k), optional
            The same variables as in learning.

        Raises
        ------
        StudyError
            If a site was not there when it was learnt.
        """
        unknown = sorted(set(map(str, site)) - set(self.sites))
        if unknown:
            raise StudyError(
                f"Site {listed(unknown)} was not there when ComBat was fitted, only "
                f"{listed(self.sites)}."
            )
        result = values.copy()
        with _quiet():
            from neuroHarmonize import harmonizationApply

            result[:, self.varying] = harmonizationApply(
                values[:, self.varying], _frame(site, keep), self.model
            )
        return result

    def affine(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what is done to the values of each site, where no variables are kept.

        Then the harmonised value is ``factor * value + offset``, exactly.

        Returns
        -------
        factor, offset : ndarray, shape (sites, p)
            In the order of `sites`; 1 and 0 for features without spread.
        """
        model = self.model
        factor = np.ones((len(self.sites), len(self.varying)))
        offset = np.zeros_like(factor)
        level = np.asarray(model["stand_mean"], np.float64)[:, 0]
        spread = np.sqrt(np.asarray(model["var_pooled"], np.float64)[:, 0])
        shift = np.asarray(model["gamma_star"], np.float64) * spread
        slope = 1 / np.sqrt(np.asarray(model["delta_star"], np.float64))
        factor[:, self.varying] = slope
        offset[:, self.varying] = level - slope * (level + shift)
        return factor, offset


def fit(
    values: NDArray[np.float64],
    site: NDArray[np.object_],
    keep: NDArray[np.float64] | None = None,
) -> tuple[Harmoniser, NDArray[np.float64]]:
    """Learn the sites, and return the same values without their differences.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        Features.
    site : ndarray, shape (n,)
        Names of sites.
    keep : ndarray, shape (n, k), optional
        Variables whose effect must stay, such as the group and the age.

    Raises
    ------
    StudyError
        If there is only one site, or a site of one.
    """
    names, counts = np.unique(site.astype(str), return_counts=True)
    if len(names) < 2:
        raise StudyError(f"ComBat needs two sites or more; found only '{names[0]}'.")
    small = [str(name) for name, count in zip(names, counts, strict=True) if count < 2]
    if small:
        raise StudyError(
            f"ComBat needs two or more of each site; found one of {listed(small)}. Leave it out."
        )
    varying = np.ptp(values, axis=0) > 0
    for name in names:  # a feature without spread at one site has no scale there
        varying &= np.ptp(values[site.astype(str) == name], axis=0) > 0
    result = values.copy()
    with _quiet():
        from neuroHarmonize import harmonizationLearn

        model, found = harmonizationLearn(values[:, varying], _frame(site, keep), seed=0)
    result[:, varying] = found
    return Harmoniser(model, varying, tuple(map(str, names))), result


def _frame(site: NDArray[np.object_], keep: NDArray[np.float64] | None) -> Any:
    import pandas as pd

    columns: dict[str, Any] = {"SITE": site.astype(str)}
    if keep is not None:
        columns |= {f"keep{place}": keep[:, place] for place in range(keep.shape[1])}
    return pd.DataFrame(columns)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the package prints and warns of from the output of a command."""
    with redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
