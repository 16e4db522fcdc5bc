"""Structures that stand one after the other in a network's input: their names along the axis."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.outputs import Arrangement
from spectracnn.state.selection import SpectrumMode
from spectracnn.view.contents import Curve
from spectracnn.view.spectra import VALUE_LABELS, input_positions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.view.contents import SpectrumPicture


def is_joined(description: ModelDescription | None) -> bool:
    """Whether the structures stand one after the other along the steps."""
    return description is not None and description.arrangement is Arrangement.CONCATENATED


def sample_name(description: ModelDescription, positions: NDArray[np.int64], sample: int) -> str:
    """Return structure and eigenvalue of an input sample, such as ``ThalRadL, 17``."""
    return f"{_structure(description, sample)}, {int(positions[sample])}"


def _structure(description: ModelDescription, sample: int) -> str:
    place = sample // description.values_each
    return description.structures[place] or f"structure {place}"


def run_names(
    description: ModelDescription,
    positions: NDArray[np.int64],
    runs: Sequence[tuple[int, int]],
) -> str:
    """Return runs of input samples in words; a run over a seam is named on both sides."""
    each, parts = description.values_each, []
    for first, last in runs:
        for place in range(first // each, last // each + 1):
            low, high = max(first, place * each), min(last, (place + 1) * each - 1)
            ends = sorted({int(positions[low]), int(positions[high])})
            words = "\u2013".join(map(str, ends))
            parts.append(f"{_structure(description, low)} {words}")
    return ", ".join(parts[:4]) + (" \u2026" if len(parts) > 4 else "")


@lru_cache(maxsize=8)
def joined_picture(
    picture: SpectrumPicture, description: ModelDescription, trace: Trace
) -> SpectrumPicture:
    """Return the spectrum plot of all structures one after the other, as the network reads them.

    Parameters
    ----------
    picture : SpectrumPicture
        Of the chosen structure alone.
    description : ModelDescription
        The network.
    trace : Trace
        Of the subject.
    """
    axis, values = input_positions(trace.positions), trace.input[:, 0].astype(np.float64)
    each = description.values_each
    curves = tuple(
        Curve(
            _structure(description, first),
            axis[first : first + each],
            values[first : first + each],
            place,
            emphasised=True,
        )
        for place, first in enumerate(range(0, axis.size, each))
    )
    return replace(
        picture,
        curves=curves,
        mode=SpectrumMode.MODEL_INPUT,
        index_label=f"structures one after the other, {each} values each",
        value_label=VALUE_LABELS[SpectrumMode.MODEL_INPUT],
        used=(float(axis[0]), float(axis[-1])),
        notes=(),
    )
