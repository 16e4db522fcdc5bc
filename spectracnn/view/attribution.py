"""What an attribution looks like: along the index axis, as a ranked table, and in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.attribution_methods import METHODS
from spectracnn.view.spectra import input_positions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.attribution import Attribution
    from spectracnn.core.trace import ModelDescription


@dataclass(frozen=True)
class Ranked:
    """One eigenvalue of the ranked table.

    Parameters
    ----------
    step : int
        Place in the model's input.
    index : int
        Of the eigenvalue in the file.
    input : float
        The model's input there; of several structures, their sum.
    attribution : float
        Positive speaks for the class.
    share : float
        Of the sum of all magnitudes, from 0 to 1.
    """

    step: int
    index: int
    input: float
    attribution: float
    share: float


@dataclass(frozen=True, eq=False)
class AttributionPicture:
    """One attribution, ready to be drawn.

    Parameters
    ----------
    title : str
        The method.
    target : str
        The class.
    at : ndarray, shape (steps,)
        Index-axis position of each sample.
    values : ndarray, shape (steps,)
        Summed over structures.
    inputs : ndarray, shape (steps,)
        Likewise.
    top : float
        Largest magnitude of ``values``; 1 where all are 0.
    ranked : tuple of Ranked
        The largest magnitude first.
    logit : float
        Of the class.
    completeness : str
        How well the values add up; empty for methods that do not promise it.
    """

    title: str
    target: str
    at: NDArray[np.float64]
    values: NDArray[np.float64]
    inputs: NDArray[np.float64]
    top: float
    ranked: tuple[Ranked, ...]
    logit: float
    completeness: str


@lru_cache(maxsize=8)
def attribution_picture(
    description: ModelDescription, attribution: Attribution
) -> AttributionPicture:
    """Return what to draw; the identical object for the same arguments.

    Parameters
    ----------
    description : ModelDescription
        The model.
    attribution : Attribution
        Its answer.
    """
    values, inputs = _along_index(attribution.values), _along_index(attribution.input)
    total = float(np.abs(values).sum()) or 1.0
    order = np.argsort(-np.abs(values), kind="stable")
    ranked = tuple(
        Ranked(
            int(step),
            int(attribution.positions[step]),
            float(inputs[step]),
            float(values[step]),
            float(abs(values[step]) / total),
        )
        for step in order
    )
    return AttributionPicture(
        title=METHODS[attribution.method].title,
        target=description.classes[attribution.target],
        at=frozen_array(input_positions(attribution.positions), np.float64),
        values=values,
        inputs=inputs,
        top=float(np.abs(values).max(initial=0.0)) or 1.0,
        ranked=ranked,
        logit=float(attribution.logits[attribution.target]),
        completeness=completeness(attribution),
    )


def _along_index(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Sum over what is not the index axis: channels, or rows of structures."""
    if values.ndim == 3:
        values = values.sum(axis=(0, 2), dtype=np.float64).astype(np.float64)
    elif values.ndim == 2:
        values = values.sum(axis=1, dtype=np.float64)
    return frozen_array(values, np.float64)


def completeness(attribution: Attribution) -> str:
    """Return in one sentence how well the values add up to what the logit gained."""
    if attribution.completeness_error is None or attribution.baseline_logit is None:
        return ""
    gained = float(attribution.logits[attribution.target]) - attribution.baseline_logit
    total = float(attribution.values.sum(dtype=np.float64))
    error = attribution.completeness_error
    told = f"{100 * error:.2g} %" if np.isfinite(error) else "not defined: the logit did not change"
    return (
        f"The values add up to {_signed(total)}; from the baseline the logit changes by "
        f"{_signed(gained)} (error {told})."
    )


def _signed(value: float) -> str:
    return f"{value:+.3g}".replace("-", "\u2212")
