"""Two passes through the network, one taken from the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.logits import logits
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import LayerTrace, Trace
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import Selection, SpectrumMode
from spectracnn.view.pictures import Curve
from spectracnn.view.resolve import resolve
from spectracnn.view.spectra import VALUE_LABELS, input_positions
from spectracnn.view.value_range import value_range

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription
    from spectracnn.view.contents import Contents

_ID = 0


@dataclass(frozen=True)
class ChannelDifference:
    """How differently one filter sees two spectra.

    Parameters
    ----------
    layer, channel : int
        Which filter.
    rms : float
        Root of the mean squared difference over its steps, or its rows and columns.
    relative : float
        The same, as a share of the root mean square of the whole layer over both spectra, so that
        layers can be compared.
    """

    layer: int
    channel: int
    rms: float
    relative: float


@dataclass(frozen=True)
class LogitDifference:
    """One class's logits."""

    name: str
    first: float
    second: float

    @property
    def difference(self) -> float:
        """First minus second."""
        return self.first - self.second


def difference(first: Trace, second: Trace) -> Trace:
    """Return the first pass minus the second, number by number.

    Raises
    ------
    ValueError
        If they are not of the same network.
    """
    if len(first.layers) != len(second.layers):
        raise ValueError("traces of different networks cannot be compared")
    layers = tuple(
        LayerTrace(
            a.output - b.output,
            None if a.before is None or b.before is None else a.before - b.before,
        )
        for a, b in zip(first.layers, second.layers, strict=True)
    )
    return Trace(
        first.model_sha256,
        first.input - second.input,
        first.positions,
        layers,
        first.probabilities - second.probabilities,
        first.output - second.output,
    )


def compare_contents(
    model: ModelDescription,
    sides: tuple[tuple[str, Trace], tuple[str, Trace]],
    selection: Selection,
) -> Contents:
    """Return panels of the difference: both inputs on top, then each layer's first minus second.

    Parameters
    ----------
    model : ModelDescription
        The network.
    sides : pair of (str, Trace)
        Name and pass of each.
    selection : Selection
        How it is shown; what is current in it does not matter.

    Returns
    -------
    Contents
        For the same panels as the main window's.
    """
    (name, first), (other_name, second) = sides
    title = f"{name} \u2212 {other_name}"
    return made_contents(model, title, difference(first, second), sides, selection)


def made_contents(
    model: ModelDescription,
    title: str,
    made: Trace,
    sides: tuple[tuple[str, Trace], tuple[str, Trace]],
    selection: Selection,
) -> Contents:
    """Return panels of a pass that was computed from two others, whose inputs are on top.

    Parameters
    ----------
    model : ModelDescription
        The network.
    title : str
        What the maps show.
    made : Trace
        The maps.
    sides : pair of (str, Trace)
        Name and pass of each.
    selection : Selection
        How it is shown; what is current in it does not matter.
    """
    (name, first), (other_name, second) = sides
    entry = Entry(_ID, Spectrum(title, np.arange(first.positions.max() + 2.0)))
    document = Document((entry,), model, MappingProxyType({_ID: made}))
    shown = replace(
        selection,
        current=_ID,
        overlaid=frozenset(),
        spectrum_mode=SpectrumMode.MODEL_INPUT,
        muted=frozenset(),
    )
    contents = resolve(document, shown)
    at = input_positions(first.positions)
    curves = (
        Curve(other_name, at, _line(second.input), 1),
        Curve(name, at, _line(first.input), 0, emphasised=True),
    )
    used = (float(at[0]), float(at[-1]))
    reach = value_range(curves, used, contents.spectrum.value_scale)
    picture = replace(
        contents.spectrum,
        curves=curves,
        colour_fields=(),
        values=reach.shown,
        beyond=reach.beyond,
        notes=(),
        used=used,
        value_label=VALUE_LABELS[SpectrumMode.MODEL_INPUT],
    )
    low, high = min(used[0], 0.0) - 0.5, used[1] + 0.5
    return replace(contents, spectrum=picture, index_range=(low, high))


def _line(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the input along the index axis; of several structures their mean."""
    if values.ndim == 3:
        return np.asarray(values.mean(axis=(0, 2)), np.float64)
    return (
        np.asarray(values.mean(axis=-1), np.float64) if values.ndim == 2 else values.astype(float)
    )


def channel_differences(
    model: ModelDescription, first: Trace, second: Trace, most: int = 40
) -> list[ChannelDifference]:
    """Return the filters of all layers with maps that see the two most differently.

    Parameters
    ----------
    model : ModelDescription
        The network.
    first, second : Trace
        Its passes.
    most : int
        How many to return.

    Returns
    -------
    list of ChannelDifference
        The largest relative difference first.
    """
    found: list[ChannelDifference] = []
    for place, info in enumerate(model.layers):
        if not info.is_sequence and len(info.output_shape) != 3:
            continue
        a = first.layers[place].output.astype(np.float64)
        b = second.layers[place].output.astype(np.float64)
        rms = np.sqrt(np.mean((a - b) ** 2, axis=tuple(range(a.ndim - 1))))
        whole = float(np.sqrt((np.mean(a**2) + np.mean(b**2)) / 2)) or 1.0
        found += [
            ChannelDifference(place, channel, float(size), float(size) / whole)
            for channel, size in enumerate(rms)
        ]
    return sorted(found, key=lambda item: -item.relative)[:most]


def logit_differences(
    model: ModelDescription, first: Trace, second: Trace
) -> list[LogitDifference]:
    """Return every class's logits, the largest difference first."""
    rows = zip(model.classes, logits(model, first), logits(model, second), strict=True)
    found = [LogitDifference(name, float(a), float(b)) for name, a, b in rows]
    return sorted(found, key=lambda row: -abs(row.difference))
