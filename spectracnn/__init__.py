"""SpectraCNN shows why a Keras Conv1D network classifies a Laplace-Beltrami spectrum as it does.

The names below are the Python API, imported when they are first used: ``import spectracnn`` alone
takes a moment and loads neither Keras nor Qt. ``docs/python.md`` describes them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from spectracnn.api.figure import figure as figure
    from spectracnn.api.layers import run_layers as run_layers
    from spectracnn.api.model import Model as Model
    from spectracnn.api.opening import open_model as open_model
    from spectracnn.api.reading import pick as pick
    from spectracnn.api.reading import read as read
    from spectracnn.api.reading import samples as samples
    from spectracnn.api.scene import Scene as Scene
    from spectracnn.api.training import train as train
    from spectracnn.api.view import view as view
    from spectracnn.core.edits import Mix as Mix
    from spectracnn.core.edits import Noise as Noise
    from spectracnn.core.edits import Offset as Offset
    from spectracnn.core.edits import Scale as Scale
    from spectracnn.core.edits import Smooth as Smooth
    from spectracnn.core.edits import Space as Space
    from spectracnn.core.edits import Zero as Zero
    from spectracnn.core.edits import edited as edited
    from spectracnn.core.spectrum import Spectrum as Spectrum
    from spectracnn.core.weight_edits import WeightEdit as WeightEdit
    from spectracnn.errors import SpectraCNNError as SpectraCNNError
    from spectracnn.state.selection import ChannelOrder as ChannelOrder
    from spectracnn.state.selection import ColourRange as ColourRange
    from spectracnn.state.selection import ColourScale as ColourScale
    from spectracnn.state.selection import LayerMode as LayerMode
    from spectracnn.state.selection import LayerOptions as LayerOptions
    from spectracnn.state.selection import RangeKind as RangeKind
    from spectracnn.state.selection import Sample as Sample
    from spectracnn.state.selection import Selection as Selection
    from spectracnn.state.selection import SpectrumMode as SpectrumMode
    from spectracnn.state.selection import Stage as Stage

_PLACES = {
    "read": "api.reading",
    "pick": "api.reading",
    "samples": "api.reading",
    "open_model": "api.opening",
    "Model": "api.model",
    "figure": "api.figure",
    "Scene": "api.scene",
    "run_layers": "api.layers",
    "train": "api.training",
    "view": "api.view",
    "Spectrum": "core.spectrum",
    "WeightEdit": "core.weight_edits",
    "SpectraCNNError": "errors",
    "edited": "core.edits",
    **dict.fromkeys(
        (
            "ChannelOrder",
            "ColourRange",
            "ColourScale",
            "LayerMode",
            "LayerOptions",
            "RangeKind",
            "Sample",
            "Selection",
            "SpectrumMode",
            "Stage",
        ),
        "state.selection",
    ),
    **dict.fromkeys(("Mix", "Noise", "Offset", "Scale", "Smooth", "Space", "Zero"), "core.edits"),
}
"""Where each name of the API is."""


def __getattr__(name: str) -> Any:
    place = _PLACES.get(name)
    if place is None:
        raise AttributeError(f"module 'spectracnn' has no attribute {name!r}")
    return getattr(import_module(f"spectracnn.{place}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
