"""What each panel draws. Frozen, free of Qt: the window and the exported figures draw the same.

Parts that change with the pointer (``...Marks``) are apart from those that do not, so that a panel
which sees the identical object again need not redraw it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from spectracnn.state.selection import ROBUST
from spectracnn.view.scales import LINEAR, AxisScale

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.state.selection import ColourRange, SpectrumMode
    from spectracnn.view.palettes import Palette, Tint
    from spectracnn.view.planes import Plane

Range = tuple[float, float]
Seam = tuple[float, str]
"""Where a structure begins on the index axis, and its name."""


class Clipped(NamedTuple):
    """How many finite cells lie below and above a colour range; infinite ones count apart."""

    below: int = 0
    above: int = 0

    @property
    def total(self) -> int:
        """Both together."""
        return self.below + self.above


NOTHING_CLIPPED = Clipped()


@dataclass(frozen=True, eq=False)
class Curve:
    """One line.

    Parameters
    ----------
    name : str
        For the legend.
    x, y : ndarray, shape (n,)
        Values, not display coordinates. NaN leaves a gap.
    colour : int
        Index into the colour cycle.
    emphasised : bool
        Drawn last and thicker, while others fade.
    entry_id : int or None
        Whose spectrum it is.
    ghost : bool
        Dashed and faint: what an edited spectrum was before.
    tint : Tint or None
        Its colour where curves are coloured by what is known of their spectra.
    """

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    colour: int
    emphasised: bool = False
    entry_id: int | None = None
    ghost: bool = False
    tint: Tint | None = None


@dataclass(frozen=True, eq=False)
class SpectrumPicture:
    """The part of the spectrum plot that does not follow the pointer.

    Parameters
    ----------
    curves : tuple of Curve
        In drawing order; the emphasised one is last.
    mode : SpectrumMode
        What is shown.
    index_label, value_label : str
        Of the axes, with units.
    index_scale, value_scale : AxisScale
        Of the axes.
    used : Range or None
        First and last index that the model reads, where known.
    notes : tuple of str
        What is not drawn and why.
    empty : str
        What to say when there is no curve.
    values : Range or None
        Which values the vertical axis shows; None for nothing to show.
    beyond : str
        What of the curves lies beyond it, in words; empty where nothing does.
    full_values : bool
        Whether all was asked for.
    seams : tuple of Seam
        Where structures begin that the network reads one after the other.
    coloured_by : str
        What the colours of the curves mean; empty where each has its own.
    colour_fields : tuple of str
        What they could mean.
    tint_legend : tuple of (str, Tint)
        The meaning of each colour, where they mean something.
    """

    curves: tuple[Curve, ...]
    mode: SpectrumMode
    index_label: str
    value_label: str
    index_scale: AxisScale = LINEAR
    value_scale: AxisScale = LINEAR
    used: Range | None = None
    notes: tuple[str, ...] = ()
    empty: str = ""
    values: Range | None = None
    beyond: str = ""
    full_values: bool = False
    seams: tuple[Seam, ...] = ()
    coloured_by: str = ""
    colour_fields: tuple[str, ...] = ()
    tint_legend: tuple[tuple[str, Tint], ...] = ()


@dataclass(frozen=True)
class SpectrumMarks:
    """What follows the pointer on the spectrum plot; positions are values, not coordinates.

    Parameters
    ----------
    bands : tuple of Range
        The receptive field as index ranges; half an index is added on each side.
    index : float or None
        Where the cursor line stands.
    point : tuple of float or None
        The current spectrum's ``(index, value)`` there.
    chosen : Range or None
        The eigenvalues whose way through the network is marked.
    held : bool
        Whether this is the pinned sample and not the one under the pointer.
    pinned : float or None
        Where the pinned sample stands, while another one is under the pointer.
    """

    bands: tuple[Range, ...] = ()
    index: float | None = None
    point: tuple[float, float] | None = None
    chosen: Range | None = None
    held: bool = False
    pinned: float | None = None


@dataclass(frozen=True, eq=False)
class LayerPicture:
    """The part of a layer's panel that does not follow the pointer.

    Parameters
    ----------
    image : ndarray, shape (channels, columns), float32
        Evenly spaced in display coordinates of the index axis (resampled to the nearest sample
        where the axis is logarithmic). A vector has one row, and its own axis of units.
    extent : Range
        Display coordinates of the image's left and right edge.
    levels : Range
        Values at the ends of the colour map; with ``normalised``, of the rows scaled to it.
    normalised : bool
        Whether each row was divided by its own largest magnitude.
    palette : Palette
        Signed or positive.
    values : ndarray, shape (steps, channels) or (units,)
        The numbers themselves.
    centres : ndarray, shape (steps,)
        Index-axis position of each step: the centre of its receptive field.
    curves : tuple of Curve
        For the line view: chosen channels; of a pooling layer also what was pooled.
    pooled : tuple of Curve
        For a pooling layer's line view: the same channels before pooling.
    vector : bool
        Whether there is no axis of steps.
    n_not_finite : int
        How many values are NaN or infinite.
    n_infinite : int
        How many of these are infinite.
    clipped : Clipped
        How many finite cells lie beyond ``levels``.
    full_top : float
        The largest finite magnitude; of normalised rows 1.
    colour_range : ColourRange
        How ``levels`` were found.
    index_scale : AxisScale
        Of the index axis; vectors have a linear axis of units.
    labels : tuple of str
        Names of a vector's units, where they have any: the classes.
    plane : Plane or None
        Of an output with rows, columns and channels: which channel is shown, and what its rows
        are. ``values`` is then of shape (along the index axis, rows).
    """

    image: NDArray[np.float32]
    extent: Range
    levels: Range
    normalised: bool
    palette: Palette
    values: NDArray[np.float32]
    centres: NDArray[np.float64]
    curves: tuple[Curve, ...]
    pooled: tuple[Curve, ...] = ()
    vector: bool = False
    n_not_finite: int = 0
    n_infinite: int = 0
    clipped: Clipped = NOTHING_CLIPPED
    full_top: float = 1.0
    colour_range: ColourRange = ROBUST
    index_scale: AxisScale = LINEAR
    labels: tuple[str, ...] = ()
    plane: Plane | None = None
    order: tuple[int, ...] = ()
    order_words: str = ""
    seams: tuple[Seam, ...] = ()

    def channel_at(self, row: int) -> int:
        """Return which channel a row of the image shows."""
        return self.order[row] if self.order else row

    @cached_property
    def rows_of(self) -> dict[int, int]:
        """The row of each channel, where they are not in the order of their numbers."""
        return {channel: row for row, channel in enumerate(self.order)}

    def row_of(self, channel: int) -> int:
        """Return in which row of the image a channel stands."""
        return self.rows_of.get(channel, channel)


@dataclass(frozen=True)
class LayerMarks:
    """What follows the pointer on a layer's panel.

    Parameters
    ----------
    bands : tuple of Range
        The receptive field as index ranges, as on the spectrum.
    index : float or None
        Where the cursor line stands.
    cell : tuple of (float, float, int) or None
        Left and right edge in display coordinates, and row of the map, of the marked sample.
    window : Range or None
        Display coordinates of the samples that the marked sample of the next layer reads directly.
    dependents : tuple of Range or None
        Display coordinates of all samples that depend on the chosen eigenvalues; None where none
        are chosen or no claim is made.
    held, pinned
        As on the spectrum.
    pin_cell : tuple of (float, float, int) or None
        The pinned sample as ``cell``, while another one is marked.
    """

    bands: tuple[Range, ...] = ()
    index: float | None = None
    cell: tuple[float, float, int] | None = None
    window: Range | None = None
    dependents: tuple[Range, ...] | None = None
    held: bool = False
    pinned: float | None = None
    pin_cell: tuple[float, float, int] | None = None
