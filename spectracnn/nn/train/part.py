"""What a fit learns from, with what was fitted to it beside the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.nn.train.pool import TrainingPool, balanced_weights, plain_pool, taught_pool
from spectracnn.nn.train.preparing import fitted_harmony, fitted_standardise, standardised

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.steps import HarmoniseSites, Standardise, Step
    from spectracnn.nn.train.settings import TrainingSettings


@dataclass(frozen=True, eq=False)
class FitData:
    """Spectra that are learned from, as a fit needs them.

    Parameters
    ----------
    task : Task
        Classification or regression.
    raw : ndarray, shape (n, steps)
        Not yet standardised, but harmonised where sites are.
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
    harmony : HarmoniseSites or None
        Fitted to these spectra, where sites are harmonised.
    """

    task: Task
    raw: NDArray[np.float64]
    truth: NDArray[Any]
    groups: NDArray[np.int64]
    n_outputs: int
    step: Standardise
    centre: float = 0.0
    scale: float = 1.0
    harmony: HarmoniseSites | None = None

    @classmethod
    def of(
        cls,
        task: Task,
        raw: NDArray[np.float64],
        truth: NDArray[Any],
        groups: NDArray[np.int64],
        n_outputs: int,
        *,
        sites: NDArray[Any] | None = None,
        column: str = "",
    ) -> FitData:
        """Fit to these spectra whatever is fitted beside the network.

        Parameters
        ----------
        task, raw, truth, groups, n_outputs
            As of the class; `raw` as it is before the sites are harmonised.
        sites : ndarray, shape (n,), optional
            Where each spectrum was measured, if that is to be harmonised.
        column : str
            Of the table that says so.
        """
        harmony = None if sites is None else fitted_harmony(raw, sites, column)
        if harmony is not None and sites is not None:
            raw = harmony.apply_all(raw, sites)
        step = fitted_standardise(raw)
        centre, scale = 0.0, 1.0
        if task is not Task.CLASSIFICATION:
            centre, scale = float(truth.mean()), float(truth.std()) or 1.0
        return cls(task, raw, truth, groups, n_outputs, step, centre, scale, harmony)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was fitted of the preprocessing, in its order."""
        return (self.step,) if self.harmony is None else (self.harmony, self.step)

    def harmonised(
        self, raw: NDArray[np.float64], sites: NDArray[Any] | None
    ) -> NDArray[np.float64]:
        """Return other spectra with their sites harmonised as these were."""
        if self.harmony is None or sites is None:
            return raw
        return self.harmony.apply_all(raw, sites)

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
