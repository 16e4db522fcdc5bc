"""What the person looks at, and how. Frozen; replaced as a whole on every change."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003  (a dataclass field)
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

SPECTRUM = -1
"""The ``layer`` of a sample that lies on the spectrum itself."""


class SpectrumMode(StrEnum):
    """What the spectrum plot shows."""

    RAW = "Raw"
    UNIT_AREA = "Unit area"
    WEYL = "Weyl ratio"
    MODEL_INPUT = "Model input"


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
    """

    mode: LayerMode = LayerMode.HEAT_MAP
    stage: Stage = Stage.AFTER
    channels: tuple[int, ...] = ()
    collapsed: bool = False


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
    colour_scale : ColourScale
        For all layers.
    layers : mapping of int to LayerOptions
        By layer index; a missing one has the defaults.
    muted : frozenset of (int, int)
        Layers and channels that are set to 0 on the way through the network.
    index_range : (int, int) or None
        First and last eigenvalue whose way through the network is marked.
    explaining : bool
        Whether attributions are asked for, so that their place is kept while one is on its way.
    """

    current: int | None = None
    overlaid: frozenset[int] = frozenset()
    hovered: Sample | None = None
    pinned: Sample | None = None
    spectrum_mode: SpectrumMode = SpectrumMode.RAW
    log_value: bool = False
    log_index: bool = False
    colour_scale: ColourScale = ColourScale.LAYER
    layers: Mapping[int, LayerOptions] = field(default_factory=lambda: MappingProxyType({}))
    muted: frozenset[tuple[int, int]] = frozenset()
    index_range: tuple[int, int] | None = None
    explaining: bool = False

    @property
    def sample(self) -> Sample | None:
        """The sample to mark: the one under the pointer, else the pinned one."""
        return self.hovered or self.pinned

    def options(self, layer: int) -> LayerOptions:
        """Return how a layer is shown."""
        return self.layers.get(layer, LayerOptions())
