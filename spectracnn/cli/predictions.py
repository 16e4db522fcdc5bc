"""What a model says of one spectrum, as records, rows and words of the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.judging import Judged
from spectracnn.core.outputs import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.cli.inputs import InputSpectrum
    from spectracnn.core.reading import Reading


@dataclass(frozen=True, eq=False)
class Prediction:
    """One spectrum, or one subject, and what the network computed for it.

    Parameters
    ----------
    item : InputSpectrum
        The spectrum; of a model of several structures, the subject's first.
    output : ndarray
        The network's output, as it is.
    probabilities : ndarray, shape (classes,)
        What it says by the card, calibrated; empty for a regression.
    judged : Judged
        How typical the spectrum is, and what is nearest.
    """

    item: InputSpectrum
    output: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    judged: Judged = field(default_factory=Judged)

    @property
    def ranks(self) -> NDArray[np.int64]:
        """Classes from the most probable one down."""
        return np.argsort(-self.probabilities, kind="stable")

    @property
    def finite(self) -> bool:
        """Whether the network answered in numbers."""
        return bool(np.isfinite(self.output).all())


def record(prediction: Prediction, reading: Reading) -> dict[str, Any]:
    """Return what the JSON says of one spectrum.

    Parameters
    ----------
    answer : Prediction
        What the network computed.
    reading : Reading
        How it is read.
    """
    spectrum = prediction.item.spectrum
    found: dict[str, Any] = {"file": prediction.item.file, "name": spectrum.name}
    if spectrum.subject:
        found["subject"] = spectrum.subject
    if spectrum.structure:
        found["structure"] = spectrum.structure
    fields = remark(prediction.item)
    if fields:
        found["remark"] = fields
    return found | (
        _value(prediction, reading) if reading.is_values else _classified(prediction, reading)
    )


def remark(item: InputSpectrum) -> str:
    """Return what must stand beside whatever is said of a spectrum; most often nothing."""
    notes = [item.spectrum.cut_off] if item.spectrum.notes else []
    notes += [f"no spectrum: {item.reason}"] if item.reason else []
    notes += [f"read by: {item.reader}"] if item.reader else []
    return " ".join(filter(None, notes))


def _value(prediction: Prediction, reading: Reading) -> dict[str, Any]:
    rows = reading.rows(prediction.output[None])[0]
    values = [[number(value) for value in row] for row in rows.tolist()]
    one = values[0] if len(values) == 1 else values
    fields: dict[str, Any] = {"value": one[0] if len(one) == 1 else one, "unit": reading.unit}
    if len(values) == 1 and reading.output.width > 1:
        fields["values"] = dict(zip(reading.classes, values[0], strict=True))
    return fields


def _classified(prediction: Prediction, reading: Reading) -> dict[str, Any]:
    classes, finite = reading.classes, prediction.finite
    best = reading.best(prediction.probabilities)
    shares = [number(value) for value in prediction.probabilities]
    fields: dict[str, Any] = {
        "class": classes[best] if finite else None,
        "probability": shares[best],
        "probabilities": dict(zip(classes, shares, strict=True)),
    }
    if reading.task is Task.MULTILABEL:
        labels = list(reading.labels(prediction.probabilities)) if finite else []
        fields["class"] = classes[best] if classes[best] in labels else None
        fields["labels"] = labels
    if reading.single or reading.task is Task.MULTILABEL:
        fields["threshold"] = reading.threshold
    if reading.output.per_step and reading.task is Task.SEGMENTATION:
        along = reading.step_classes(prediction.output).tolist() if finite else []
        fields["steps"] = [classes[place] for place in along]
    return fields


def number(value: np.float32 | float) -> float:
    """Return the number with the digits that a float32 has, and no more."""
    return float(str(np.float32(value)))


def words(prediction: Prediction, reading: Reading) -> list[str]:
    """Return the columns of one row for people: what is said and what comes next."""
    if not prediction.finite:
        return ["no finite answer", "", "", ""]
    if reading.is_values:
        values = [reading.with_unit(value) for value in reading.values(prediction.output)[:4]]
        more = " \u2026" if reading.output.width > len(values) else ""
        return [", ".join(values) + more, "", "", ""]
    shares = prediction.probabilities
    best = reading.best(shares)
    if reading.task is Task.MULTILABEL:
        labels = reading.labels(shares)
        chances = ", ".join(f"{100 * c:.1f} %" for c in shares if c >= reading.threshold)
        return [", ".join(labels) or "none", chances, "", ""]
    following = [place for place in prediction.ranks if place != best][:1]
    found = []
    for place in (best, *following):
        found += [reading.classes[place], f"{100 * shares[place]:.1f} %"]
    return found + [""] * (4 - len(found))
