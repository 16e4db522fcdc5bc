"""Whether numbers can be a Laplace-Beltrami spectrum at all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.block import SpectraBlock, ascending_rows
from spectracnn.core.rows import row_tolerances
from spectracnn.core.spectrum import Normalisation, has_negative_sign, zero_tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum

FEW = 8
"""Of fewer values nothing is said but that they are all equal."""

DISORDER = 0.2
BELOW = 0.1
"""Shares of steps that go back, and of values of the other sign, from which on it is none."""

_KEPT = "why_none"
"""Where the reason is kept with a spectrum, as its flags are."""


def why_no_spectrum(spectrum: Spectrum) -> str:
    """Return why these numbers are no spectrum, by a wide margin; empty where they may be one.

    A spectrum is a sequence of numbers of one sign that ascends, or descends where a solver
    returned it so. Eigenvectors, embeddings, parcel numbers, norms and other quantities do not.
    Small disorder, as rounding or a missing sort make it, is no reason, and neither is the order of
    values that the file says are normalised.

    Parameters
    ----------
    spectrum : Spectrum
        As read.

    Returns
    -------
    str
        The end of a sentence that begins with "This is not a spectrum:".
    """
    found: str | None = spectrum.__dict__.get(_KEPT)
    if found is None:
        found = _reason(spectrum)
        remember(spectrum, found)
    return found


def remember(spectrum: Spectrum, reason: str) -> None:
    """Keep with a spectrum why it is none, empty where it may be one."""
    spectrum.__dict__[_KEPT] = reason


def why_no_spectra(spectra: Sequence[Spectrum]) -> list[str]:
    """Return `why_no_spectrum` of each; most are plainly spectra, which is seen of many at once.

    Parameters
    ----------
    spectra : sequence of Spectrum
        As read.
    """
    reasons = [""] * len(spectra)
    if isinstance(spectra, SpectraBlock):
        for place in _doubtful_of(spectra.values, spectra.ascending).tolist():
            reasons[place] = why_no_spectrum(spectra[place])
        return reasons
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, spectrum in enumerate(spectra):
        known = spectrum.__dict__.get(_KEPT)
        if known is not None:  # then its values need not be read from the disk
            reasons[place] = known
        else:
            by_length[spectrum.eigenvalues.size].append(place)
    for length, places in by_length.items():
        plain = np.zeros(len(places), bool)
        if length >= FEW:
            values = np.stack([spectra[place].eigenvalues for place in places])
            plain[:] = True
            plain[_doubtful_of(values, ascending_rows(values))] = False
        for place, known in zip(places, plain.tolist(), strict=True):
            if known:
                remember(spectra[place], "")
            else:
                reasons[place] = why_no_spectrum(spectra[place])
    return reasons


def _doubtful_of(values: NDArray[np.float64], ascending: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return which rows must be looked at alone; nearly all ascend, which is seen at once."""
    if values.shape[1] < FEW:
        return np.arange(len(values))
    with np.errstate(invalid="ignore"):
        plain = ascending & (values[:, -1] - values[:, 0] > 1e-12 * np.abs(values[:, -1]))
        plain &= values[:, 1] - values[:, 0] != 1  # those that count begin with a step of one
    left = np.flatnonzero(~plain)
    whole = np.isfinite(values[left]).all(axis=1)
    doubtful: NDArray[np.bool_] = np.asarray(~whole)
    if whole.any():
        doubtful[whole] = doubtful_rows(SignedRows.of(values[left[whole]]))
    return left[doubtful]


@dataclass(frozen=True, eq=False)
class SignedRows:
    """Many spectra of one length, turned to the operator's sign.

    Parameters
    ----------
    values, signed : ndarray, shape (m, n)
        As they are, all finite; and with positive eigenvalues.
    tolerance : ndarray, shape (m, 1)
        Below which an eigenvalue counts as zero.
    negative : ndarray, shape (m,), bool
        Which are of the other sign.
    """

    values: NDArray[np.float64]
    signed: NDArray[np.float64]
    tolerance: NDArray[np.float64]
    negative: NDArray[np.bool_]

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> SignedRows:
        """Turn rows of finite values."""
        tolerance = row_tolerances(values)
        low, high = (values < -tolerance).sum(axis=1), (values > tolerance).sum(axis=1)
        negative: NDArray[np.bool_] = np.asarray(low > high)
        signed = np.where(negative[:, None], -values, values)
        return cls(values, signed, tolerance, negative)


def doubtful_rows(rows: SignedRows) -> NDArray[np.bool_]:
    """Return which rows, of at least `FEW` values, must be looked at alone.

    These may be no spectrum; what a file says of one, such as that it is normalised, is not looked
    at here.
    """
    values, signed = rows.values, rows.signed
    tops = np.abs(values).max(axis=1)
    equal = np.ptp(values, axis=1) <= 1e-12 * np.maximum(tops, 1e-300)
    below = (signed < -10 * rows.tolerance).mean(axis=1) > BELOW
    counts = np.isin(values[:, 0], (0.0, 1.0)) & (np.diff(values, axis=1) == 1.0).all(axis=1)
    steps, noise = np.diff(signed, axis=1), 1e-9 * tops[:, None]
    share = np.minimum((steps < -noise).mean(axis=1), (steps > noise).mean(axis=1))
    found: NDArray[np.bool_] = equal | below | counts | (share > DISORDER)
    return found


def _reason(spectrum: Spectrum) -> str:
    values = spectrum.eigenvalues[np.isfinite(spectrum.eigenvalues)]
    if values.size < 3:
        return ""
    if np.ptp(values) <= 1e-12 * max(float(np.abs(values).max()), 1e-300):
        return f"all {values.size} values are {values[0]:.4g}"
    if values.size < FEW:
        return ""
    signed = -values if has_negative_sign(values) else values
    tolerance = zero_tolerance(values)
    below = float(np.mean(signed < -10 * tolerance))
    if below > BELOW:
        return f"{100 * below:.0f} % of the values have the other sign"
    if spectrum.normalisation is Normalisation.NORMALISED:
        return ""
    if _counts(values):
        return "the values count 1, 2, 3 and so on"
    steps = np.diff(signed)
    noise = 1e-9 * float(np.abs(values).max())
    share = min(float(np.mean(steps < -noise)), float(np.mean(steps > noise)))
    if share > DISORDER:
        return f"the values neither ascend nor descend ({100 * share:.0f} % of the steps go back)"
    return ""


def _counts(values: NDArray[np.float64]) -> bool:
    """Return whether these are row numbers or parcel indices: steps of exactly one from 0 or 1.

    Any other ramp is left to its typicality: it could be measured, if on no shape we know.
    """
    first = float(values[0])
    return first in (0.0, 1.0) and bool(np.array_equal(values, first + np.arange(values.size)))
