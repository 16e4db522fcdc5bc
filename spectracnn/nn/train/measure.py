"""Figures of a cross-validation: means and spreads over folds, confusion, recall."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.outputs import Task

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(eq=False)
class Score:
    """A method's figures, one a fold.

    Parameters
    ----------
    name : str
        The method.
    folds : dict of str to list of float
        ``accuracy``; or ``r2`` and ``mae``.
    """

    name: str
    folds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, task: Task, truth: NDArray[Any], found: NDArray[Any]) -> float:
        """Add a fold; return its first figure."""
        for metric, value in figures(task, truth, found).items():
            self.folds.setdefault(metric, []).append(value)
        return self.folds[next(iter(self.folds))][-1]

    def to_json(self) -> dict[str, dict[str, float]]:
        """Return mean and standard deviation over the folds of each figure."""
        return {
            metric: {
                "mean": round(float(np.mean(values)), 6),
                "sd": round(float(np.std(values)), 6),
            }
            for metric, values in self.folds.items()
        }


def figures(task: Task, truth: NDArray[Any], found: NDArray[Any]) -> dict[str, float]:
    """Return the figures of one fold.

    Parameters
    ----------
    task : Task
        Decides which.
    truth, found : ndarray, shape (n,)
        Classes, or values.

    Returns
    -------
    dict
        ``accuracy``; or ``r2``, 0 for who always says the fold's mean, and ``mae``.
    """
    if task is Task.CLASSIFICATION:
        return {"accuracy": float(np.mean(truth == found))}
    spread = float(((truth - truth.mean()) ** 2).sum())
    missed = float(((truth - found) ** 2).sum())
    return {
        "r2": 1 - missed / spread if spread else 0.0,
        "mae": float(np.abs(truth - found).mean()),
    }


def confusion(
    truth: NDArray[np.int64], found: NDArray[np.int64], n_classes: int
) -> NDArray[np.int64]:
    """Return how many of each true class (rows) were taken for each class (columns)."""
    table = np.zeros((n_classes, n_classes), np.int64)
    np.add.at(table, (truth, found), 1)
    return table
