"""How far a prediction is to be trusted, as the fields and columns of ``predict``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.cli.predictions import number
from spectracnn.core.conformal import half_width, names_of_set, prediction_set
from spectracnn.core.outputs import Task
from spectracnn.core.typicality import UNLIKE
from spectracnn.printable import encodable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.cli.predictions import Prediction
    from spectracnn.core.reading import Reading
    from spectracnn.core.reference import Reference
    from spectracnn.core.trace import ModelDescription


@dataclass(frozen=True, eq=False)
class Trust:
    """What a model's card and reference file say of its predictions.

    Parameters
    ----------
    reading : Reading
        How the output is read.
    scores : sequence of float
        Nonconformity scores of the card; empty if unknown.
    reference : Reference or None
        The training spectra; None if unknown.
    level : float
        How often a set shall hold the truth.
    """

    reading: Reading
    scores: Sequence[float]
    reference: Reference | None
    level: float

    @classmethod
    def of(cls, model: ModelDescription, level: float) -> Trust:
        """Return what is known of a model."""
        return cls(model.reading, model.card.conformal, model.reference, level)

    @cached_property
    def known_names(self) -> list[str]:
        """Names of the training spectra, fit to be written."""
        return [] if self.reference is None else list(map(encodable, self.reference.names.tolist()))

    def fields(self, prediction: Prediction) -> dict[str, Any]:
        """Return what the JSON says; null for what is unknown."""
        p, place = prediction.judged.typicality, prediction.judged.nearest
        record: dict[str, Any] = {"typicality": None if math.isnan(p) else number(p)}
        if self.reading.is_values:
            record["interval"] = self._interval(prediction)
        elif self.reading.task is Task.CLASSIFICATION:
            raw = self.reading.raw.probabilities(prediction.output[None])[0]
            record["raw_probability"] = number(raw[self.reading.best(prediction.probabilities)])
            record["set"] = self.set_of(prediction)
        record["nearest"] = self._nearest(place)
        if prediction.judged.shadow.size:
            record["shadow"] = self._shadow(prediction)
        return record

    def set_of(self, prediction: Prediction) -> list[str] | None:
        """Return the classes that cannot be ruled out; None where no scores are known."""
        if not len(self.scores) or not prediction.finite:
            return None
        chosen = prediction_set(prediction.probabilities[None], self.scores, self.level)[0]
        return names_of_set(chosen, prediction.probabilities, self.reading.classes)

    def _interval(self, prediction: Prediction) -> list[float] | None:
        values = self.reading.values(prediction.output)
        width = half_width(self.scores, self.level) if len(self.scores) else math.inf
        if not math.isfinite(width) or values.size != 1:
            return None
        return [number(float(values[0]) - width), number(float(values[0]) + width)]

    def _nearest(self, place: int) -> dict[str, Any] | None:
        if self.reference is None or place < 0:
            return None
        truth = float(self.reference.truth[place])
        name = str(self.reference.names[place])
        if self.reading.is_values:
            return {"name": name, "value": truth}
        return {"name": name, "class": self.reading.classes[int(truth)]}

    def _shadow(self, prediction: Prediction) -> Any:
        shadow = prediction.judged.shadow
        if self.reading.is_values:
            return number(shadow[0])
        return self.reading.classes[int(np.argmax(shadow))]

    def words(self, prediction: Prediction) -> list[str]:
        """Return the columns for people: the set or interval, and whether it is like anything."""
        p = prediction.judged.typicality
        if self.reading.is_values:
            ends = self._interval(prediction)
            texts = "" if ends is None else f"{ends[0]:.4g} to {ends[1]:.4g}"
        else:
            texts = " or ".join(self.set_of(prediction) or [])
        typical = "" if math.isnan(p) else f"{'unlike, ' if p < UNLIKE else ''}p = {p:.3f}"
        return [texts, typical]

    @property
    def titles(self) -> tuple[str, str]:
        """Headings of the columns of :meth:`words`."""
        return (f"{100 * self.level:g} % set", "typicality")
