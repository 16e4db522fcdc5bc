"""Where the structures of one subject meet, in a network that reads them one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.outputs import Arrangement
from spectracnn.core.weak_cache import weak_cache
from spectracnn.state.selection import SpectrumMode

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription, Trace
    from spectracnn.view.pictures import Curve, Seam, SpectrumPicture


def is_concatenated(model: ModelDescription | None) -> bool:
    """Return whether a network reads several structures as one long spectrum."""
    if model is None or len(model.structures) < 2:
        return False
    return model.arrangement is Arrangement.CONCATENATED


@weak_cache(16)
def seams(model: ModelDescription, trace: Trace) -> tuple[Seam, ...]:
    """Return where each structure begins on the index axis, and its name; empty for one alone.

    The eigenvalues of a concatenated input stand at their rank, one structure behind the other.
    """
    if not is_concatenated(model):
        return ()
    start = float(trace.positions.min()) - 0.5
    return tuple(
        (start + place * model.values_each, name or f"structure {place + 1}")
        for place, name in enumerate(model.structures)
    )


def offset_of(model: ModelDescription | None, structure: str) -> int:
    """Return how far a structure's eigenvalues stand behind their place in its spectrum."""
    if model is None or not is_concatenated(model) or structure not in model.structures:
        return 0
    return model.structures.index(structure) * model.values_each


@weak_cache(8)
def concatenated(
    picture: SpectrumPicture,
    model: ModelDescription,
    trace: Trace,
    structures: tuple[tuple[int, str], ...],
) -> SpectrumPicture:
    """Return the spectrum plot over the axis of the whole input.

    Parameters
    ----------
    picture : SpectrumPicture
        As of single structures.
    model : ModelDescription
        A network that reads structures one after the other.
    trace : Trace
        Of the current subject.
    structures : tuple of (int, str)
        The structure of each spectrum that is drawn, by entry.
    """
    found = seams(model, trace)
    blocks = {name: place for place, name in enumerate(model.structures)}
    of_entry = dict(structures)
    start, each = found[0][0] + 0.5, model.values_each
    prepared = picture.mode is SpectrumMode.MODEL_INPUT
    curves = []
    for curve in picture.curves:
        if curve.emphasised and prepared:
            values = np.asarray(trace.input, np.float64).reshape(-1)
            at = start + np.arange(values.size, dtype=np.float64)
            curves.append(replace(curve, x=at, y=values))
            continue
        name = "" if curve.entry_id is None else of_entry.get(curve.entry_id, "")
        to = start + blocks.get(name, 0) * each
        # Of a prepared spectrum the ranks count, wherever in the file its values stood.
        first = float(curve.x.min(initial=start)) if prepared else start
        curves.append(_moved(curve, to, first, each))
    last = start + each * len(found) - 1
    return replace(picture, curves=tuple(curves), used=(start, last), seams=found)


def _moved(curve: Curve, to: float, start: float, each: int) -> Curve:
    """Return what of a curve the network reads, in the place of its structure."""
    inside = (curve.x >= start) & (curve.x < start + each)
    return replace(curve, x=curve.x[inside] - start + to, y=curve.y[inside])
