"""Structures that stand one after the other in a network's input: their names along the axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.core.outputs import Arrangement

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.core.trace import ModelDescription


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
