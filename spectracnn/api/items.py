"""Results that hold one record a spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from spectracnn.api.result import Result

Item = TypeVar("Item")


@dataclass(frozen=True, eq=False, repr=False)
class Items(Result, Generic[Item]):
    """One record for each of n spectra; ``len`` and indices are those of the records.

    Parameters
    ----------
    names : tuple of str
        Of the spectra.
    classes : tuple of str
        Of the outputs.
    items : tuple
        One a spectrum.
    """

    names: tuple[str, ...]
    classes: tuple[str, ...]
    items: tuple[Item, ...]

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, place: int) -> Item:
        return self.items[place]
