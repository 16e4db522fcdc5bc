from __future__ import annotations

from pathlib import Path

import numpy as np

from spectracnn.core.spectrum import Normalisation, Spectrum
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import Selection, SpectrumMode
from spectracnn.view.spectra import spectrum_picture

SELECTION = Selection(current=1, spectrum_mode=SpectrumMode.WAVELENGTH)


def picture(spectrum: Spectrum):
    return spectrum_picture(Document((Entry(1, spectrum),)), SELECTION)


def test_a_ball_of_10_mm_has_the_wavelengths_of_its_circumference() -> None:
    # lambda = l (l + 1) / R**2: the first waves are 2 pi R / sqrt(2) long.
    values = np.array([1e-15, *[2.0] * 3, *[6.0] * 5]) / 100
    found = picture(Spectrum("ball", values, source=Path("lh.pial")))
    assert found.value_label == "wavelength 2\u03c0/\u221a\u03bb (mm)"
    (curve,) = found.curves
    np.testing.assert_array_equal(curve.x, np.arange(1, 9))
    np.testing.assert_allclose(curve.y[:3], 20 * np.pi / np.sqrt(2))
    np.testing.assert_allclose(curve.y[3:], 20 * np.pi / np.sqrt(6))


def test_without_a_known_unit_none_is_named() -> None:
    found = picture(Spectrum("a", np.arange(9.0), source=Path("a.off")))
    assert found.value_label == "wavelength 2\u03c0/\u221a\u03bb"


def test_normalised_values_have_no_wavelength() -> None:
    spectrum = Spectrum("a", np.arange(9.0), normalisation=Normalisation.NORMALISED)
    found = picture(spectrum)
    assert not found.curves
    assert found.empty.startswith("a: the values are normalised")


def test_a_figure_has_the_axis_too() -> None:
    import matplotlib.figure

    from spectracnn.figures.spectrum import draw_spectrum, spectrum_range
    from spectracnn.figures.style import make_style
    from spectracnn.view.resolve import resolve

    document = Document((Entry(1, Spectrum("a", np.arange(9.0), source=Path("lh.white"))),))
    contents = resolve(document, SELECTION)
    axes = matplotlib.figure.Figure().add_subplot()
    draw_spectrum(axes, contents, make_style(), spectrum_range(contents), (300, 200))
    assert axes.get_ylabel() == "wavelength 2\u03c0/\u221a\u03bb (mm)"
    (line,) = axes.get_lines()
    np.testing.assert_allclose(line.get_ydata(), 2 * np.pi / np.sqrt(np.arange(1.0, 9)))
