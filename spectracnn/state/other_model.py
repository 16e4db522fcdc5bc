"""A model that is open beside the current one, and what it said of the open spectra. Frozen."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.judging import Judged
    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.entry import Entry


@dataclass(frozen=True, eq=False)
class EntryPrediction:
    """What a model said of one spectrum.

    Parameters
    ----------
    revision : int
        Of the entry that was asked about; after an edit it is not the entry's any more.
    probabilities : ndarray, shape (classes,), or None
        None where it was refused.
    refusal : str
        Why.
    outputs : ndarray or None
        What it computed, as it is, where that is known.
    judged : Judged or None
        How typical it finds the spectrum, where that is known.
    """

    revision: int
    probabilities: NDArray[np.float32] | None
    refusal: str = ""
    outputs: NDArray[np.float32] | None = None
    judged: Judged | None = None


@dataclass(frozen=True, eq=False)
class OtherModel:
    """An open model that is not the current one.

    Parameters
    ----------
    model : ModelDescription
        As it was opened.
    answers : mapping of int to EntryPrediction
        By entry.
    """

    model: ModelDescription
    predictions: Mapping[int, EntryPrediction] = field(default_factory=lambda: MappingProxyType({}))

    def prediction(self, entry: Entry) -> EntryPrediction | None:
        """Return what it said of an entry as that is now, None while it has not been asked."""
        found = self.predictions.get(entry.id)
        return found if found is not None and found.revision == entry.revision else None

    def without_entries(self, gone: Collection[int]) -> OtherModel:
        """Return the model without what it said about these entries."""
        kept = {key: prediction for key, prediction in self.predictions.items() if key not in gone}
        return (
            self
            if len(kept) == len(self.predictions)
            else replace(self, predictions=MappingProxyType(kept))
        )
