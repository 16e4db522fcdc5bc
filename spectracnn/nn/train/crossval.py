"""Cross-validation of a network and simpler methods on the same folds.

In each fold everything is fitted to its training part alone: the standardisation, the teacher, the
varied spectra, the scale of a regression's target, the weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.calibration import TINY
from spectracnn.core.outputs import Task
from spectracnn.nn.train.folds import held_back
from spectracnn.nn.train.scaling import scaled_back

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.designs import Design
    from spectracnn.nn.train.fit import Fit, Trainer, Watch
    from spectracnn.nn.train.part import FitData


def fitted_network(
    part: FitData,
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
    part : FitData
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

    @property
    def done(self) -> int:
        """How many epochs of the member under way were done."""
        return int(self._state["numbers"][0])

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
