"""One Laplace-Beltrami spectrum, exactly as its file holds it."""

from __future__ import annotations

import math
from collections.abc import Mapping  # noqa: TC003  (a dataclass field)
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path  # noqa: TC003  (a dataclass field)
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.errors import SpectrumError
from spectracnn.printable import printable

if TYPE_CHECKING:
    from numpy.typing import NDArray

NORMALISED_BY = "normalised_by"
"""Key of the metadata that say what was done to a spectrum that its file holds normalised."""

SITE = "site"
"""Key of the metadata that say where a spectrum was measured."""

RELATIVE_ZERO = 1e-3
"""An eigenvalue is a zero when it is 0 or ``|lambda| < RELATIVE_ZERO * max|lambda| / n``."""


CUT_OFF = "The list of eigenvalues is cut off"
"""How the remark begins about a file that ends within its list: values are missing."""


class Kind(StrEnum):
    """What the operator was defined on."""

    SURFACE = "surface"
    SOLID = "solid"
    UNKNOWN = "unknown"


class Normalisation(StrEnum):
    """Whether the file's values are known to be raw, known to be normalised, or neither."""

    RAW = "raw"
    NORMALISED = "normalised"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Flags:
    """Oddities of a spectrum that a person should see before trusting it."""

    n_zeros: int
    negative_sign: bool
    unsorted: bool
    n_nan: int
    normalisation: Normalisation
    n_infinite: int = 0
    noted: bool = False

    def names(self) -> list[str]:
        """Return the oddities as short stable words, for the command line and for badges."""
        words = []
        if self.negative_sign:
            words.append("negative-sign")
        if self.unsorted:
            words.append("unsorted")
        if self.n_nan:
            words.append("nan")
        if self.n_infinite:
            words.append("infinite")
        if self.n_zeros == 0:
            words.append("no-zero")
        elif self.n_zeros > 1:
            words.append("several-zeros")
        if self.normalisation is Normalisation.NORMALISED:
            words.append("normalised")
        elif self.normalisation is Normalisation.UNKNOWN:
            words.append("normalisation-unknown")
        if self.noted:
            words.append("noted")
        return words


@dataclass(frozen=True, eq=False)
class Spectrum:
    """One Laplace-Beltrami spectrum; values are never altered on reading.

    Parameters
    ----------
    name : str
        What to call it: from the file, else the file's stem.
    eigenvalues : array_like, shape (n,)
        Stored as read-only float64, in the file's order; units 1/(mesh length unit)**2.
    kind : Kind
        Surface, solid or unknown.
    area : float or None
        Surface area in (mesh length unit)**2.
    volume : float or None
        Volume in (mesh length unit)**3.
    source : Path or None
        The file; None for pasted numbers.
    key : str
        Which array, column or row of the file; empty when the file holds one spectrum.
    metadata : mapping of str to str
        Everything else the file says.
    normalisation : Normalisation
        What is known of earlier normalisation.
    notes : tuple of str
        Remarks of the reader, such as a count that disagrees with the header. Each is a badge.
    subject : str
        Whose shape it is, where the file says so; spectra of one subject (and one file, where
        files do not say) are companions. Empty when unknown.
    structure : str
        Which part of the subject, such as ``Left-Caudate``. Empty when unknown.

    Raises
    ------
    SpectrumError
        If the values are not one-dimensional or none is finite.
    """

    name: str
    eigenvalues: NDArray[np.float64]
    kind: Kind = Kind.UNKNOWN
    area: float | None = None
    volume: float | None = None
    source: Path | None = None
    key: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    normalisation: Normalisation = Normalisation.UNKNOWN
    notes: tuple[str, ...] = ()
    subject: str = ""
    structure: str = ""

    def __post_init__(self) -> None:
        values = frozen_array(self.eigenvalues, np.float64)
        if values.ndim != 1:
            raise SpectrumError(
                f"{self.name}: a spectrum is one row of numbers; found shape {values.shape}."
            )
        if not np.isfinite(values).any():
            raise SpectrumError(f"{self.name}: a spectrum needs at least one finite eigenvalue.")
        object.__setattr__(self, "eigenvalues", values)
        object.__setattr__(self, "metadata", MappingProxyType(dict(self.metadata)))
        if self.notes:
            object.__setattr__(self, "notes", tuple(map(printable, self.notes)))

    def __len__(self) -> int:
        return int(self.eigenvalues.size)

    def __getstate__(self) -> dict[str, Any]:
        # What was computed of it, such as the flags, stays behind.
        state = {key: value for key, value in self.__dict__.items() if key in _FIELDS}
        return {**state, "metadata": dict(self.metadata)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        values = state["eigenvalues"]
        values.flags.writeable = False
        self.__dict__.update({**state, "metadata": MappingProxyType(state["metadata"])})

    @property
    def held_bytes(self) -> int:
        """How much memory its values take."""
        return int(self.eigenvalues.nbytes)

    @property
    def cut_off(self) -> str:
        """The remark that the file ends within its list; empty if it does not.

        It stands beside whatever is said of such a spectrum, because values are missing.
        """
        return next((note for note in self.notes if note.startswith(CUT_OFF)), "")

    @cached_property
    def flags(self) -> Flags:
        """Oddities, computed from the values as they stand."""
        values = self.eigenvalues
        finite = values[np.isfinite(values)]
        negative = has_negative_sign(finite)
        ordered = -finite if negative else finite
        tolerance = zero_tolerance(finite)
        return Flags(
            n_zeros=int(np.count_nonzero(are_zeros(finite))),
            negative_sign=negative,
            # Values that were divided by their index are about equal, in no order.
            unsorted="index" not in self.metadata.get(NORMALISED_BY, "")
            and bool((ordered[1:] < ordered[:-1] - tolerance).any()),
            n_nan=int(np.count_nonzero(np.isnan(values))),
            normalisation=self.normalisation,
            n_infinite=int(np.count_nonzero(np.isinf(values))),
            noted=bool(self.notes),
        )


_FIELDS = frozenset(Spectrum.__dataclass_fields__)


def zero_tolerance(eigenvalues: NDArray[np.float64]) -> float:
    """Return the magnitude below which an eigenvalue counts as zero.

    Solvers return zeros as numbers of either sign whose size follows the mesh's units, so the
    test must be relative: ``1e-3 * max|lambda| / n``, a thousandth of the mean spacing.

    Parameters
    ----------
    eigenvalues : ndarray, shape (n,)
        Any order and sign; values that are not finite are ignored.

    Returns
    -------
    float
        In the units of the eigenvalues.
    """
    if eigenvalues.size == 0:
        return 0.0
    top = float(np.abs(eigenvalues).max())
    if not math.isfinite(top):  # the rare case; looking at each value always would cost more
        return zero_tolerance(eigenvalues[np.isfinite(eigenvalues)])
    return RELATIVE_ZERO * top / eigenvalues.size


def are_zeros(eigenvalues: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which eigenvalues count as zero, by :func:`zero_tolerance`.

    Parameters
    ----------
    eigenvalues : ndarray, shape (n,)
        Any order and sign.

    Returns
    -------
    ndarray, shape (n,), bool
        False where a value is not finite.
    """
    magnitude = np.abs(eigenvalues)
    # A spectrum of nothing but zeros has no spacing to compare with.
    zeros: NDArray[np.bool_] = (magnitude < zero_tolerance(eigenvalues)) | (magnitude == 0)
    return zeros


def has_negative_sign(eigenvalues: NDArray[np.float64]) -> bool:
    """Tell whether the spectrum is of the operator's other sign: its nonzero part is negative."""
    tolerance = zero_tolerance(eigenvalues)
    negative = np.count_nonzero((eigenvalues < -tolerance) & (eigenvalues > -np.inf))
    return bool(negative > np.count_nonzero((eigenvalues > tolerance) & (eigenvalues < np.inf)))
