"""Many spectra of one length on their way to a model's input together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.block import SpectraBlock
from spectracnn.core.spectrum import NORMALISED_BY, RELATIVE_ZERO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.spectrum import Spectrum


@dataclass(eq=False, slots=True)
class Rows:
    """What :class:`~spectracnn.core.working.Working` is for one spectrum, for m alike ones.

    Each operation does to a row exactly what the step does to a single spectrum, in the same order,
    so that the results are equal to the last bit. A row for which a step would do anything else
    (refuse it, put it in order) is left out; whoever asked takes those spectra one by one, which
    also finds the sentence of the refusal.

    Parameters
    ----------
    at : ndarray, shape (m,), int64
        Which spectra of those given the rows are.
    values : ndarray, shape (m, n), float64
        The values so far; all finite.
    mode, positions : ndarray, shape (n,), int64
        As in ``Working``, the same for all rows.
    area, volume : ndarray, shape (m,), float64
        As in the files; NaN for None.
    ascending : bool
        Whether it is known that no row goes back or has a negative value.
    """

    at: NDArray[np.int64]
    values: NDArray[np.float64]
    mode: NDArray[np.int64]
    positions: NDArray[np.int64]
    area: NDArray[np.float64]
    volume: NDArray[np.float64]
    ascending: bool = False

    def having(
        self,
        values: NDArray[np.float64],
        mode: NDArray[np.int64] | None = None,
        positions: NDArray[np.int64] | None = None,
    ) -> Rows:
        """Return the rows with other values, and other numbers where they are given."""
        return Rows(
            self.at,
            values,
            self.mode if mode is None else mode,
            self.positions if positions is None else positions,
            self.area,
            self.volume,
        )

    def where(self, chosen: NDArray[np.bool_] | np.bool_) -> Rows:
        """Return some of the rows.

        Parameters
        ----------
        chosen : ndarray, shape (m,), bool
            Which.
        """
        if chosen.all():
            return self
        return Rows(
            self.at[chosen],
            self.values[chosen],
            self.mode,
            self.positions,
            self.area[chosen],
            self.volume[chosen],
            self.ascending,
        )

    def zeros(self) -> NDArray[np.bool_]:
        """Return which values count as zero, as :func:`row_zeros` does."""
        if not self.ascending:
            return row_zeros(self.values)
        limits = self.values[:, -1:] * RELATIVE_ZERO / self.values.shape[1]
        found = np.zeros(self.values.shape, bool)
        for place in range(self.values.shape[1]):  # most have one zero or none
            column = self.values[:, place]
            found[:, place] = (column < limits[:, 0]) | (column == 0)
            if not found[:, place].any():
                break
        return found

    def positive(self) -> Rows:
        """Return the rows whose values all have a logarithm."""
        return self.where((self.values > 0).all(axis=1))

    def parted(self, masks: NDArray[np.bool_]) -> list[tuple[Rows, NDArray[np.bool_]]]:
        """Part the rows by a mask of their values.

        Parameters
        ----------
        masks : ndarray, shape (m, n), bool
            One a row.

        Returns
        -------
        list of (Rows, ndarray of shape (n,))
            Rows of one mask, and the mask.
        """
        parts: list[tuple[Rows, NDArray[np.bool_]]] = []
        left = np.arange(len(masks))
        while left.size:  # there are few kinds: mostly one or two zeros at the front
            mask = masks[left[0]]
            same = (masks[left] == mask).all(axis=1)
            chosen = np.zeros(len(masks), bool)
            chosen[left[same]] = True
            parts.append((self.where(chosen), mask))
            left = left[~same]
        return parts


def chosen_columns(values: NDArray[np.float64], keep: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return some columns of a table; neighbours without copying them.

    Parameters
    ----------
    values : ndarray, shape (m, n)
        A table.
    keep : ndarray, shape (n,), bool
        Which columns.
    """
    places = np.flatnonzero(keep)
    if not places.size:
        return values[:, :0]
    first, last = int(places[0]), int(places[-1])
    return values[:, first : last + 1] if last - first + 1 == places.size else values[:, places]


def row_tolerances(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return :func:`~spectracnn.core.spectrum.zero_tolerance` of each row of finite values.

    Parameters
    ----------
    values : ndarray, shape (m, n)
        n must not be 0.

    Returns
    -------
    ndarray, shape (m, 1)
        In the units of the eigenvalues.
    """
    tops = np.abs(values).max(axis=1, keepdims=True)
    tolerances: NDArray[np.float64] = RELATIVE_ZERO * tops / values.shape[1]
    return tolerances


def row_zeros(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return :func:`~spectracnn.core.spectrum.are_zeros` of each row of finite values.

    Parameters
    ----------
    values : ndarray, shape (m, n)
        n must not be 0.

    Returns
    -------
    ndarray, shape (m, n), bool
        True where an eigenvalue counts as zero.
    """
    zeros: NDArray[np.bool_] = (np.abs(values) < row_tolerances(values)) | (values == 0)
    return zeros


def start_rows(spectra: Sequence[Spectrum]) -> list[Rows]:
    """Gather spectra of the same length that do, or do not, hold the zero eigenvalue.

    Parameters
    ----------
    spectra : sequence of Spectrum
        Those with values that are not finite are left out.
    """
    if isinstance(spectra, SpectraBlock) and spectra.as_computed and len(spectra):
        values, indices = spectra.values, np.arange(spectra.values.shape[1], dtype=np.int64)
        sizes = spectra.sizes("area"), spectra.sizes("volume")
        rows = Rows(np.arange(len(spectra), dtype=np.int64), values, indices, indices, *sizes)
        if spectra.ascending.all():
            rows.ascending = True
            return _numbered(rows)
        return _numbered(rows.where(np.isfinite(values).all(axis=1)))
    by_length: defaultdict[int, list[int]] = defaultdict(list)
    for place, spectrum in enumerate(spectra):
        if NORMALISED_BY in spectrum.metadata:
            continue  # what was done is undone one by one
        by_length[spectrum.eigenvalues.size].append(place)
    found = []
    for length, places in by_length.items():
        members = [spectra[place] for place in places]
        values = np.stack([member.eigenvalues for member in members])
        indices = np.arange(length, dtype=np.int64)
        rows = Rows(
            np.array(places, np.int64),
            values,
            indices,
            indices,
            _sizes([member.area for member in members]),
            _sizes([member.volume for member in members]),
        ).where(np.isfinite(values).all(axis=1))
        found += _numbered(rows)
    return found


def _numbered(rows: Rows) -> list[Rows]:
    """Give the values their numbers in Weyl's law, as ``Working.start`` does."""
    keeps_zero = rows.zeros().any(axis=1)
    indices = rows.positions
    parts = ((keeps_zero, indices), (~keeps_zero, indices + 1))
    found = []
    for chosen, mode in parts:
        part = rows.where(chosen) if chosen.any() else None
        if part is not None:
            numbered = part.having(part.values, mode)
            numbered.ascending = part.ascending
            found.append(numbered)
    return found


def _sizes(sizes: Sequence[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if size is None else size for size in sizes], np.float64)
