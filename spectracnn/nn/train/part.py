"""What a fit learns from, with what was fitted to it beside the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.nn.train.pool import TrainingPool, balanced_weights, plain_pool, taught_pool
from spectracnn.nn.train.preparing import fitted_standardise, standardised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.steps import Standardise
    from spectracnn.nn.train.settings import TrainingSettings


@dataclass(frozen=True, eq=False)
class FitData:
    """Spectra that are learned from, as a fit needs them.

    Parameters
    ----------
    task : Task
        Classification or regression.
    raw : ndarray, shape (n, steps)
        Not yet standardised.
    truth : ndarray, shape (n,)
        Classes, or values.
    groups : ndarray, shape (n,)
        Who belongs together.
    n_outputs : int
        Classes, or 1.
    step : Standardise
        Fitted to these spectra.
    centre, scale : float
        Of a regression's target, fitted to these spectra; 0 and 1 for classes.
    """

    task: Task
    raw: NDArray[np.float64]
    truth: NDArray[Any]
    groups: NDArray[np.int64]
    n_outputs: int
    step: Standardise
    centre: float = 0.0
    scale: float = 1.0

    @classmethod
    def of(
        cls,
        task: Task,
        raw: NDArray[np.float64],
        truth: NDArray[Any],
        groups: NDArray[np.int64],
        n_outputs: int,
    ) -> FitData:
        """Fit to these spectra whatever is fitted beside the network."""
        step = fitted_standardise(raw)
        if task is Task.CLASSIFICATION:
            return cls(task, raw, truth, groups, n_outputs, step)
        centre, scale = float(truth.mean()), float(truth.std())
        return cls(task, raw, truth, groups, n_outputs, step, centre, scale or 1.0)

    def inputs(self, raw: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return spectra as the network gets them."""
        return standardised(self.step, raw)

    def targets(self, truth: NDArray[Any]) -> NDArray[np.float64]:
        """Return what the network learns to say, shape (n, n_outputs)."""
        if self.task is Task.CLASSIFICATION:
            return np.eye(self.n_outputs)[truth]
        values: NDArray[np.float64] = ((truth - self.centre) / self.scale)[:, None]
        return values

    def pool(self, settings: TrainingSettings, rows: NDArray[np.bool_], seed: int) -> TrainingPool:
        """Return what some of these spectra give to learn."""
        raw, truth = self.raw[rows], self.truth[rows]
        weights = balanced_weights(truth, self.n_outputs) if settings.class_weights else None
        if self.task is Task.CLASSIFICATION and settings.taught:
            random = np.random.default_rng(seed)
            return taught_pool(raw, truth, self.n_outputs, self.step, random, weights)
        if self.task is Task.REGRESSION:
            weights = None
        return plain_pool(raw, self.targets(truth), self.step, weights)

    def judges(self, raw: NDArray[np.float64], truth: NDArray[Any]) -> TrainingPool | None:
        """Return spectra by which a fit is judged; None for none."""
        return plain_pool(raw, self.targets(truth), self.step) if len(raw) else None
