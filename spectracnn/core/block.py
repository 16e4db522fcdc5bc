"""Spectra of one file and one length as arrays: none is an object before it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from spectracnn.core.columns import Repeated, at_rows
from spectracnn.core.spectrum import NORMALISED_BY, Spectrum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_NOTHING: Mapping[str, str] = MappingProxyType({})
_SIZES = ("area", "volume")


class SpectraBlock(Sequence[Spectrum]):
    """Spectra of one length, and what stands beside them.

    A sequence of `Spectrum`, each made when it is asked for; what handles very many reads the
    arrays instead. None of these spectra has notes.

    Parameters
    ----------
    values : ndarray, shape (n, m), float64
        Read-only and C-ordered, with a finite number in each row, of which a spectrum is a view.
    columns : mapping of str to sequence
        The fields of `Spectrum` but values, metadata and notes, n values each; areas and volumes
        in arrays, NaN for None.
    metadata : sequence of mapping
        Of each spectrum.
    about : iterable of str
        Which keys metadata may have.
    """

    __slots__ = ("_ascending", "_columns", "_metadata", "about", "values")

    def __init__(
        self,
        values: NDArray[np.float64],
        columns: Mapping[str, Sequence[Any] | NDArray[Any]],
        metadata: Sequence[Mapping[str, str]],
        about: frozenset[str] = frozenset(),
    ) -> None:
        self.values = values
        self._columns = columns
        self._metadata = metadata
        self.about = about
        self._ascending: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, row: int) -> Spectrum: ...
    @overload
    def __getitem__(self, row: slice) -> SpectraBlock: ...
    def __getitem__(self, row: int | slice) -> Spectrum | SpectraBlock:
        if isinstance(row, slice):
            columns = {name: column[row] for name, column in self._columns.items()}
            return SpectraBlock(self.values[row], columns, self._metadata[row], self.about)
        fields = {name: column[row] for name, column in self._columns.items()}
        return _made(self.values[row], self._metadata[row], fields)

    def __iter__(self) -> Iterator[Spectrum]:
        names = tuple(self._columns)
        columns = [self._whole(name) for name in names]
        for values, about, *fields in zip(self.values, self._metadata, *columns, strict=True):
            yield _made(values, about, dict(zip(names, fields, strict=True)))

    def _whole(self, name: str) -> Sequence[Any]:
        column = self._columns[name]
        found: Sequence[Any] = column.tolist() if isinstance(column, np.ndarray) else column
        return found

    def take(self, rows: NDArray[np.int64]) -> SpectraBlock:
        """Return some of the spectra.

        Parameters
        ----------
        rows : ndarray, shape (k,), int64
            Which, ascending.
        """
        if len(rows) == len(self):
            return self
        values = self.values[rows]
        values.flags.writeable = False
        columns = {name: at_rows(column, rows) for name, column in self._columns.items()}
        return SpectraBlock(values, columns, at_rows(self._metadata, rows), self.about)

    def column(self, name: str) -> Sequence[Any]:
        """Return a field of all spectra: a list, or a `Repeated` value."""
        column = self._columns[name]
        return column if isinstance(column, (list, Repeated)) else list(column)

    def sizes(self, name: str) -> NDArray[np.float64]:
        """Return the areas or volumes, shape (n,), NaN where there is none."""
        column = self._columns[name]
        if isinstance(column, np.ndarray):
            return column
        return np.array([np.nan if size is None else size for size in column], np.float64)

    @property
    def ascending(self) -> NDArray[np.bool_]:
        """Which rows are finite, begin with no negative number and never go back, shape (n,)."""
        if self._ascending is None:
            self._ascending = ascending_rows(self.values)
        return self._ascending

    @property
    def as_computed(self) -> bool:
        """Whether no file says that its values are normalised already."""
        return NORMALISED_BY not in self.about


def _made(
    values: NDArray[np.float64], metadata: Mapping[str, str], fields: dict[str, Any]
) -> Spectrum:
    """Make a spectrum; what `Spectrum` would find out of each row again is known of all."""
    spectrum = object.__new__(Spectrum)
    own = MappingProxyType(dict(metadata)) if metadata else _NOTHING
    spectrum.__dict__.update({"eigenvalues": values, "metadata": own, "notes": ()}, **fields)
    for name in _SIZES:
        size = spectrum.__dict__[name]
        if size is not None:
            spectrum.__dict__[name] = None if size != size else float(size)
    return spectrum


def ascending_rows(rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which rows are finite, begin with no negative number and never go back.

    Parameters
    ----------
    rows : ndarray, shape (n, m), float64
        m must not be 0.
    """
    found = (rows[:, 1:] >= rows[:, :-1]).all(axis=1)  # false where one is not a number
    return np.asarray(found & (rows[:, 0] >= 0) & np.isfinite(rows[:, -1]))


def picked(spectra: Sequence[Spectrum], positions: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return some eigenvalues of each spectrum, shape (n, k).

    Parameters
    ----------
    spectra : sequence of Spectrum
        n of them.
    positions : ndarray, shape (n, k), int64
        Which of each.
    """
    if not isinstance(spectra, SpectraBlock):
        pairs = zip(spectra, positions, strict=True)
        return np.stack([spectrum.eigenvalues[place] for spectrum, place in pairs])
    first = positions[0]
    if not (positions == first).all():
        return np.take_along_axis(spectra.values, positions, axis=1)
    if (np.diff(first) == 1).all():
        return spectra.values[:, first[0] : first[-1] + 1]
    return spectra.values[:, first]


def padded(spectra: Sequence[Spectrum]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return all eigenvalues, NaN behind shorter ones, shape (n, longest); and how many of each."""
    if isinstance(spectra, SpectraBlock):
        return spectra.values, np.full(len(spectra), spectra.values.shape[1], np.int64)
    lengths = np.array([len(spectrum) for spectrum in spectra], np.int64)
    table = np.full((len(spectra), int(lengths.max(initial=0))), np.nan)
    for row, spectrum in zip(table, spectra, strict=True):
        row[: len(spectrum)] = spectrum.eigenvalues
    return table, lengths


def column_of(spectra: Sequence[Spectrum], name: str) -> Sequence[Any]:
    """Return a field of all spectra: a list, or a `Repeated` value."""
    if isinstance(spectra, SpectraBlock):
        return spectra.column(name)
    return [getattr(spectrum, name) for spectrum in spectra]
