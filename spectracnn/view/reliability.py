"""What the reliability diagram of a model shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.calibration import Reliability, reliability, softmax_at
from spectracnn.core.outputs import Task

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription


@dataclass(frozen=True, eq=False)
class ReliabilityPicture:
    """Out-of-fold reliability with and without the temperature.

    Parameters
    ----------
    calibrated, raw : Reliability
        At the card's temperature, and as the network has it.
    temperature : float
        From the card.
    count : int
        How many spectra.
    """

    calibrated: Reliability
    raw: Reliability
    temperature: float
    count: int


def reliability_picture(model: ModelDescription) -> ReliabilityPicture | None:
    """Return the diagram of a model; None where its out-of-fold outputs are not known."""
    reference = model.reference
    if reference is None or model.task is not Task.CLASSIFICATION:
        return None
    known = np.isfinite(reference.outputs).all(axis=1)
    if not known.any():
        return None
    outputs, truth = reference.outputs[known], reference.truth[known].astype(np.int64)
    temperature = model.card.temperature
    return ReliabilityPicture(
        reliability(softmax_at(outputs, temperature), truth),
        reliability(softmax_at(outputs), truth),
        temperature,
        int(known.sum()),
    )


def reliability_words(picture: ReliabilityPicture) -> str:
    """Return the diagram in words."""
    return (
        f"Reliability of {picture.count} spectra, out of fold. Calibrated at temperature "
        f"{picture.temperature:.2f} (dots): mean gap {picture.calibrated.error:.3f}. The network's "
        f"own softmax (rings): {picture.raw.error:.3f}."
    )
