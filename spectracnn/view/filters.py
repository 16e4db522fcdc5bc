"""The filters of a layer: their weights, what frequencies they pass, and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.tools import Ranking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, Trace
    from spectracnn.core.weights import LayerWeights

_POINTS = 256


@dataclass(frozen=True, eq=False)
class Filter:
    """One filter.

    Parameters
    ----------
    channel : int
        Which feature map it makes.
    kernel : ndarray, shape (taps, channels in), float64
        Its weights.
    strongest : int
        The input channel whose weights are largest.
    response : ndarray, shape (frequencies,), float64
        Magnitude of its frequency response.
    norm : float
        Square root of the sum of its squared weights.
    activation : float or None
        Mean of its feature map for the current spectrum.
    contribution : float or None
        By how much the class's score falls when the filter is muted.
    """

    channel: int
    kernel: NDArray[np.float64]
    strongest: int
    response: NDArray[np.float64]
    norm: float
    activation: float | None = None
    contribution: float | None = None

    def worth(self, ranking: Ranking) -> float | None:
        """Return the number that the filter is sorted by."""
        if ranking is Ranking.NORM:
            return self.norm
        return self.activation if ranking is Ranking.ACTIVATION else self.contribution


@dataclass(frozen=True, eq=False)
class FilterBank:
    """All filters of a layer.

    Parameters
    ----------
    name : str
        Of the layer.
    filters : tuple of Filter
        In the order of their channels.
    frequencies : ndarray, shape (frequencies,), float64
        Cycles per sample of the layer's input, from 0 to 0.5.
    kernel_top, response_top : float
        The largest magnitudes of all filters.
    """

    name: str
    filters: tuple[Filter, ...]
    frequencies: NDArray[np.float64]
    kernel_top: float
    response_top: float


def has_filters(info: LayerInfo) -> bool:
    """Tell whether a layer slides filters along the index axis."""
    return info.layer_class in ("Conv1D", "DepthwiseConv1D") and info.is_sequence


def frequency_response(
    kernel: NDArray[np.float64], dilation: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what a kernel does to oscillations along its input.

    ``H_c(f) = sum_k w[k, c] exp(-2 pi i f d k)`` with the dilation ``d`` [1]_, evaluated by a
    discrete Fourier transform of the zero-padded kernel; with several input channels the square
    root of ``sum_c |H_c|**2``, as if they oscillated independently.

    Parameters
    ----------
    kernel : ndarray, shape (taps, channels)
        Weights.
    dilation : int
        Samples of the input from one weight to the next.

    Returns
    -------
    frequencies : ndarray, shape (n,), float64
        Cycles per sample, from 0 to 0.5.
    magnitude : ndarray, shape (n,), float64
        Of the output for an input of magnitude 1.

    References
    ----------
    .. [1] Oppenheim and Schafer (2010), Discrete-Time Signal Processing, 3rd edition, section 2.6.
    """
    spread = np.zeros(((kernel.shape[0] - 1) * dilation + 1, kernel.shape[1]))
    spread[::dilation] = kernel
    points = max(_POINTS, 1 << (spread.shape[0] - 1).bit_length())
    spectrum = np.fft.rfft(spread, n=points, axis=0)
    magnitude = np.sqrt((np.abs(spectrum) ** 2).sum(axis=1))
    frequencies = np.arange(points // 2 + 1, dtype=np.float64) / points
    return frequencies, np.asarray(magnitude, np.float64)


def filter_bank(
    info: LayerInfo,
    weights: LayerWeights,
    trace: Trace | None = None,
    contributions: Mapping[int, float] | None = None,
) -> FilterBank | None:
    """Return the filters of a layer.

    Parameters
    ----------
    info : LayerInfo
        Of the layer.
    weights : LayerWeights
        Of the same.
    trace : Trace, optional
        The current spectrum's, for the mean activations.
    contributions : mapping of int to float, optional
        By channel, as far as they are known.

    Returns
    -------
    FilterBank or None
        None for a layer without filters.
    """
    kernel = weights.arrays.get("kernel")
    if not has_filters(info) or kernel is None or kernel.ndim != 3:
        return None
    array = np.asarray(kernel, np.float64)
    if info.layer_class == "DepthwiseConv1D":
        array = array.reshape(array.shape[0], 1, -1)
    output = None if trace is None else trace.layers[weights.layer].output
    known = contributions or {}
    filters = []
    frequencies = np.zeros(0)
    for channel in range(array.shape[2]):
        own = array[:, :, channel]
        frequencies, response = frequency_response(own, info.dilation or 1)
        filters.append(
            Filter(
                channel,
                own,
                int(np.argmax(np.square(own).sum(axis=0))),
                response,
                float(np.sqrt(np.square(own).sum())),
                None if output is None else float(output[:, channel].mean(dtype=np.float64)),
                known.get(channel),
            )
        )
    top = float(np.abs(array).max(initial=0.0)) or 1.0
    loudest = max((float(item.response.max()) for item in filters), default=0.0) or 1.0
    return FilterBank(info.name, tuple(filters), frequencies, top, loudest)


def ranked(bank: FilterBank, ranking: Ranking) -> tuple[Filter, ...]:
    """Return the filters, the largest number first; those without one stay at the end."""

    def key(item: Filter) -> tuple[bool, float, int]:
        worth = item.worth(ranking)
        missing = worth is None or not np.isfinite(worth)
        return missing, 0.0 if missing or worth is None else -worth, item.channel

    return tuple(sorted(bank.filters, key=key))


def strongest_step(trace: Trace, layer: int, channel: int) -> int:
    """Return where a feature map has its largest magnitude."""
    values = trace.layers[layer].output[:, channel]
    return int(np.argmax(np.abs(np.nan_to_num(values))))


def bank_tsv(bank: FilterBank, filters: tuple[Filter, ...]) -> str:
    """Return weights, sizes and frequency responses as tab-separated text.

    Parameters
    ----------
    bank : FilterBank
        Of the layer.
    filters : tuple of Filter
        In the order in which they are to be written.
    """
    heads = [f"|H({frequency:.6g})|" for frequency in bank.frequencies]
    rows = [["filter", "input channel", "norm", "mean activation", "contribution"]]
    taps = filters[0].kernel.shape[0] if filters else 0
    rows[0] += [f"weight {tap}" for tap in range(taps)] + heads
    for item in filters:
        sizes = [_cell(value) for value in (item.norm, item.activation, item.contribution)]
        response = [_cell(value) for value in item.response]
        for channel in range(item.kernel.shape[1]):
            weights = [_cell(value) for value in item.kernel[:, channel]]
            rows.append([str(item.channel), str(channel), *sizes, *weights, *response])
    return "\n".join("\t".join(row) for row in rows) + "\n"


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"
