"""The filters of a layer: their weights, what frequencies they pass, and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.state.tools import Ranking
from spectracnn.view.planes import is_image

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from spectracnn.core.trace import LayerInfo, Trace
    from spectracnn.core.weights import LayerWeights

_POINTS = 256
_PLANE_POINTS = 32


@dataclass(frozen=True, eq=False)
class Filter:
    """One filter.

    Parameters
    ----------
    channel : int
        Which feature map it makes.
    kernel : ndarray, shape (taps, channels in), float64
        Its weights; of a filter with rows and columns row by row.
    strongest : int
        The input channel whose weights are largest.
    response : ndarray, shape (frequencies,) or (row frequencies, frequencies), float64
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
    window : tuple of int
        ``(taps,)``, or ``(rows, columns)`` of filters that are images.
    row_frequencies : ndarray, shape (row frequencies,), float64
        Of filters that are images: cycles per row, from -0.5 on; empty elsewhere.
    """

    name: str
    filters: tuple[Filter, ...]
    frequencies: NDArray[np.float64]
    kernel_top: float
    response_top: float
    window: tuple[int, ...] = ()
    row_frequencies: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    @property
    def images(self) -> bool:
        """Whether each filter has rows and columns."""
        return len(self.window) == 2

    def image(self, item: Filter, channel: int | None = None) -> NDArray[np.float64]:
        """Return one input channel of a filter as an image, the strongest one if none is named."""
        return item.kernel[:, item.strongest if channel is None else channel].reshape(self.window)


def has_filters(info: LayerInfo) -> bool:
    """Tell whether a layer slides filters along the index axis, or along rows and columns."""
    along = info.layer_class in ("Conv1D", "DepthwiseConv1D") and info.is_sequence
    return along or (info.layer_class in ("Conv2D", "DepthwiseConv2D") and is_image(info))


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


def plane_response(
    kernel: NDArray[np.float64], dilation: tuple[int, int] = (1, 1)
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return what a kernel does to oscillations along rows and columns, as `frequency_response`.

    Parameters
    ----------
    kernel : ndarray, shape (rows, columns, channels)
        Weights.
    dilation : tuple of int
        Rows, and columns, of the input from one weight to the next.

    Returns
    -------
    row_frequencies : ndarray, shape (m,), float64
        Cycles per row, from -0.5 on.
    frequencies : ndarray, shape (n,), float64
        Cycles per column, from 0 to 0.5: the other half is the same, turned about.
    magnitude : ndarray, shape (m, n), float64
        Of the output for an input of magnitude 1.
    """
    sizes = [(size - 1) * rate + 1 for size, rate in zip(kernel.shape, dilation, strict=False)]
    spread = np.zeros((*sizes, kernel.shape[2]))
    spread[:: dilation[0], :: dilation[1]] = kernel
    points = [max(_PLANE_POINTS, 1 << (size - 1).bit_length()) for size in sizes]
    spectrum = np.fft.fftshift(np.fft.rfft2(spread, s=points, axes=(0, 1)), axes=0)
    magnitude = np.sqrt((np.abs(spectrum) ** 2).sum(axis=2))
    rows = np.fft.fftshift(np.fft.fftfreq(points[0]))
    return rows, np.arange(points[1] // 2 + 1) / points[1], np.asarray(magnitude, np.float64)


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
    if not has_filters(info) or kernel is None or kernel.ndim not in (3, 4):
        return None
    array = np.asarray(kernel, np.float64)
    window = array.shape[:-2]
    if info.layer_class.startswith("Depthwise"):
        array = array.reshape(*window, 1, -1)
    array = array.reshape(-1, *array.shape[-2:])
    output = None if trace is None else trace.layers[weights.layer].output
    known = contributions or {}
    filters = []
    frequencies = rows = np.zeros(0)
    for channel in range(array.shape[2]):
        own = array[:, :, channel]
        if len(window) == 2:
            rates = _rates(weights, info)
            rows, frequencies, response = plane_response(own.reshape(*window, -1), rates)
        else:
            frequencies, response = frequency_response(own, info.dilation or 1)
        filters.append(
            Filter(
                channel,
                own,
                int(np.argmax(np.square(own).sum(axis=0))),
                response,
                float(np.sqrt(np.square(own).sum())),
                None if output is None else float(output[..., channel].mean(dtype=np.float64)),
                known.get(channel),
            )
        )
    top = float(np.abs(array).max(initial=0.0)) or 1.0
    loudest = max((float(item.response.max()) for item in filters), default=0.0) or 1.0
    return FilterBank(info.name, tuple(filters), frequencies, top, loudest, window, rows)


def _rates(weights: LayerWeights, info: LayerInfo) -> tuple[int, int]:
    """Return the dilation of a filter along rows and columns."""
    rate = weights.settings.get("dilation_rate") or info.dilation or 1
    if isinstance(rate, int):
        return rate, rate
    return int(rate[0]), int(rate[-1])


def ranked(bank: FilterBank, ranking: Ranking) -> tuple[Filter, ...]:
    """Return the filters, the largest number first; those without one stay at the end."""

    def key(item: Filter) -> tuple[bool, float, int]:
        worth = item.worth(ranking)
        missing = worth is None or not np.isfinite(worth)
        return missing, 0.0 if missing or worth is None else -worth, item.channel

    return tuple(sorted(bank.filters, key=key))


def strongest_step(trace: Trace, layer: int, channel: int) -> int:
    """Return where a feature map has its largest magnitude; of an image counted row by row."""
    values = trace.layers[layer].output[..., channel]
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
    taps = [f"weight {tap}" for tap in range(filters[0].kernel.shape[0] if filters else 0)]
    heads = [f"|H({frequency:.6g})|" for frequency in bank.frequencies]
    if bank.images:
        places = np.ndindex(bank.window)
        taps = [f"weight {row},{column}" for row, column in places]
        heads = [
            f"|H({row:.6g}, {at:.6g})|" for row in bank.row_frequencies for at in bank.frequencies
        ]
    rows = [["filter", "input channel", "norm", "mean activation", "contribution", *taps, *heads]]
    for item in filters:
        sizes = [_cell(value) for value in (item.norm, item.activation, item.contribution)]
        response = [_cell(value) for value in item.response.ravel()]
        for channel in range(item.kernel.shape[1]):
            weights = [_cell(value) for value in item.kernel[:, channel]]
            rows.append([str(item.channel), str(channel), *sizes, *weights, *response])
    return "\n".join("\t".join(row) for row in rows) + "\n"


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"
