"""Receptive fields: which samples of the model's input a sample of a feature map depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array, refreeze

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ReceptiveField:
    """The exact receptive field of every step of one layer's output.

    Parameters
    ----------
    mask : ndarray, shape (steps, inputs), bool
        True where the output step depends on the input sample. Exact at the borders and for
        dilated kernels, whose fields have holes.
    start, stop : ndarray, shape (steps,), float64
        First and last input position of the nominal field, both included. They may lie outside
        ``0 .. inputs - 1``: there the field covers padding.
    size : int
        Number of input positions the nominal field spans.
    jump : float
        Distance in input positions between the fields of neighbouring steps.
    """

    mask: NDArray[np.bool_]
    start: NDArray[np.float64]
    stop: NDArray[np.float64]
    size: int
    jump: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mask", frozen_array(self.mask, np.bool_))
        object.__setattr__(self, "start", frozen_array(self.start, np.float64))
        object.__setattr__(self, "stop", frozen_array(self.stop, np.float64))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        refreeze(self)

    @property
    def steps(self) -> int:
        """Number of output steps."""
        return int(self.mask.shape[0])

    @property
    def centres(self) -> NDArray[np.float64]:
        """Where each step sits on the axis of the model's input, shape (steps,)."""
        return (self.start + self.stop) / 2

    def runs(self, step: int) -> list[tuple[int, int]]:
        """Return the input samples of one step as ranges ``(first, last)``, both included."""
        inside = np.concatenate(([False], self.mask[step], [False])).astype(np.int8)
        edges = np.diff(inside)
        firsts = np.flatnonzero(edges == 1)
        lasts = np.flatnonzero(edges == -1) - 1
        return list(zip(firsts.tolist(), lasts.tolist(), strict=True))

    @property
    def covers_everything(self) -> bool:
        """Whether every step depends on every input sample, as after a Dense layer."""
        return bool(self.mask.all())

    @classmethod
    def of_input(cls, inputs: int) -> ReceptiveField:
        """Return the field of the input itself: each sample depends on itself."""
        positions = np.arange(inputs, dtype=np.float64)
        return cls(np.eye(inputs, dtype=np.bool_), positions, positions, 1, 1.0)

    @classmethod
    def everything(cls, steps: int, inputs: int) -> ReceptiveField:
        """Return the field of a layer whose every step sees the whole input."""
        return cls(
            mask=np.ones((steps, inputs), dtype=np.bool_),
            start=np.zeros(steps),
            stop=np.full(steps, inputs - 1.0),
            size=inputs,
            jump=0.0,
        )
