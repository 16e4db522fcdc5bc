"""The step that takes out what differs between sites, as it was fitted to the training spectra."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.spectrum import SITE
from spectracnn.core.step import Step
from spectracnn.errors import PreprocessingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum
    from spectracnn.core.working import Working


@dataclass(frozen=True, eq=False)
class HarmoniseSites(Step):
    """Bring the values of each site to the common level and spread, as ComBat found them.

    Without covariates ComBat [1]_ is one multiplication and one addition for each site and value,
    ``factor * value + offset``; both were fitted to the training spectra, and stay as they are for
    new ones. A spectrum whose site is not among them, or not known, stays as it is.

    Parameters
    ----------
    sites : tuple of str
        The sites of the training spectra.
    factor, offset : ndarray, shape (sites, n), float64
        For each site and each of the n values that are left at this step.
    column : str
        The column of the participants' table that named the sites.

    References
    ----------
    .. [1] Johnson, Li & Rabinovic (2007), Biostatistics 8(1), 118-127.
    """

    name: ClassVar[str] = "harmonise_sites"
    label: ClassVar[str] = "sites harmonised (ComBat)"
    typed: ClassVar[bool] = False
    sites: tuple[str, ...] = ()
    factor: Any = ()
    offset: Any = ()
    column: str = SITE

    def __post_init__(self) -> None:
        names = self.sites
        if (
            not isinstance(names, list | tuple)
            or not names
            or not all(isinstance(name, str) for name in names)
            or len(set(names)) != len(names)
        ):
            raise PreprocessingError("Step 'harmonise_sites' needs a list of different sites.")
        object.__setattr__(self, "sites", tuple(names))
        for item in ("factor", "offset"):
            try:
                values = frozen_array(getattr(self, item), np.float64)
            except (TypeError, ValueError, OverflowError) as error:
                raise PreprocessingError(
                    f"Step 'harmonise_sites' needs a row of numbers for each site as {item}."
                ) from error
            if values.ndim != 2 or len(values) != len(names) or not np.isfinite(values).all():
                raise PreprocessingError(
                    f"Step 'harmonise_sites' needs a row of finite numbers for each of its "
                    f"{len(names)} sites as {item}."
                )
            object.__setattr__(self, item, values)
        if self.factor.shape != self.offset.shape or not (self.factor > 0).all():
            raise PreprocessingError(
                "Step 'harmonise_sites' needs positive factors, as many as offsets."
            )
        if not isinstance(self.column, str):
            raise PreprocessingError("Step 'harmonise_sites' needs the name of a column.")

    def to_json(self) -> dict[str, Any]:
        return {
            "step": self.name,
            "sites": list(self.sites),
            "factor": self.factor.tolist(),
            "offset": self.offset.tolist(),
            "column": self.column,
        }

    def apply(self, working: Working) -> Working:
        if self.factor.shape[1] != working.values.size:
            raise PreprocessingError(
                f"{working.name}: step 'harmonise_sites' was fitted to {self.factor.shape[1]} "
                f"values; {working.values.size} are left at this step."
            )
        if working.site not in self.sites:
            return working
        place = self.sites.index(working.site)
        return working.having(self.factor[place] * working.values + self.offset[place])

    def apply_all(self, values: NDArray[Any], sites: NDArray[Any]) -> NDArray[np.float64]:
        """Return many spectra after this step.

        Parameters
        ----------
        values : ndarray, shape (m, n)
            What is left of each at this step.
        sites : ndarray, shape (m,)
            Where each was measured.

        Raises
        ------
        PreprocessingError
            If a site is not among those that were fitted.
        """
        place = {name: number for number, name in enumerate(self.sites)}
        unknown = sorted({str(name) for name in sites} - place.keys())
        if unknown:
            raise PreprocessingError(
                f"Site '{unknown[0]}' was not there when ComBat was fitted, only "
                f"{', '.join(self.sites)}."
            )
        rows = np.array([place[str(name)] for name in sites], np.int64)
        found: NDArray[np.float64] = self.factor[rows] * values + self.offset[rows]
        return found


def with_site(spectrum: Spectrum, site: str) -> Spectrum:
    """Return a spectrum with the site where it was measured; itself if that is not known."""
    if not site:
        return spectrum
    return replace(spectrum, metadata={**spectrum.metadata, SITE: site})


def site_words(step: HarmoniseSites) -> str:
    """Return what a person must know who reads new spectra with such a network."""
    return (
        f"The network learned from spectra whose sites ({', '.join(step.sites)}) were harmonised "
        f"by ComBat; a new spectrum is harmonised where its site is known, from the column "
        f"'{step.column}' of a table of participants, and read as it is elsewhere."
    )
