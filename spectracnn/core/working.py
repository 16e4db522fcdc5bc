"""A spectrum on its way from the file to a model's input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.spectrum import NORMALISED_BY, SITE, are_zeros
from spectracnn.errors import PreprocessingError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum


@dataclass(eq=False, slots=True)
class Working:
    """A spectrum on its way through the steps. Steps make a new one; nobody changes one.

    Parameters
    ----------
    name : str
        For error sentences.
    values : ndarray, shape (n,), float64
        The values so far.
    mode : ndarray, shape (n,), int64
        Each value's number in Weyl's law: 0 for the first zero eigenvalue, 1 for the first
        nonzero one of a connected shape, whether or not the file kept the zero.
    positions : ndarray, shape (n,), int64
        Each value's position in the file, so that a sample of the model's input can be traced back.
    area, volume : float or None
        As in the file.
    site : str
        Where it was measured; empty when unknown.
    """

    name: str
    values: NDArray[np.float64]
    mode: NDArray[np.int64]
    positions: NDArray[np.int64]
    area: float | None
    volume: float | None
    site: str = ""

    @classmethod
    def start(cls, spectrum: Spectrum) -> Working:
        """Begin with the file's own values; normalised ones as they were before."""
        values = as_computed(spectrum)
        keeps_zero = bool(are_zeros(values).any())
        indices = np.arange(values.size, dtype=np.int64)
        return cls(
            name=spectrum.name,
            values=values,
            mode=indices if keeps_zero else indices + 1,
            positions=indices,
            area=spectrum.area,
            volume=spectrum.volume,
            site=spectrum.metadata.get(SITE, ""),
        )

    def having(
        self,
        values: NDArray[np.float64],
        mode: NDArray[np.int64] | None = None,
        positions: NDArray[np.int64] | None = None,
    ) -> Working:
        """Return the spectrum with other values, and other numbers where they are given."""
        return Working(
            self.name,
            values,
            self.mode if mode is None else mode,
            self.positions if positions is None else positions,
            self.area,
            self.volume,
            self.site,
        )

    def require_positive(self, step: str) -> None:
        """Refuse values whose logarithm does not exist."""
        bad = np.flatnonzero(~(self.values > 0))
        if bad.size:
            raise PreprocessingError(
                f"{self.name}: step '{step}' needs positive eigenvalues; "
                f"value {int(bad[0])} is {self.values[bad[0]]:.6g}."
            )


def as_computed(spectrum: Spectrum) -> NDArray[np.float64]:
    """Return the eigenvalues as a solver gave them: what the file is known to have done is undone.

    Normalising twice would give numbers that look like others and mean nothing.

    Parameters
    ----------
    spectrum : Spectrum
        With ``normalised_by`` among its metadata where its values were multiplied by the area and
        divided by their index, as Mindboggle does; its zero eigenvalue is then left out.

    Raises
    ------
    PreprocessingError
        If the area by which they were multiplied is not known.
    """
    if spectrum.metadata.get(NORMALISED_BY) != "area, index":
        return spectrum.eigenvalues
    if not spectrum.area or not spectrum.area > 0:
        raise PreprocessingError(
            f"{spectrum.name}: the values are already multiplied by the area and divided by their "
            "index, and the file gives no area by which to undo it."
        )
    index = np.arange(1, spectrum.eigenvalues.size + 1)
    return np.asarray(spectrum.eigenvalues * index / spectrum.area)
