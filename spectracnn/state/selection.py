"""What the person looks at, and how. Frozen; replaced as a whole on every change."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  (a dataclass field)
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spectracnn.core.weight_edits import WeightEdit

SPECTRUM = -1
"""The ``layer`` of a sample that lies on the spectrum itself."""


class SpectrumMode(StrEnum):
    """What the spectrum plot shows."""

    RAW = "Raw"
    UNIT_AREA = "Unit area"
    WEYL = "Weyl ratio"
    MODEL_INPUT = "Model input"
    WAVELENGTH = "Wavelength"


class LayerMode(StrEnum):
    """How a layer's panel draws its feature maps."""

    HEAT_MAP = "Heat map"
    LINES = "Lines"


class Stage(StrEnum):
    """Which side of a fused activation is shown."""

    BEFORE = "Before activation"
    AFTER = "After activation"


class ColourScale(StrEnum):
    """Over what the colour range is taken."""

    MAP = "Each map"
    LAYER = "Each layer"
    NETWORK = "Whole network"


class ChannelOrder(StrEnum):
    """In which order the channels of a layer stand in its map."""

    AUTO = "Automatic"
    INDEX = "By number"
    ACTIVITY = "By activity"
    CONTRIBUTION = "By contribution"
    SIMILARITY = "By similarity"


class RangeKind(StrEnum):
    """How a colour range is found."""

    ROBUST = "Robust"
    FULL = "Full"
    OWN = "Own"


@dataclass(frozen=True)
class ColourRange:
    """From where to where the colours of a map run.

    Parameters
    ----------
    kind : RangeKind
        Robust: single cells that dominate are clipped. Full: from end to end. Own: ``low`` to
        ``high``.
    low, high : float
        Of an own range; of a signed map the larger magnitude holds for both ends. Where each map
        has its own range, shares of it.
    scale : ColourScale
        Over what the range was taken when it was chosen; elsewhere it does not hold.
    stage : Stage
        On which side of the activation it was chosen; on the other it does not hold.
    """

    kind: RangeKind = RangeKind.ROBUST
    low: float = 0.0
    high: float = 1.0
    scale: ColourScale = ColourScale.LAYER
    stage: Stage = Stage.AFTER


ROBUST = ColourRange()
"""The range where nobody chose another."""


@dataclass(frozen=True)
class Sample:
    """One number on the screen.

    Parameters
    ----------
    layer : int
        Index in ``ModelDescription.layers``; ``SPECTRUM`` for the spectrum plot.
    step : int
        Position in the layer's output; on the spectrum plot the eigenvalue's index in the file.
    channel : int
        Which feature map; 0 on the spectrum and for vectors.
    """

    layer: int
    step: int
    channel: int = 0


@dataclass(frozen=True)
class LayerOptions:
    """How one layer's panel is shown.

    Parameters
    ----------
    mode : LayerMode
        Heat map or lines.
    stage : Stage
        Before or after the fused activation, where there is one.
    channels : tuple of int
        Drawn as lines; empty means the strongest few.
    collapsed : bool
        Only the title line is shown.
    colour_range : ColourRange
        Of its map, where ranges are a layer's own.
    """

    mode: LayerMode = LayerMode.HEAT_MAP
    stage: Stage = Stage.AFTER
    channels: tuple[int, ...] = ()
    collapsed: bool = False
    colour_range: ColourRange = ROBUST


@dataclass(frozen=True)
class Selection:
    """What is chosen.

    Parameters
    ----------
    current : int or None
        Id of the entry whose maps are shown.
    overlaid : frozenset of int
        Ids of the entries that are also drawn in the spectrum plot.
    hovered, pinned : Sample or None
        Under the pointer; clicked. The hovered one wins.
    spectrum_mode : SpectrumMode
        What the spectrum plot shows.
    log_value, log_index : bool
        Axes of the spectrum plot; the index axis is shared by all panels.
    full_values : bool
        Whether the values' axis reaches to the largest value of all, even where that flattens the
        current spectrum.
    colour_scale : ColourScale
        For all layers.
    colour_range : ColourRange
        Of all maps, where they share one.
    channel_order : ChannelOrder
        Of all maps. Automatic: by contribution to the predicted class in layers of 32 or more
        channels, elsewhere by number.
    fit_layers : bool
        Whether panels are made as low as is needed to see all layers at once, instead of scrolling.
    overview : bool
        Whether the whole network is shown on one page instead of the panels.
    layers : mapping of int to LayerOptions
        By layer index; a missing one has the defaults.
    muted : frozenset of (int, int)
        Layers and channels that are set to 0 on the way through the network.
    weight_edits : tuple of WeightEdit
        Weights set by hand, or of an epoch of a training, in the place of the model's own.
    index_range : (int, int) or None
        First and last eigenvalue whose way through the network is marked.
    explaining : bool
        Whether attributions are asked for, so that their place is kept while one is on its way.
    coloured_by : str
        The column, or the predicted class, that colours the curves of the spectrum plot; empty
        where each has its own colour.
    """

    current: int | None = None
    overlaid: frozenset[int] = frozenset()
    hovered: Sample | None = None
    pinned: Sample | None = None
    spectrum_mode: SpectrumMode = SpectrumMode.RAW
    log_value: bool = False
    log_index: bool = False
    full_values: bool = False
    colour_scale: ColourScale = ColourScale.LAYER
    colour_range: ColourRange = ROBUST
    channel_order: ChannelOrder = ChannelOrder.AUTO
    fit_layers: bool = True
    overview: bool = False
    layers: Mapping[int, LayerOptions] = field(default_factory=lambda: MappingProxyType({}))
    muted: frozenset[tuple[int, int]] = frozenset()
    weight_edits: tuple[WeightEdit, ...] = ()
    index_range: tuple[int, int] | None = None
    explaining: bool = False
    coloured_by: str = ""

    @property
    def sample(self) -> Sample | None:
        """The sample to mark: the one under the pointer, else the pinned one."""
        return self.hovered or self.pinned

    def options(self, layer: int) -> LayerOptions:
        """Return how a layer is shown."""
        return self.layers.get(layer, LayerOptions())


FIRST_VIEW = Selection(spectrum_mode=SpectrumMode.MODEL_INPUT)
"""What a window shows first: what the network reads, which stands over the maps made of it."""


def with_colour_range(selection: Selection, layer: int, chosen: ColourRange) -> Selection:
    """Return the selection with another colour range of a layer, as its map is coloured now.

    Where all maps share one range, it changes for all.

    Parameters
    ----------
    selection : Selection
        As it is.
    layer : int
        Whose colour bar was changed.
    chosen : ColourRange
        Its range; over what it holds is filled in.
    """
    chosen = replace(chosen, scale=selection.colour_scale)
    if selection.colour_scale is ColourScale.NETWORK:
        return replace(selection, colour_range=chosen)
    options = replace(selection.options(layer), colour_range=chosen)
    layers = MappingProxyType({**selection.layers, layer: options})
    return replace(selection, layers=layers)
