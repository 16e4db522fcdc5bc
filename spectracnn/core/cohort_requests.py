"""Requests about many spectra at once, and their answers, which are joined part by part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray  # noqa: TC002  (a dataclass field)

from spectracnn.core.attribution import AttributionOptions
from spectracnn.core.requests import OverSpectra

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.attribution import Method
    from spectracnn.errors import SpectraCNNError


@dataclass(frozen=True, eq=False)
class CollectMoments(OverSpectra):
    """Mean and spread of all maps of a group; the answer is its `Moments`.

    Parameters as of `OverSpectra`.
    """


@dataclass(frozen=True, eq=False)
class CollectLayers(OverSpectra):
    """Every layer's output for some spectra; the answer is `LayerOutputs`.

    Parameters as of `OverSpectra`.
    """


@dataclass(frozen=True, eq=False)
class CollectAttributions(OverSpectra):
    """How much each eigenvalue speaks for a class, of many spectra; the answer is `Attributions`.

    Parameters
    ----------
    method : Method
        How.
    target : int
        Which class.
    options : AttributionOptions
        With what.
    spectra, muted, input_edits, weight_edits
        As of `OverSpectra`.
    """

    method: Method
    target: int
    options: AttributionOptions = field(default_factory=AttributionOptions)


@dataclass(frozen=True, eq=False)
class Moments:
    """Mean and sum of squared deviations of the arrays of a network's passes.

    Parts are joined pairwise, so that neither memory nor rounding grows with their number.

    Parameters
    ----------
    count : int
        How many spectra were taken.
    means, squares : tuple of ndarray, float64
        Of the input, of each layer's output, of the probabilities and of the bare output.
    positions : ndarray, shape (steps,), int64
        Which of the file's eigenvalues each input sample of the first one came from.
    errors : tuple of SpectraCNNError or None
        One a spectrum: why it was refused.

    References
    ----------
    .. [1] Chan, Golub & LeVeque (1983), The American Statistician 37(3), 242-247.
    """

    count: int
    means: tuple[NDArray[np.float64], ...]
    squares: tuple[NDArray[np.float64], ...]
    positions: NDArray[np.int64]
    errors: tuple[SpectraCNNError | None, ...]

    @classmethod
    def of(
        cls,
        arrays: Sequence[NDArray[np.floating]],
        positions: NDArray[np.int64],
        errors: tuple[SpectraCNNError | None, ...],
    ) -> Moments:
        """Return the moments along the first axis of arrays."""
        count = len(arrays[0])
        means, squares = [], []
        for array in arrays:
            values = np.asarray(array, np.float64)
            mean = values.mean(axis=0) if count else np.zeros(values.shape[1:])
            means.append(mean)
            squares.append(np.sum((values - mean) ** 2, axis=0))
        return cls(count, tuple(means), tuple(squares), positions, errors)

    def with_part(self, part: Moments) -> Moments:
        """Return the moments of both together."""
        total = self.count + part.count
        share = part.count / total if total else 0.0
        means, squares = [], []
        for mine, other, square, more in zip(
            self.means, part.means, self.squares, part.squares, strict=True
        ):
            apart = other - mine
            means.append(mine + apart * share)
            squares.append(square + more + apart**2 * (self.count * share))
        positions = self.positions if self.count else part.positions
        return Moments(total, tuple(means), tuple(squares), positions, self.errors + part.errors)

    @classmethod
    def joined(cls, parts: Sequence[Moments]) -> Moments:
        """Return the moments of all parts together."""
        whole = parts[0]
        for part in parts[1:]:
            whole = whole.with_part(part)
        return whole


@dataclass(frozen=True, eq=False)
class LayerOutputs:
    """What a network computed for n spectra.

    Parameters
    ----------
    inputs : ndarray, shape (n, ...), float32
        NaN where a spectrum was refused.
    outputs : tuple of ndarray, shape (n, features), float32
        Every layer's.
    probabilities : ndarray, shape (n, classes), float32
        What it says.
    errors : tuple of SpectraCNNError or None
        One a spectrum.
    """

    inputs: NDArray[np.float32]
    outputs: tuple[NDArray[np.float32], ...]
    probabilities: NDArray[np.float32]
    errors: tuple[SpectraCNNError | None, ...]

    @classmethod
    def joined(cls, parts: Sequence[LayerOutputs]) -> LayerOutputs:
        """Return the answers to a batch from those to its chunks."""
        columns = zip(*(part.outputs for part in parts), strict=True)
        return cls(
            np.concatenate([part.inputs for part in parts]),
            tuple(np.concatenate(column) for column in columns),
            np.concatenate([part.probabilities for part in parts]),
            tuple(error for part in parts for error in part.errors),
        )


@dataclass(frozen=True, eq=False)
class Attributions:
    """How much each input sample speaks for a class, summed over channels.

    Parameters
    ----------
    values : ndarray, shape (n, steps), float32
        NaN where a spectrum was refused.
    positions : ndarray, shape (n, steps), int64
        Which of the file's eigenvalues each came from; -1 where it was refused.
    errors : tuple of SpectraCNNError or None
        One a spectrum.
    """

    values: NDArray[np.float32]
    positions: NDArray[np.int64]
    errors: tuple[SpectraCNNError | None, ...]

    @classmethod
    def joined(cls, parts: Sequence[Attributions]) -> Attributions:
        """Return the answers to a batch from those to its chunks."""
        return cls(
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.positions for part in parts]),
            tuple(error for part in parts for error in part.errors),
        )
