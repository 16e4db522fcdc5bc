from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from spectracnn.core.spectrum import Normalisation, Spectrum
from spectracnn.view.wavelengths import length_unit, wavelength, wavelength_words


def test_the_wavelength_of_a_circle_is_its_length() -> None:
    """On a circle of radius 3 the first modes are cos and sin, with eigenvalue 1/9."""
    assert wavelength(1 / 9) == pytest.approx(2 * np.pi * 3)
    assert wavelength(0) == float("inf")


def test_zeros_and_normalised_values_have_none() -> None:
    spectrum = Spectrum("a", [1e-13, 1.0, 4.0], source=Path("lh.pial"))
    said = [wavelength_words(spectrum, place) for place in range(4)]
    assert said == ["", "wavelength 6.283 mm", "wavelength 3.142 mm", ""]
    plain = Spectrum("a", [0.0, 1.0, 4.0])
    assert wavelength_words(plain, 1) == "wavelength 6.283 in the file's unit"
    done = Spectrum("a", [0.0, 1.0], normalisation=Normalisation.NORMALISED)
    assert wavelength_words(done, 1) == ""
    assert [length_unit(Path(name)) for name in ("a.gii", "b.off")] == ["mm", ""]
