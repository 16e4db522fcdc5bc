"""What a training reports while it runs, and what it is asked for. Free of Keras and of Qt.

A training is a plan (:mod:`spectracnn.core.training_plan`), a stream of events, and a few wishes
that it hears between two epochs. The window's process knows only these; the training itself runs in
a process of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


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
