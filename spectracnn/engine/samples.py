"""The bundled sample spectra, as baselines for expected gradients."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from spectracnn.resources import sample_spectra

if TYPE_CHECKING:
    from spectracnn.core.spectrum import Spectrum


@cache
def bundled_samples() -> tuple[Spectrum, ...]:
    """Return the bundled spectra; read once."""
    from spectracnn import io  # the window's process imports this module too, at its launch

    return tuple(spectrum for path in sample_spectra() for spectrum in io.read(path))
