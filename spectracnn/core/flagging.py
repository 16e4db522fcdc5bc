"""Oddities of many spectra at once, to the last bit those of each alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.plausible import (
    FEW,
    SignedRows,
    doubtful_rows,
    remember,
    why_no_spectrum,
)
from spectracnn.core.rows import row_zeros
from spectracnn.core.spectrum import NORMALISED_BY, Flags, Normalisation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum

_known: dict[Flags, Flags] = {}
"""Equal flags are one object: tens of thousands of spectra have few kinds of them."""
_MOST_KNOWN = 4096


def flag_together(spectra: Sequence[Spectrum]) -> None:
    """Find the flags of spectra, and why they are none, and keep both with them.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Of any lengths; those of one length are looked at together.
    """
    by_length: dict[int, list[Spectrum]] = defaultdict(list)
    for spectrum in spectra:
        by_length[len(spectrum)].append(spectrum)
    for length, alike in by_length.items():
        values = np.stack([spectrum.eigenvalues for spectrum in alike])
        plain = np.isfinite(values).all(axis=1) & (length >= FEW)
        if plain.any():
            _flag_rows([alike[row] for row in np.flatnonzero(plain)], values[plain])
        for row in np.flatnonzero(~plain):
            spectrum = alike[row]
            spectrum.__dict__["flags"] = shared(spectrum.flags)
            why_no_spectrum(spectrum)


def shared(flags: Flags) -> Flags:
    """Return the one object that stands for these flags."""
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    return _known.setdefault(flags, flags)


def _flag_rows(spectra: Sequence[Spectrum], values: NDArray[np.float64]) -> None:
    """Flag rows of finite values, at least eight of them in each."""
    rows = SignedRows.of(values)
    back = rows.signed[:, 1:] < rows.signed[:, :-1] - rows.tolerance
    unsorted: NDArray[np.bool_] = np.asarray(back.any(axis=1))
    zeros: NDArray[np.int64] = row_zeros(values).sum(axis=1)
    doubtful = doubtful_rows(rows)
    for row, spectrum in enumerate(spectra):
        by_index = "index" in spectrum.metadata.get(NORMALISED_BY, "")
        spectrum.__dict__["flags"] = shared(
            Flags(
                n_zeros=int(zeros[row]),
                negative_sign=bool(rows.negative[row]),
                unsorted=bool(unsorted[row]) and not by_index,
                n_nan=0,
                normalisation=Normalisation(spectrum.normalisation),
                n_infinite=0,
                noted=bool(spectrum.notes),
            )
        )
        if doubtful[row]:
            why_no_spectrum(spectrum)
        else:
            remember(spectrum, "")
