"""The last step of the preprocessing, fitted to training spectra alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.steps import Standardise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.preprocessing import Preprocessing


def fitted_standardise(inputs: NDArray[Any]) -> Standardise:
    """Return the step that centres each eigenvalue and divides all by one number.

    One number for all keeps how much more the first eigenvalues differ between shapes than the
    last; a number for each was measured to do harm.

    Parameters
    ----------
    inputs : ndarray, shape (n, steps)
        Of the training spectra, and of no others.
    """
    scale = float(np.std(inputs, dtype=np.float64))
    return Standardise(mean=inputs.mean(axis=0, dtype=np.float64), scale=scale or 1.0)


def standardised(step: Standardise, inputs: NDArray[Any]) -> NDArray[np.float32]:
    """Apply the step to many inputs at once, as it is applied to one."""
    return ((inputs - step.mean) / step.scale).astype(np.float32)


def with_step(preprocessing: Preprocessing, step: Standardise) -> Preprocessing:
    """Return the steps with one more behind them."""
    return replace(preprocessing, steps=(*preprocessing.steps, step))
