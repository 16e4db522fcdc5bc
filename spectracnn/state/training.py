"""What a training has reported so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spectracnn.core.training import (
    EpochDone,
    Paused,
    StageBegan,
    StageDone,
    TrainingDone,
    TrainingEvent,
)

if TYPE_CHECKING:
    from spectracnn.core.training_plan import TrainingPlan


@dataclass(frozen=True, eq=False)
class TrainingState:
    """A training as the window shows it.

    Parameters
    ----------
    plan : TrainingPlan
        What is trained on what.
    stage : StageBegan or None
        The fit that runs, or ran last.
    network : str
        The file of the network that is watched; empty where none is.
    epochs : tuple of EpochDone
        Of the network that is kept.
    fold_metrics : tuple of float
        Of the folds that are done.
    paused : bool
        Whether it waits.
    done : TrainingDone or None
        How it ended well.
    problem : str
        Why it did not.
    """

    plan: TrainingPlan
    stage: StageBegan | None = None
    network: str = ""
    epochs: tuple[EpochDone, ...] = ()
    fold_metrics: tuple[float, ...] = ()
    paused: bool = False
    done: TrainingDone | None = None
    problem: str = ""

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return self.done is None and not self.problem

    @property
    def progress(self) -> float:
        """How much is done, from 0 to 1: fits count alike."""
        if self.done is not None:
            return 1.0
        if self.stage is None:
            return 0.0
        within = 0.0
        if self.stage.stage == 0 and self.epochs:
            within = self.epochs[-1].epoch / max(self.epochs[-1].epochs, 1)
        return min((self.stage.stage + within) / max(self.stage.stages, 1), 1.0)

    @property
    def sentence(self) -> str:
        """What happens now."""
        if self.problem:
            return self.problem
        if self.done is not None:
            return " ".join(self.done.notes) or f"Written to {self.done.model}."
        if self.stage is None:
            return "Starting: Keras is loaded in a process of its own \u2026"
        waits = "Paused. " if self.paused else ""
        if self.stage.stage == 0 and self.epochs:
            last = self.epochs[-1]
            return f"{waits}{self.stage.title}: epoch {last.epoch} of {last.epochs}"
        return f"{waits}{self.stage.title}"

    def after(self, event: TrainingEvent) -> TrainingState:
        """Return the state once an event has come."""
        if isinstance(event, StageBegan):
            network = event.network or self.network
            return replace(self, stage=event, network=network)
        if isinstance(event, EpochDone):
            if event.stage:
                return self
            return replace(self, epochs=(*self.epochs, event))
        if isinstance(event, StageDone):
            if event.stage == 0 or event.metric is None:
                return self
            return replace(self, fold_metrics=(*self.fold_metrics, event.metric))
        if isinstance(event, Paused):
            return replace(self, paused=event.paused)
        return replace(self, done=event)
