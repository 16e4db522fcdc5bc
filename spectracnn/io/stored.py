"""A spectrum whose values stay on disk until they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from spectracnn.core.flagging import flag_together
from spectracnn.core.spectrum import Spectrum

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from spectracnn.io.row_values import Read
    from spectracnn.io.slices import Slices

_OWN = ("count", "values", "row")


class HoldsRows(Protocol):
    """What has values; it crosses to another process by name."""

    def load(self, row: int, count: int) -> NDArray[np.float64]:
        """Return the values of a row."""


class StoredSpectrum(Spectrum):
    """A spectrum that knows where its values are, and everything else.

    Made by :meth:`of`. A copy with changes, as :func:`dataclasses.replace` makes it, has its values
    in memory.
    """

    count: int
    values: HoldsRows
    row: int

    @classmethod
    def of(cls, spectrum: Spectrum, values: HoldsRows, row: int) -> StoredSpectrum:
        """Return a spectrum without its values, which are in this row."""
        made: StoredSpectrum = object.__new__(cls)
        for name, value in spectrum.__dict__.items():
            if name != "eigenvalues":
                object.__setattr__(made, name, value)
        object.__setattr__(made, "count", len(spectrum))
        object.__setattr__(made, "values", values)
        object.__setattr__(made, "row", row)
        return made

    def __getattr__(self, name: str) -> Any:
        # Only what is not there is asked for here: the values.
        if name != "eigenvalues":
            raise AttributeError(name)
        return self.values.load(self.row, self.count)

    @property
    def held_bytes(self) -> int:
        """Nothing, as long as they are on disk."""
        return super().held_bytes if "eigenvalues" in self.__dict__ else 0

    def __len__(self) -> int:
        count = self.__dict__.get("count")
        return int(self.eigenvalues.size if count is None else count)

    def __getstate__(self) -> dict[str, Any]:
        computed = {name: self.__dict__[name] for name in _OWN if name in self.__dict__}
        return {**super().__getstate__(), **computed}

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "eigenvalues" in state:
            super().__setstate__(state)
            return
        metadata = state.pop("metadata")
        super().__setstate__({**state, "metadata": metadata, "eigenvalues": np.zeros(0)})
        del self.__dict__["eigenvalues"]


def stored_parts(
    slices: Slices, source: HoldsRows, size: int, values: Read
) -> Iterator[tuple[Sequence[Spectrum], tuple[str, ...]]]:
    """Give the spectra of a file of many, some at a time, without their values.

    Parameters
    ----------
    slices : Slices
        The file, open.
    source : HoldsRows
        Its rows, for later.
    size : int
        How many at a time.
    values : callable
        Gives the numbers of rows.

    Yields
    ------
    spectra : sequence of Spectrum
        Those of some rows.
    notes : tuple of str
        About rows that were left out.
    """
    for start in range(0, slices.count, size):
        stop = min(start + size, slices.count)
        part = slices.read(start, stop)
        rows: Sequence[int] = range(start, stop)
        if len(part.spectra) < len(rows):  # those without a finite number are left out
            found = enumerate(values(start, stop), start)
            rows = [place for place, row in found if np.isfinite(row).any()]
        flag_together(part.spectra)
        made = [
            StoredSpectrum.of(spectrum, source, row)
            for spectrum, row in zip(part.spectra, rows, strict=True)
        ]
        yield made, part.notes
