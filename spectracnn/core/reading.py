"""From what a network computed to what it says: probabilities, labels, values, a class a step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.calibration import calibrated
from spectracnn.core.outputs import Output, Task

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Reading:
    """How the output of a network is read.

    Parameters
    ----------
    task : Task
        What the output means; specified.
    output : Output
        Which one it is.
    classes : tuple of str
        Two for one sigmoid, one a column for other classifications and labels; of a regression
        the names of the values.
    threshold : float
        From which probability on the second class of a single sigmoid, or a label, is said.
    unit : str
        Of a regression.
    temperature : float
        By which logits are divided before they become probabilities, see
        :mod:`spectracnn.core.calibration`; 1 for the network's own.
    """

    task: Task
    output: Output
    classes: tuple[str, ...]
    threshold: float = 0.5
    unit: str = ""
    temperature: float = 1.0

    @property
    def single(self) -> bool:
        """Whether one number stands for two classes: the probability of the second."""
        known = self.task in (Task.CLASSIFICATION, Task.SEGMENTATION)
        return known and self.output.width == 1

    @property
    def is_values(self) -> bool:
        """Whether the output is values, and not probabilities."""
        return self.task is Task.REGRESSION

    def rows(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return outputs of shape (n, *shape) as (n, steps, width); one step unless per step."""
        return np.asarray(outputs, np.float32).reshape(len(outputs), -1, self.output.width)

    def step_probabilities(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities of each step.

        Parameters
        ----------
        outputs : ndarray, shape (n, *shape), float32
            What the network computed for n spectra.

        Returns
        -------
        ndarray, shape (n, steps, classes), float32
            As the network has them where its last act made them probabilities; of bare scores
            their softmax, of one their logistic function. Without classes for a regression.
        """
        rows = self.rows(outputs)
        if self.is_values:
            return np.zeros((*rows.shape[:2], 0), np.float32)
        bare = self.output.activation == "linear"
        if self.single or self.task is Task.MULTILABEL:
            chance = _sigmoid(rows) if bare else rows
            if self.single and self.temperature != 1.0:
                pair = np.concatenate([1 - chance, chance], axis=2)
                return np.asarray(calibrated(pair, self.temperature), np.float32)
            return np.concatenate([1 - chance, chance], axis=2) if self.single else chance
        shares = softmax(rows) if bare else rows
        if self.temperature == 1.0 or self.task is not Task.CLASSIFICATION:
            return shares
        return np.asarray(calibrated(shares, self.temperature), np.float32)

    @property
    def raw(self) -> Reading:
        """How the output is read without calibration: the network's own probabilities."""
        return replace(self, temperature=1.0)

    def probabilities(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return one row of probabilities a spectrum; of an output per step the mean over them.

        Parameters
        ----------
        outputs : ndarray, shape (n, *shape), float32
            What the network computed.

        Returns
        -------
        ndarray, shape (n, classes), float32
            Shape (n, 0) for a regression.
        """
        steps = self.step_probabilities(outputs)
        if steps.shape[1] == 1 or not steps.shape[2]:
            return steps[:, 0]
        return np.asarray(steps.mean(axis=1, dtype=np.float64), np.float32)

    def values(self, output: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what a regression says of one spectrum, shape (values,): of steps, their mean."""
        values: NDArray[np.float32] = self.values_of_rows(output[None])[0]
        return values

    def values_of_rows(self, outputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what a regression says of n spectra, shape (n, values)."""
        rows = self.rows(outputs)
        return rows[:, 0] if rows.shape[1] == 1 else np.asarray(rows.mean(axis=1), np.float32)

    def with_unit(self, value: float) -> str:
        """Return a value of a regression in words."""
        return f"{value:.4g} {self.unit}".rstrip()

    def best(self, probabilities: NDArray[np.float32]) -> int:
        """Return the class that is said: of two by one number by the threshold, else the largest.

        Parameters
        ----------
        probabilities : ndarray, shape (classes,)
            Of one spectrum or one step; of a regression empty, and its first value is meant.
        """
        if not probabilities.size:
            return 0
        return int(self.best_of_rows(probabilities[None])[0])

    def best_of_rows(self, probabilities: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the class of each spectrum, or of each step of one, as `best` does.

        Parameters
        ----------
        probabilities : ndarray, shape (n, classes)
            With at least one class.
        """
        if self.single:
            return np.asarray(probabilities[:, 1] >= self.threshold, np.int64)
        return np.asarray(np.argmax(probabilities, axis=1), np.int64)

    def labels(self, probabilities: NDArray[np.float32]) -> tuple[str, ...]:
        """Return the labels whose probability reaches the threshold, in their order."""
        pairs = zip(self.classes, probabilities, strict=True)
        return tuple(name for name, chance in pairs if chance >= self.threshold)

    def describe(self, probabilities: NDArray[np.float32]) -> str:
        """Return the class or the labels in words; empty for a regression."""
        if self.is_values or not probabilities.size:
            return ""
        if self.task is Task.MULTILABEL:
            return ", ".join(self.labels(probabilities)) or "none"
        return self.classes[self.best(probabilities)]

    def step_classes(self, output: NDArray[np.float32]) -> NDArray[np.int64]:
        """Return the class of each step of one spectrum, shape (steps,)."""
        return self.best_of_rows(self.step_probabilities(output[None])[0])

    def doubtful(self, outputs: NDArray[np.float32]) -> NDArray[np.bool_]:
        """Return of which of n spectra the output is no probabilities; `doubt` says why.

        Parameters
        ----------
        outputs : ndarray, shape (n, *shape)
            What the network computed.
        """
        found: NDArray[np.bool_] = np.logical_or.reduce(self._faults(outputs))
        return found

    def _faults(self, outputs: NDArray[np.float32]) -> tuple[NDArray[np.bool_], ...]:
        """Return which of n outputs leave 0 to 1, do not add up to 1, or are always 1."""
        nothing: NDArray[np.bool_] = np.zeros(len(outputs), bool)
        if self.is_values or self.output.activation == "linear" or not len(outputs):
            return nothing, nothing, nothing
        rows = self.rows(outputs).astype(np.float64)
        finite: NDArray[np.bool_] = np.asarray(np.isfinite(rows).all(axis=(1, 2)))
        outside = np.asarray((rows < -_TOLERANCE).any(axis=(1, 2)))
        sums = nothing
        if self.apart:
            outside |= (rows > 1 + _TOLERANCE).any(axis=(1, 2))
        else:
            sums = (np.abs(rows.sum(axis=2) - 1) > _TOLERANCE).any(axis=1)
        alone = self.single and self.output.activation == "softmax"
        return outside & finite, sums & finite, finite if alone else nothing

    def doubt(self, output: NDArray[np.float32]) -> str:
        """Return in what way the output of one spectrum is no probabilities; empty if it is.

        Parameters
        ----------
        output : ndarray, shape (*shape,)
            What the network computed.
        """
        outside, sums, alone = (bool(fault[0]) for fault in self._faults(output[None]))
        if not (outside or sums or alone):
            return ""
        rows = self.rows(output[None])[0].astype(np.float64)
        if outside:
            low, high = float(rows.min()), float(rows.max())
            worst = low if low < -_TOLERANCE else high
            return f"The output {worst:.3g} is no probability: it is not between 0 and 1."
        if sums:
            whole = rows.sum(axis=1)
            worst = float(whole[np.argmax(np.abs(whole - 1))])
            return f"The outputs add up to {worst:.3g}, not to 1: they are no probabilities."
        return "A softmax over one unit is always 1: this output carries no information."

    @property
    def apart(self) -> bool:
        """Whether each output is a probability of its own."""
        return self.single or self.task is Task.MULTILABEL


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the softmax along the last axis, computed in double precision."""
    shifted = np.asarray(scores, np.float64)
    shifted = shifted - shifted.max(axis=-1, keepdims=True)
    powers = np.exp(shifted)
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def _sigmoid(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(scores, np.float64))), np.float32)
