"""Cross-validation of a network and simpler methods on the same folds.

In each fold everything is fitted to its training part alone: the standardisation, the teacher, the
varied spectra, the scale of a regression's target, the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.calibration import TINY
from spectracnn.core.outputs import Task
from spectracnn.nn.train.folds import held_back
from spectracnn.nn.train.pool import Pool, balanced_weights, plain_pool, taught_pool
from spectracnn.nn.train.preparing import fitted_standardise, standardised
from spectracnn.nn.train.scaling import scaled_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.steps import Standardise
    from spectracnn.nn.train.designs import Design
    from spectracnn.nn.train.fit import Fit, Trainer, Watch
    from spectracnn.nn.train.settings import Settings


@dataclass(frozen=True, eq=False)
class Part:
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
    ) -> Part:
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

    def pool(self, settings: Settings, rows: NDArray[np.bool_], seed: int) -> Pool:
        """Return what some of these spectra give to learn."""
        raw, truth = self.raw[rows], self.truth[rows]
        weights = balanced_weights(truth, self.n_outputs) if settings.class_weights else None
        if self.task is Task.CLASSIFICATION and settings.taught:
            random = np.random.default_rng(seed)
            return taught_pool(raw, truth, self.n_outputs, self.step, random, weights)
        if self.task is Task.REGRESSION:
            weights = None
        return plain_pool(raw, self.targets(truth), self.step, weights)

    def judges(self, raw: NDArray[np.float64], truth: NDArray[Any]) -> Pool | None:
        """Return spectra by which a fit is judged; None for none."""
        return plain_pool(raw, self.targets(truth), self.step) if len(raw) else None


def fitted_network(
    part: Part,
    trainer: Trainer,
    watch: Watch,
    *,
    seed: int,
    test: tuple[NDArray[np.float64], NDArray[Any]] | None = None,
    states: MemberStates | None = None,
) -> tuple[Any, list[Fit]]:
    """Train a network on a part of the data.

    Parameters
    ----------
    part : Part
        What may be learned from.
    trainer : Trainer
        Of the architecture.
    watch : Watch
        Who looks on.
    seed : int
        Of everything that is drawn.
    test : tuple, optional
        Raw spectra and truth, of which only the figures are reported.
    states : MemberStates, optional
        Where members that are done, and the state of the one under way, are found.

    Returns
    -------
    network : keras.Model
        Of a regression with values in the target's unit.
    fits : list of Fit
        One a member.
    """
    design, settings = trainer.design, trainer.settings
    back = np.zeros(len(part.raw), bool)
    if settings.patience:
        back = held_back(part.truth, part.groups, part.task, settings.held_back, seed)
    monitored = None if test is None else part.judges(*test)
    networks, fits = [], []
    for member in range(design.members):
        own = seed * design.members + member
        network, fit = trainer.fit(
            part.pool(settings, ~back, own),
            watch,
            seed=own,
            n_spectra=int((~back).sum()),
            held_back=part.judges(part.raw[back], part.truth[back]),
            monitored=monitored,
            state=None if states is None else states.of(member),
        )
        networks.append(network)
        fits.append(fit)
    network = networks[0] if design.merged is None else design.merged(networks)
    return scaled_back(network, part), fits


class MemberStates:
    """Where a fit of several members was when it broke off."""

    def __init__(self, member: int, state: dict[str, NDArray[Any]]) -> None:
        self._member, self._state = member, state

    def of(self, member: int) -> dict[str, NDArray[Any]] | None:
        """Return the state in which a member goes on."""
        return self._state if member == self._member else None


def outputs_of(network: Any, design: Design, task: Task, inputs: NDArray[Any]) -> NDArray[Any]:
    """Return logits, or values, of a network as it is shipped, shape (n, outputs)."""
    shaped = inputs.reshape(-1, *design.shape)
    found = np.asarray(network(shaped, training=False), np.float64)
    if task is Task.REGRESSION:
        return found
    if found.shape[1] == 1:
        found = np.hstack([1 - found, found])
    logits: NDArray[Any] = np.log(np.maximum(found, TINY))
    return logits
