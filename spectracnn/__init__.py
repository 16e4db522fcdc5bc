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
    from spectracnn.api.model import Model as Model
    from spectracnn.api.model import open_model as open_model
    from spectracnn.api.reading import read as read
    from spectracnn.api.reading import samples as samples
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
    from spectracnn.errors import SpectraCNNError as SpectraCNNError

_PLACES = {
    "read": "api.reading",
    "samples": "api.reading",
    "open_model": "api.model",
    "Model": "api.model",
    "figure": "api.figure",
    "view": "api.view",
    "Spectrum": "core.spectrum",
    "SpectraCNNError": "errors",
    "edited": "core.edits",
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
