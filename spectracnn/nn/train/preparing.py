"""From eigenvalues to input: free of scale, so that no area is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.steps import (
    DivideByIndex,
    DropZeros,
    FixSign,
    Log,
    Sort,
    Standardise,
    SubtractMean,
    Take,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray


def scale_free(eigenvalues: int) -> Preprocessing:
    """Return the steps to ``log(lambda_k / k)`` minus its own mean.

    Parameters
    ----------
    eigenvalues : int
        How many nonzero ones are taken.
    """
    return Preprocessing(
        (
            FixSign(),
            Sort(),
            DropZeros(),
            Take(eigenvalues),
            DivideByIndex("lapy"),
            Log(),
            SubtractMean(),
        )
    )


def steps_for(task: Task, eigenvalues: int) -> Preprocessing:
    """Return the steps before the standardisation.

    Classes of shapes do not depend on their size, so it is taken out. A regression may depend on
    it: there the mean stays.

    Parameters
    ----------
    task : Task
        Classification or regression.
    eigenvalues : int
        How many nonzero ones are taken.
    """
    steps = scale_free(eigenvalues)
    if task is Task.REGRESSION:
        return Preprocessing(steps.steps[:-1])
    return steps


def fitted_standardise(inputs: NDArray[Any]) -> Standardise:
    """Return the step that centres each eigenvalue and divides all by one number.

    One number for all keeps how much more the first eigenvalues differ between shapes than the
    last; a number for each was measured to do harm.

    Parameters
    ----------
    inputs : ndarray, shape (n, steps)
        Scale-free inputs of the training spectra, and of no others.
    """
    scale = float(np.std(inputs, dtype=np.float64))
    return Standardise(mean=inputs.mean(axis=0, dtype=np.float64), scale=scale or 1.0)


def standardised(step: Standardise, inputs: NDArray[Any]) -> NDArray[np.float32]:
    """Apply the step to many inputs at once, as it is applied to one."""
    return ((inputs - step.mean) / step.scale).astype(np.float32)


def with_step(preprocessing: Preprocessing, step: Standardise) -> Preprocessing:
    """Return the steps with one more behind them."""
    return replace(preprocessing, steps=(*preprocessing.steps, step))
