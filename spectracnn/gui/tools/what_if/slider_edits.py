"""What each slider of the what-if tab does to the values. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from spectracnn.core.edits import Mix, Noise, Offset, Scale, Smooth, Space, Zero, to_the_scale_of
from spectracnn.state.document import current_entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.core.edits import Edit
    from spectracnn.core.spectrum import Spectrum
    from spectracnn.state.document import Document, Entry
    from spectracnn.state.selection import Selection


@dataclass(frozen=True, eq=False)
class EditTarget:
    """What an edit acts on.

    Parameters
    ----------
    space : Space
        Eigenvalues or the model's input.
    first, last : int
        The run, both ends included.
    size : int
        How many values there are.
    spread : float
        From the smallest to the largest value, for the reach of the sliders.
    positions : ndarray, shape (size,), int64
        Which of the file's eigenvalues each value came from.
    spectrum : Spectrum or None
        The current one, as edited so far.
    """

    space: Space
    first: int
    last: int
    size: int
    spread: float
    positions: NDArray[np.int64]
    spectrum: Spectrum | None

    @classmethod
    def of(cls, document: Document, selection: Selection, space: Space) -> EditTarget:
        """Return the current spectrum's values of a space, all of them or the chosen run."""
        entry = current_entry(document, selection)
        trace = document.traces.get(entry.id) if entry is not None else None
        if space is Space.INPUT:
            values: NDArray[np.floating] = (
                trace.input if trace is not None else np.zeros(0, np.float32)
            )
            positions = trace.positions if trace is not None else np.zeros(0, np.int64)
        else:
            values = entry.spectrum.eigenvalues if entry is not None else np.zeros(0)
            positions = np.arange(values.size)
        finite = values[np.isfinite(values)]
        spread = float(np.ptp(finite)) if finite.size else 0.0
        size = int(values.shape[0])
        spectrum = entry.spectrum if entry is not None else None
        return cls(space, 0, max(size - 1, 0), size, spread, positions, spectrum)

    def within(self, span: tuple[int, int] | None) -> EditTarget:
        """Return the target with this run, or all of it."""
        return self if span is None else replace(self, first=span[0], last=span[1])

    def with_eigenvalues(self, first: int, last: int) -> EditTarget:
        """Return the run of the model's input that came from these of the file's eigenvalues."""
        inside = np.flatnonzero((self.positions >= first) & (self.positions <= last))
        if not inside.size:
            return replace(self, first=self.size, last=self.size)
        return replace(self, first=int(inside[0]), last=int(inside[-1]))


@dataclass(frozen=True)
class SliderInfo:
    """One slider.

    Parameters
    ----------
    title : str
        At its left.
    ends : (int, int)
        Its range in steps; 0 changes nothing.
    told : callable
        From steps to words.
    make : callable
        From target and steps to the edit.
    """

    title: str
    ends: tuple[int, int]
    caption: Callable[[int], str]
    make: Callable[[EditTarget, int], Edit]


def _scale(target: EditTarget, value: int) -> Edit:
    return _placed(Scale(factor=1 + value / 100), target)


def _move(target: EditTarget, value: int) -> Edit:
    return _placed(Offset(amount=value / 100 * target.spread), target)


def _smooth(target: EditTarget, value: int) -> Edit:
    return _placed(Smooth(reach=value), target)


def _noise(target: EditTarget, value: int) -> Edit:
    share = value / 1000
    return _placed(Noise(sd=share * (target.spread if target.space is Space.INPUT else 1)), target)


def _placed(edit: Edit, target: EditTarget) -> Edit:
    """Return the edit on the target's run."""
    whole = target.first == 0 and target.last >= target.size - 1
    last = edit.last if whole else target.last
    return replace(edit, space=target.space, first=target.first, last=last)


SLIDERS = {
    "scale": SliderInfo("Scale", (-50, 50), lambda v: f"\u00d7 {1 + v / 100:.2f}", _scale),
    "move": SliderInfo("Move", (-25, 25), lambda v: f"{v:+d} %" if v else "0 %", _move),
    "smooth": SliderInfo("Smooth", (0, 15), lambda v: f"over {2 * v + 1}", _smooth),
    "noise": SliderInfo("Noise", (0, 100), lambda v: f"{v / 10:.1f} %", _noise),
}


def edit_for(name: str, target: EditTarget, value: int) -> Edit | None:
    """Return what a slider at this value does; None where it does nothing."""
    return SLIDERS[name].make(target, value) if value and target.size else None


def mix_edit(target: EditTarget, other: Entry, value: int) -> Edit | None:
    """Return a mix of the current spectrum with another one, brought to its scale."""
    if not value or target.spectrum is None:
        return None
    values = to_the_scale_of(target.spectrum, other.spectrum)
    share, name = value / 100, other.spectrum.name
    return Mix(space=Space.EIGENVALUES, other=values, share=share, name=name)


def zero_edit(target: EditTarget) -> Edit:
    """Return the edit that sets a run of the model's input to 0."""
    return _placed(Zero(), target)
