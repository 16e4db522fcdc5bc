"""Receptive fields: which samples of the model's input a sample of a feature map depends on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from spectracnn.core.arrays import frozen_array

if TYPE_CHECKING:
    from numpy.typing import NDArray


class ReceptiveField:
    """The exact receptive field of every step of one layer's output.

    Parameters
    ----------
    mask : ndarray, shape (steps, inputs), bool
        True where the output step depends on the input sample. Exact at the borders and for
        dilated kernels, whose fields have holes. Kept with eight samples a byte: a network that
        reads thousands of samples has a field of many millions.
    start, stop : ndarray, shape (steps,), float64
        First and last input position of the nominal field, both included. They may lie outside
        ``0 .. inputs - 1``: there the field covers padding.
    size : int
        Number of input positions the nominal field spans.
    jump : float
        Distance in input positions between the fields of neighbouring steps.
    """

    __slots__ = ("_bits", "covers_everything", "inputs", "jump", "size", "start", "stop")

    def __init__(
        self,
        mask: NDArray[np.bool_],
        start: NDArray[np.float64],
        stop: NDArray[np.float64],
        size: int,
        jump: float,
    ) -> None:
        given = np.asarray(mask, np.bool_)
        self.inputs = int(given.shape[1])
        self._bits = np.packbits(given, axis=1)
        self.start: NDArray[np.float64] = frozen_array(start, np.float64)
        self.stop: NDArray[np.float64] = frozen_array(stop, np.float64)
        self.size, self.jump = size, jump
        #: Whether every step depends on every input sample, as after a Dense layer.
        self.covers_everything = bool(given.all())

    def __getstate__(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        for name, value in zip(self.__slots__, state, strict=True):
            if isinstance(value, np.ndarray):
                value.flags.writeable = False  # pickling forgets that
            setattr(self, name, value)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The whole mask, unpacked anew and read-only; one step's is cheaper by `runs`."""
        whole = np.unpackbits(self._bits, axis=1, count=self.inputs).view(np.bool_)
        whole.flags.writeable = False
        return whole

    def depends_on(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which steps depend on any of the chosen input samples.

        Parameters
        ----------
        chosen : ndarray, shape (inputs,), bool
            Samples of the model's input.

        Returns
        -------
        ndarray, shape (steps,), bool
            By step.
        """
        return np.asarray((self._bits & np.packbits(chosen)).any(axis=1), np.bool_)

    @property
    def steps(self) -> int:
        """Number of output steps."""
        return int(self._bits.shape[0])

    @property
    def centres(self) -> NDArray[np.float64]:
        """Where each step sits on the axis of the model's input, shape (steps,)."""
        return (self.start + self.stop) / 2

    def runs(self, step: int) -> list[tuple[int, int]]:
        """Return the input samples of one step as ranges ``(first, last)``, both included."""
        row = np.unpackbits(self._bits[step], count=self.inputs).astype(np.int8)
        inside = np.concatenate(([0], row, [0])).astype(np.int8)
        edges = np.diff(inside)
        firsts = np.flatnonzero(edges == 1)
        lasts = np.flatnonzero(edges == -1) - 1
        return list(zip(firsts.tolist(), lasts.tolist(), strict=True))

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


@dataclass(frozen=True, eq=False)
class PlanarField:
    """The exact receptive field of every sample of a layer that slides along rows and columns.

    A sample at row ``r`` and column ``c`` depends on the input samples at the rows of
    ``rows.mask[r]`` and the columns of ``columns.mask[c]``: a rectangle, with holes where kernels
    are dilated.

    Parameters
    ----------
    rows, columns : ReceptiveField
        Along each axis by itself.
    """

    rows: ReceptiveField
    columns: ReceptiveField

    def contains(self, other: PlanarField) -> bool:
        """Whether each sample depends on all that the same sample of the other depends on."""
        pairs = ((self.rows, other.rows), (self.columns, other.columns))
        return all(
            mine.mask.shape == its.mask.shape and bool((mine.mask | ~its.mask).all())
            for mine, its in pairs
        )
