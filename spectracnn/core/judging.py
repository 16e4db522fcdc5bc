"""What the training spectra say of new ones: how typical they are, what is nearest, the shadow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array
from spectracnn.core.calibration import softmax_at
from spectracnn.core.outputs import Task
from spectracnn.core.spacings import statistics_of_rows
from spectracnn.core.typicality import typicality

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.reference import Reference


def _nothing() -> NDArray[np.float32]:
    return frozen_array(np.zeros(0), np.float32)


@dataclass(frozen=True, eq=False)
class Judged:
    """What is known of one spectrum beside the network's output.

    Parameters
    ----------
    typicality : float
        A p-value: small for a spectrum unlike all that the network was trained on; NaN if unknown.
    nearest : int
        Row of the nearest training spectrum in the reference; -1 if unknown.
    shadow : ndarray, shape (classes,) or (1,)
        What the linear model says: probabilities, or the value of a regression; empty without one.
    """

    typicality: float = float("nan")
    nearest: int = -1
    shadow: NDArray[np.float32] = field(default_factory=_nothing)


@dataclass(frozen=True, eq=False)
class Judgements:
    """What is known of n spectra.

    Parameters
    ----------
    typicality : ndarray, shape (n,), float32
        As in `Judged`.
    nearest : ndarray, shape (n,), int64
        Likewise.
    shadow : ndarray, shape (n, classes), float32
        Likewise.
    """

    typicality: NDArray[np.float32]
    nearest: NDArray[np.int64]
    shadow: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.nearest)

    def __getitem__(self, row: int) -> Judged:
        shadow = frozen_array(self.shadow[row], np.float32)
        return Judged(float(self.typicality[row]), int(self.nearest[row]), shadow)

    @classmethod
    def unknown(cls, count: int) -> Judgements:
        """Return what is known without a reference."""
        return cls(
            np.full(count, np.nan, np.float32),
            np.full(count, -1, np.int64),
            np.zeros((count, 0), np.float32),
        )

    @classmethod
    def joined(cls, parts: Sequence[Judgements]) -> Judgements:
        """Return what is known of all from what is known of parts."""
        names = ("typicality", "nearest", "shadow")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def spread(self, rows: NDArray[np.int64]) -> Judgements:
        """Return one for each of `rows`, which are places here; -1 is unknown."""
        wide = Judgements.unknown(len(rows))
        shadow = np.full((len(rows), self.shadow.shape[1]), np.nan, np.float32)
        known = rows >= 0
        wide.typicality[known] = self.typicality[rows[known]]
        wide.nearest[known] = self.nearest[rows[known]]
        shadow[known] = self.shadow[rows[known]]
        return Judgements(wide.typicality, wide.nearest, shadow)


def judge(
    reference: Reference | None, task: Task, inputs: NDArray[Any], eigenvalues: NDArray[Any]
) -> Judgements:
    """Compare spectra with those that the network was trained on.

    Parameters
    ----------
    reference : Reference or None
        None where the model has none: then nothing is known.
    task : Task
        Whether the shadow says probabilities or a value.
    inputs : ndarray, shape (n, ...)
        The network's.
    eigenvalues : ndarray, shape (n, m)
        From which they were made, as in the files.
    """
    if reference is None or not len(inputs):
        return Judgements.unknown(len(inputs))
    flat = np.asarray(inputs, np.float64).reshape(len(inputs), -1)
    p, place = typicality(flat, statistics_of_rows(np.abs(eigenvalues)), reference.known)
    shadow = reference.shadow(flat)
    if task is Task.CLASSIFICATION and shadow.shape[1]:
        shadow = softmax_at(shadow)
    return Judgements(p.astype(np.float32), place, shadow.astype(np.float32))
