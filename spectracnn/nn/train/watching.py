"""What a training says and hears between two epochs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from spectracnn.core.training import EpochDone, Paused, StageBegan, StopWish, TrainingEvent
from spectracnn.errors import OperationCancelled

if TYPE_CHECKING:
    from spectracnn.nn.train.fit import Epoch, Fit
    from spectracnn.nn.train.part import FitData
    from spectracnn.nn.train.store import RunStore

SAVE_EVERY = 5.0
"""Seconds between two states on the disk, at most."""

SAVE_SHARE = 10
"""How many times longer the learning between two states lasts than writing one, at least. The
state of a network that is watched is written after each epoch, as its weights are: a crash loses
one epoch at most."""

PAUSE = 0.05


class Listener(Protocol):
    """Who wants to know."""

    snapshots: bool
    """Whether the weights after each epoch of the network that is kept are written."""

    def emit(self, event: TrainingEvent) -> None:
        """Hear of an event."""

    def wish(self) -> StopWish | None:
        """Return what the person wants since the last call; at once."""


@dataclass
class Silent:
    """A listener who wants nothing."""

    snapshots: bool = False

    def emit(self, event: TrainingEvent) -> None:
        return

    def wish(self) -> StopWish | None:
        return None


class StageWatch:
    """Looks on at the fits of one stage.

    Parameters
    ----------
    listener : Listener
        Who wants to know.
    store : RunStore
        Where states and snapshots go.
    began : StageBegan
        Which stage; snapshots are kept where it names a network.
    part : FitData
        What is learned from: a regression's figures are said in its target's unit.
    """

    def __init__(
        self, listener: Listener, store: RunStore, began: StageBegan, part: FitData
    ) -> None:
        self._listener, self._store, self._began, self._part = listener, store, began, part
        self._saved = time.monotonic()
        self._cost = 0.0
        self._member = 0
        self._past = 0
        self.stopped = False
        self._pausing = False

    def begin_member(self, member: int, epochs: int) -> None:
        """Count the epochs of a member behind those of the ones before."""
        self._member, self._past = member, member * epochs

    def epoch(self, fit: Fit, done: Epoch) -> None:
        """Say what an epoch came to."""
        snapshot = self._snapshot(fit, done)
        metric, validation = done.metric * self._part.scale, done.validation_metric
        self._listener.emit(
            EpochDone(
                self._began.stage,
                self._past + done.number,
                self._began.epochs,
                done.loss,
                metric,
                done.validation_loss,
                None if validation is None else validation * self._part.scale,
                done.rate,
                snapshot,
                done.best,
            )
        )
        if done.number == fit.epochs:
            self.begin_member(self._member + 1, fit.epochs)

    def _snapshot(self, fit: Fit, done: Epoch) -> str:
        if not self._began.network:
            return ""
        weights = fit.loop.shipped_weights(self._part)
        arrays = {f"w{place}": values for place, values in enumerate(weights)}
        return str(self._store.save(f"epoch-{self._past + done.number:04d}", arrays))

    def stopping(self) -> bool:
        """Wait while a pause is wanted; say whether to end here.

        Raises
        ------
        OperationCancelled
            If nothing is to be kept.
        """
        while True:
            wish = self._listener.wish()
            if wish is StopWish.CANCEL:
                raise OperationCancelled
            if wish is StopWish.STOP:
                self.stopped = True
            if wish in (StopWish.PAUSE, StopWish.RESUME):
                self._pausing = wish is StopWish.PAUSE
                self._listener.emit(Paused(self._pausing))
            if self.stopped or not self._pausing:
                return self.stopped
            if wish is None:
                time.sleep(PAUSE)

    def save(self, fit: Fit) -> None:
        """Write the fit's state after each epoch, or as often as it does not hold up the fit."""
        now = time.monotonic()
        watched = bool(self._began.network)
        wait = 0.0 if watched else min(SAVE_EVERY, SAVE_SHARE * self._cost)
        if fit.done < fit.epochs and now - self._saved >= wait:
            where = {"stage": np.array(self._began.stage), "of": np.array(self._member)}
            self._store.save("state", {**fit.state(), **where})
            self._saved = time.monotonic()
            self._cost = self._saved - now
