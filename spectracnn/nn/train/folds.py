"""Which spectra are learned from and which are put aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task
from spectracnn.errors import SpectraCNNError, StudyError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.nn.train.labelled import Labelled


FEWEST_OF_A_SITE = 2


def most_folds(data: Labelled, task: Task) -> int:
    """Return into how many folds the data can be parted with each class in each."""
    groups = len(np.unique(data.groups))
    if task is Task.REGRESSION:
        return groups
    members = [len(np.unique(data.groups[data.truth == c])) for c in range(len(data.classes))]
    return min(members)


def fold_numbers(
    truth: NDArray[Any], groups: NDArray[np.int64], task: Task, folds: int, seed: int
) -> NDArray[np.int64]:
    """Return the fold in which each spectrum is put aside, shape (n,).

    Stratified by class; whole groups together.

    Parameters
    ----------
    truth : ndarray, shape (n,)
        Classes, or values.
    groups : ndarray, shape (n,)
        Who belongs together.
    task : Task
        Classification or regression.
    folds, seed : int
        How many; of the shuffling.

    Raises
    ------
    SpectraCNNError
        If that many folds are not possible.
    """
    from sklearn.model_selection import KFold, StratifiedGroupKFold, StratifiedKFold

    names = np.unique(groups)
    if folds > len(names):
        raise SpectraCNNError(
            f"{folds} folds are not possible: there are {len(names)} groups of spectra."
        )
    numbers = np.zeros(len(truth), np.int64)
    grouped = len(names) < len(groups)
    if task is Task.REGRESSION:
        plan = KFold(folds, shuffle=True, random_state=seed)
        for fold, (_, part) in enumerate(plan.split(names)):
            numbers[np.isin(groups, names[part])] = fold
        return numbers
    kind = StratifiedGroupKFold if grouped else StratifiedKFold
    stratified = kind(folds, shuffle=True, random_state=seed)
    together = groups if grouped else None
    for fold, (_, part) in enumerate(stratified.split(truth[:, None], truth, together)):
        numbers[part] = fold
    return numbers


def check_sites(sites: NDArray[Any], numbers: NDArray[np.int64]) -> None:
    """Refuse folds in which ComBat would have a site to apply that it could not learn.

    Parameters
    ----------
    sites : ndarray, shape (n,)
        Where each spectrum was measured.
    numbers : ndarray, shape (n,)
        The fold in which each is put aside.

    Raises
    ------
    StudyError
        If the training part of a fold holds fewer than two spectra of a site; before anything is
        trained.
    """
    for fold in np.unique(numbers).tolist():
        for name in np.unique(sites):
            left = int(np.count_nonzero((sites == name) & (numbers != fold)))
            if left < FEWEST_OF_A_SITE:
                raise StudyError(
                    f"Fold {fold + 1} leaves {left} of the {int((sites == name).sum())} spectra of "
                    f"site '{name}' to learn from; ComBat needs {FEWEST_OF_A_SITE}.",
                    "Leave the site out, or join it with another.",
                )


def held_back(
    truth: NDArray[Any], groups: NDArray[np.int64], task: Task, share: float, seed: int
) -> NDArray[np.bool_]:
    """Return which spectra validate a fit; none where the data are too few.

    Parameters
    ----------
    truth, groups : ndarray, shape (n,)
        Of those that may be learned from.
    task : Task
        Classification or regression.
    share : float
        How many, about.
    seed : int
        Of the shuffling.
    """
    none = np.zeros(len(truth), bool)
    folds = round(1 / share)
    if task is Task.CLASSIFICATION:
        rarest = min(len(np.unique(groups[truth == c])) for c in np.unique(truth))
        if rarest < 3:
            return none
        folds = min(folds, rarest)
    if folds > len(np.unique(groups)):
        return none
    chosen: NDArray[np.bool_] = fold_numbers(truth, groups, task, folds, seed) == 0
    return chosen
