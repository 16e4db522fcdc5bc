"""What the inspector shows of one sample; frozen, in float64."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.view.numbers import aligned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from spectracnn.state.selection import Sample

TOLERANCE = 1e-5
"""How far a sum may be from the network's own, which is in float32, relative to its terms."""


@dataclass(frozen=True)
class Check:
    """Whether the numbers shown add up to the network's own.

    Parameters
    ----------
    computed : float
        From the numbers shown, in float64.
    network : float
        What the network has, in float32.
    size : float
        Sum of the magnitudes of the terms: rounding errors are relative to it.
    """

    computed: float
    network: float
    size: float

    @property
    def difference(self) -> float:
        """How far they are apart; 0 where both are the same infinity or not a number."""
        if self.computed == self.network or (np.isnan(self.computed) and np.isnan(self.network)):
            return 0.0
        return abs(self.computed - self.network)

    @property
    def agrees(self) -> bool:
        """Whether rounding explains the difference."""
        return self.difference <= TOLERANCE * max(self.size, abs(self.network))


@dataclass(frozen=True)
class Line:
    """One line of the sum.

    Parameters
    ----------
    symbol : str
        Such as ``+`` or ``=``.
    label : str
        What the number is.
    value : float
        The number.
    strong : bool
        Whether it is a result.
    sample : Sample or None
        Where it is from.
    count : bool
        Whether it counts things.
    """

    symbol: str
    label: str
    value: float
    strong: bool = False
    sample: Sample | None = None
    count: bool = False


def line_texts(lines: Iterable[Line], digits: int = 6) -> list[str]:
    """Return the lines' numbers with equally many decimals; counts have none."""
    rows = list(lines)
    texts = iter(aligned((line.value for line in rows if not line.count), digits))
    return [f"{line.value:.0f}" if line.count else next(texts) for line in rows]


@dataclass(frozen=True, eq=False)
class Convolution:
    """A kernel on a window of the input.

    Parameters
    ----------
    source : int
        Index of the layer that is read, ``SPECTRUM`` for the model's input.
    taps : ndarray, shape (taps,), int64
        Step of the source under each weight; outside of it, padding.
    inside : ndarray, shape (taps,), bool
        False for padding, whose value is 0.
    places : ndarray, shape (taps,), float64
        For people: the eigenvalue's index for the model's input, else the step.
    channels : ndarray, shape (channels,), int64
        Of the source, which this filter reads: all of them but for grouped convolutions.
    window, kernel, products : ndarray, shape (taps, channels), float64
        Values, weights, and one times the other.
    sums : ndarray, shape (channels,), float64
        Of the products, for each channel.
    order : ndarray, shape (channels,), int64
        Places in ``channels``, the largest magnitude of the sum first.
    stride : int
        By how many samples of the source the window moves from one step to the next.
    labels : tuple of str
        What to call each tap where a number does not do, such as ``2,5`` for row and column.
    """

    source: int
    taps: NDArray[np.int64]
    inside: NDArray[np.bool_]
    places: NDArray[np.float64]
    channels: NDArray[np.int64]
    window: NDArray[np.float64]
    kernel: NDArray[np.float64]
    products: NDArray[np.float64]
    sums: NDArray[np.float64]
    order: NDArray[np.int64]
    stride: int = 1
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Pooling:
    """A window of the input, and what is kept of it.

    Parameters
    ----------
    source : int
        Index of the layer that is read, ``SPECTRUM`` for the model's input.
    channel : int
        Of the source.
    taps : ndarray, shape (taps,), int64
        Steps of the source; outside of it, padding, which pooling leaves out.
    inside : ndarray, shape (taps,), bool
        False for padding.
    places : ndarray, shape (taps,), float64
        As for `Convolution`.
    window : ndarray, shape (taps,), float64
        Values; 0 where there are none.
    winner : int or None
        Place in ``window`` of the value that is kept; None for a mean.
    stride, labels
        As for `Convolution`.
    """

    source: int
    channel: int
    taps: NDArray[np.int64]
    inside: NDArray[np.bool_]
    places: NDArray[np.float64]
    window: NDArray[np.float64]
    winner: int | None
    stride: int = 1
    labels: tuple[str, ...] = ()

    @property
    def discarded(self) -> NDArray[np.float64]:
        """The values that leave no trace in the output; none for a mean."""
        if self.winner is None:
            return self.window[:0]
        kept = np.arange(self.window.size) != self.winner
        return np.asarray(self.window[self.inside & kept])


@dataclass(frozen=True, eq=False)
class WeightedSum:
    """A weighted sum of a whole vector, the largest terms first.

    Parameters
    ----------
    source : int
        Index of the layer that is read, ``SPECTRUM`` for the model's input.
    units : ndarray, shape (inputs,), int64
        Places in the input vector, the largest magnitude of the product first.
    inputs, weights, products : ndarray, shape (inputs,), float64
        In that order.
    origins : tuple of (Sample or None)
        For the first of them: the sample of a feature map that was copied there.
    names : tuple of str
        Of these origins.
    """

    source: int
    units: NDArray[np.int64]
    inputs: NDArray[np.float64]
    weights: NDArray[np.float64]
    products: NDArray[np.float64]
    origins: tuple[Sample | None, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Softmax:
    """Scores that become shares of one.

    Parameters
    ----------
    names : tuple of str
        Of the classes, else of the units.
    logits, exponentials, probabilities : ndarray, shape (n,), float64
        ``exponentials`` are ``exp(logit - largest logit)``; ``probabilities`` are these divided by
        their sum, which is the same as without subtracting.
    place : int
        Which one is inspected.
    """

    names: tuple[str, ...]
    logits: NDArray[np.float64]
    exponentials: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    place: int


Body = Convolution | Pooling | WeightedSum


@dataclass(frozen=True, eq=False)
class Inspection:
    """One sample explained.

    Parameters
    ----------
    sample : Sample
        Which one.
    title, subtitle : str
        The layer; filter, step, and eigenvalues that are read.
    sentence : str
        What this layer does.
    body : Convolution, Pooling, WeightedSum or None
        The terms.
    softmax : Softmax or None
        What follows where the activation is a softmax.
    lines : tuple of Line
        From the terms to the value.
    check : Check or None
        None where no arithmetic is shown.
    activation : str
        The activation between the last two lines, where it is a function of one number.
    function : callable or None
        The activation itself.
    before : float or None
        What went into it.
    """

    sample: Sample
    title: str
    subtitle: str
    sentence: str
    body: Body | None = None
    softmax: Softmax | None = None
    lines: tuple[Line, ...] = ()
    check: Check | None = None
    activation: str = ""
    function: Callable[[float], float] | None = None
    before: float | None = None
