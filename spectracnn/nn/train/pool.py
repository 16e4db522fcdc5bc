"""What batches are drawn from: the spectra themselves, or varied ones that a teacher judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.nn.train.augment import varied
from spectracnn.nn.train.preparing import standardised
from spectracnn.nn.train.recipe import Augmentation, Teaching
from spectracnn.nn.train.teacher import Teacher

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.steps import Standardise

VARIED = Augmentation(varied=12000)
TEACHING = Teaching()


@dataclass(frozen=True, eq=False)
class TrainingPool:
    """Inputs, targets and weights of what is learned.

    Parameters
    ----------
    inputs : ndarray, shape (n, steps), float32
        Standardised.
    targets : ndarray, shape (n, outputs), float32
        Shares of the classes, or a standardised value.
    weights : ndarray, shape (n,), float32
        How much each counts.
    drawn : bool
        Whether an epoch is a draw from the pool rather than a pass over it.
    """

    inputs: NDArray[np.float32]
    targets: NDArray[np.float32]
    weights: NDArray[np.float32]
    drawn: bool = False

    def __len__(self) -> int:
        return len(self.inputs)


def plain_pool(
    raw: NDArray[Any],
    targets: NDArray[Any],
    step: Standardise,
    weights: NDArray[Any] | None = None,
) -> TrainingPool:
    """Return the spectra as they are.

    Parameters
    ----------
    raw : ndarray, shape (n, steps)
        Not yet standardised.
    targets : ndarray, shape (n, outputs)
        Ones at the classes, or standardised values.
    step : Standardise
        Fitted to the training spectra alone.
    weights : ndarray, shape (n,), optional
        How much each counts; 1 by default.
    """
    counts = np.ones(len(raw)) if weights is None else weights
    return TrainingPool(
        standardised(step, raw), targets.astype(np.float32), np.asarray(counts, np.float32)
    )


def taught_pool(
    raw: NDArray[np.float64],
    labels: NDArray[np.int64],
    n_classes: int,
    step: Standardise,
    random: np.random.Generator,
    weights: NDArray[Any] | None = None,
) -> TrainingPool:
    """Return varied spectra with the teacher's answers, and the spectra among them.

    Parameters
    ----------
    raw : ndarray, shape (n, steps)
        Training spectra, not yet standardised; the teacher is fitted to them alone.
    labels : ndarray, shape (n,)
        Their classes.
    n_classes : int
        How many.
    step : Standardise
        Fitted to these spectra.
    random : numpy.random.Generator
        Decides everything.
    weights : ndarray, shape (n,), optional
        How much each counts; a varied one counts as the mean of its shares' classes.
    """
    how = TEACHING
    teacher = Teacher(raw, labels, n_classes, how)
    made = varied(raw, labels, VARIED, random)
    answers = teacher.answers(made)
    known = how.truth * np.eye(n_classes)[labels] + (1 - how.truth) * teacher.answers(raw)
    counts = np.ones(len(made) + how.repeats * len(raw))
    if weights is not None:
        by_class = np.ones(n_classes)
        by_class[labels] = weights
        counts = np.concatenate([answers @ by_class, np.tile(weights, how.repeats)])
    return TrainingPool(
        standardised(step, np.vstack([made, np.tile(raw, (how.repeats, 1))])),
        np.vstack([answers, np.tile(known, (how.repeats, 1))]).astype(np.float32),
        counts.astype(np.float32),
        drawn=True,
    )


def balanced_weights(labels: NDArray[np.int64], n_classes: int) -> NDArray[np.float64]:
    """Return weights by which all classes count alike, with mean 1, shape (n,)."""
    counts = np.bincount(labels, minlength=n_classes)
    weights: NDArray[np.float64] = len(labels) / (np.count_nonzero(counts) * counts[labels])
    return weights
