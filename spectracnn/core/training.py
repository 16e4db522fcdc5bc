"""What is trained on what, and what a training reports while it runs. Free of Keras and of Qt.

A training is a plan, a stream of events, and a few wishes that it hears between two epochs. The
window's process knows only these; the training itself runs in a process of its own.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from spectracnn.core.outputs import Task
from spectracnn.errors import SpectraCNNError

if TYPE_CHECKING:
    from collections.abc import Mapping

BUILT_IN = ("plain", "tutorial", "ensemble")
"""Architectures by name; any other is the path of a JSON file."""

LOSSES = ("mse", "mae")


@dataclass(frozen=True)
class TrainingPlan:
    """Everything that decides a training; the same plan and data give the same network.

    Parameters
    ----------
    data : tuple of str
        Files and folders of spectra.
    out : str
        The ``.keras`` file; card and reference file go beside it.
    task : Task
        Classification or regression.
    architecture : str
        One of `BUILT_IN`, or the path of a JSON file as Keras's ``to_json`` writes it.
    table, id_column, target, group : str
        A table of participants, the column that says who a row is (found out when empty), the one
        that is learned, and the one whose rows stay together in cross-validation.
    unit, title : str
        For the card.
    eigenvalues : int or None
        How many nonzero ones are read; None for 100, or as many as the shortest spectrum has.
    epochs, batch : int or None
        Passes, and spectra a step; None for the architecture's own.
    learning_rate : float or None
        Of the optimiser at its highest.
    seed : int
        Of the folds, the first weights, and everything else that is drawn.
    folds, repeats : int
        Of the cross-validation; no folds for none.
    patience : int or None
        Epochs without a better validation loss after which a fit ends; 0 for never; None for the
        architecture's own. Where it is not 0, a share of the spectra is held back for it.
    class_weights : bool
        Whether rare classes weigh as much as frequent ones.
    augmentation : bool or None
        Whether varied spectra are made; None for the architecture's own.
    loss : str
        Of a regression: ``mse`` or ``mae``.
    orientation : str
        How the shapes of a table of eigenvalues lie; empty to find out.
    """

    data: tuple[str, ...]
    out: str
    task: Task = Task.CLASSIFICATION
    architecture: str = "plain"
    table: str = ""
    id_column: str = ""
    target: str = ""
    group: str = ""
    unit: str = ""
    title: str = ""
    eigenvalues: int | None = None
    epochs: int | None = None
    batch: int | None = None
    learning_rate: float | None = None
    seed: int = 0
    folds: int = 5
    repeats: int = 1
    patience: int | None = None
    class_weights: bool = False
    augmentation: bool | None = None
    loss: str = "mse"
    orientation: str = ""

    def checked(self) -> TrainingPlan:
        """Return the plan, or refuse it.

        Raises
        ------
        SpectraCNNError
            If a number is out of its range; one sentence.
        """
        if self.task not in (Task.CLASSIFICATION, Task.REGRESSION):
            raise SpectraCNNError(f"A network cannot be trained here for {self.task}.")
        for name in ("epochs", "batch", "eigenvalues"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise SpectraCNNError(f"The number of {_WORDS[name]} is 1 or more; found {value}.")
        if self.folds != 0 and self.folds < 2:
            raise SpectraCNNError(f"Cross-validation needs 2 folds or more; found {self.folds}.")
        if self.repeats < 1:
            raise SpectraCNNError(f"The number of repeats is 1 or more; found {self.repeats}.")
        if not 0 <= self.seed < 1 << 31:
            raise SpectraCNNError(f"A seed is between 0 and {(1 << 31) - 1}; found {self.seed}.")
        rate = self.learning_rate
        if rate is not None and not 0 < rate <= 1000:
            raise SpectraCNNError(f"The learning rate is above 0; found {rate:g}.")
        if self.patience is not None and self.patience < 0:
            raise SpectraCNNError(f"The patience is 0 or more epochs; found {self.patience}.")
        if self.loss not in LOSSES:
            raise SpectraCNNError(f"The loss of a regression is mse or mae; found '{self.loss}'.")
        return replace(self, task=Task(self.task))

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {**asdict(self), "data": list(self.data), "task": str(self.task)}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> TrainingPlan:
        """Read what `to_json` returned."""
        fields = {**record, "data": tuple(record["data"]), "task": Task(record["task"])}
        return cls(**fields)


_WORDS = {"epochs": "epochs", "batch": "spectra in a batch", "eigenvalues": "eigenvalues"}


class StopWish(StrEnum):
    """What a training is asked for while it runs."""

    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    """End here, keep the best weights, and write the model."""
    CANCEL = "cancel"
    """End here and write nothing."""


@dataclass(frozen=True)
class StageBegan:
    """A fit begins.

    Parameters
    ----------
    stage : int
        0 for the network that is kept, then the folds, from 1.
    stages : int
        How many there are.
    title : str
        Such as ``all 300 spectra`` or ``fold 2 of 5``.
    epochs : int
        How many there will be at most.
    network : str
        A ``.keras`` file with the first weights, into which the snapshots' weights go; empty where
        no snapshots are kept.
    """

    stage: int
    stages: int
    title: str
    epochs: int
    network: str = ""


@dataclass(frozen=True)
class EpochDone:
    """A pass over the training spectra is done.

    Parameters
    ----------
    stage, epoch, epochs : int
        Which stage; which epoch, from 1; how many there are at most.
    loss, metric : float
        Of the training spectra: cross-entropy and accuracy, or of a regression the loss in
        standardised units and the mean absolute error in the target's.
    validation_loss, validation_metric : float or None
        Of spectra that were held back; in a fold without any, of its test part, on which nothing
        depends.
    rate : float
        The learning rate at its end.
    snapshot : str
        An ``.npz`` file with the weights, ``w0`` and on in the order of ``Model.get_weights()``;
        empty where none is kept.
    best : bool
        Whether these are the best weights so far.
    """

    stage: int
    epoch: int
    epochs: int
    loss: float
    metric: float
    validation_loss: float | None = None
    validation_metric: float | None = None
    rate: float = 0.0
    snapshot: str = ""
    best: bool = False


@dataclass(frozen=True)
class StageDone:
    """A fit is done.

    Parameters
    ----------
    stage : int
        Which.
    metric : float or None
        Of a fold: accuracy, or r2, on its test part.
    note : str
        Why it ended early; empty where it did not.
    """

    stage: int
    metric: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Paused:
    """The training waits, or goes on."""

    paused: bool


@dataclass(frozen=True)
class TrainingDone:
    """The files are written.

    Parameters
    ----------
    model : str
        The ``.keras`` file.
    report : mapping
        What ``spectracnn train --json`` prints, with ``confusion`` (rows are true classes) and
        ``recall``, or ``true`` and ``predicted``, out of fold.
    notes : tuple of str
        What a person should know.
    """

    model: str
    report: Mapping[str, Any]
    notes: tuple[str, ...] = ()


TrainingEvent = StageBegan | EpochDone | StageDone | Paused | TrainingDone
