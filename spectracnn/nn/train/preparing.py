"""The last steps of the preprocessing, fitted to training spectra alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.steps import HarmoniseSites, Standardise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from spectracnn.core.preprocessing import Preprocessing
    from spectracnn.core.steps import Step


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


def fitted_harmony(inputs: NDArray[Any], sites: NDArray[Any], column: str) -> HarmoniseSites:
    """Return the step that takes out what differs between sites, by ComBat.

    What is learned is not kept apart from the sites: it is unknown of a new spectrum. Where classes
    and sites go together, ComBat takes out part of what there is to learn.

    Parameters
    ----------
    inputs : ndarray, shape (n, steps)
        Of the training spectra, and of no others.
    sites : ndarray, shape (n,)
        Where each was measured.
    column : str
        Of the table that says so.

    Raises
    ------
    StudyError
        If there is one site only, or a site of one spectrum.
    """
    from spectracnn.stats.combat import fit

    harmoniser, _ = fit(np.asarray(inputs, np.float64), sites)
    return HarmoniseSites(harmoniser.sites, *harmoniser.affine(), column)


def with_steps(preprocessing: Preprocessing, steps: Iterable[Step]) -> Preprocessing:
    """Return the steps with others behind them."""
    return replace(preprocessing, steps=(*preprocessing.steps, *steps))
