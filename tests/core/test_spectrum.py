import copy
import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from spectracnn.core.arrays import frozen_array
from spectracnn.core.spectrum import Kind, Normalisation, Spectrum, zero_tolerance
from spectracnn.core.weyl import weyl_eigenvalues
from spectracnn.errors import SpectrumError


def sphere(degree):
    return np.concatenate([np.full(2 * n + 1, n * (n + 1.0)) for n in range(degree)])


def torus(a, b, size):
    m, n = np.mgrid[-30:31, -30:31]
    return np.sort((4 * np.pi**2 * (m**2 / a**2 + n**2 / b**2)).ravel())[:size]


def test_values_are_copied_and_frozen():
    values = np.array([0.0, 1.0])
    spectrum = Spectrum("a", values)
    values[0] = 9
    assert spectrum.eigenvalues.tolist() == [0, 1]
    with pytest.raises(ValueError, match="read-only"):
        spectrum.eigenvalues[0] = 1
    with pytest.raises(FrozenInstanceError):
        spectrum.name = "b"
    with pytest.raises(TypeError):
        spectrum.metadata["a"] = "b"


@pytest.mark.parametrize("values", [[], [np.nan], [[1.0, 2.0]], [np.inf], 3.0])
def test_refuses_what_is_no_spectrum(values):
    with pytest.raises(SpectrumError, match=r"^a:"):
        Spectrum("a", values)


def test_flags_of_a_closed_form():
    flags = Spectrum("sphere", sphere(6), normalisation=Normalisation.RAW).flags
    assert (flags.n_zeros, flags.negative_sign, flags.unsorted, flags.n_nan) == (1, False, False, 0)
    assert flags.names() == []


def test_flags_of_oddities():
    values = -sphere(5)
    assert Spectrum("a", values).flags.names() == ["negative-sign", "normalisation-unknown"]
    assert Spectrum("a", values[::-1]).flags.unsorted
    assert "nan" in Spectrum("a", [0, 1, np.nan, 2]).flags.names()
    endless = Spectrum("a", [0, 1, 2, np.inf]).flags
    assert (endless.n_nan, endless.n_infinite) == (0, 1)
    assert "infinite" in endless.names()
    assert "nan" not in endless.names()
    assert "noted" in Spectrum("a", [0, 1, 2], notes=("The list is cut.",)).flags.names()
    assert "no-zero" in Spectrum("a", [1, 2, 3]).flags.names()
    assert "several-zeros" in Spectrum("a", [-1e-16, 1e-16, 2, 3]).flags.names()
    nothing = Spectrum("a", [0.0, -0.0, 0.0]).flags
    assert nothing.n_zeros == 3
    assert "no-zero" not in nothing.names()
    state = Normalisation.NORMALISED
    assert "normalised" in Spectrum("a", [0, 1], normalisation=state).flags.names()


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
def test_zero_test_is_relative(scale):
    values = torus(1, 2, 50) * scale
    values[0] = 1e-5 * values[1]
    assert Spectrum("a", values).flags.n_zeros == 1
    assert zero_tolerance(np.array([np.nan])) == 0


def test_huge_values_raise_no_warning():
    assert Spectrum("a", [-1.7e308, 1.7e308, -1e308, np.inf]).flags.unsorted


def test_survives_pickling():
    spectrum = Spectrum("a", [0.0, 1.0], Kind.SOLID, metadata={"x": "y"})
    assert spectrum.flags.n_zeros == 1
    for other in (pickle.loads(pickle.dumps(spectrum)), copy.deepcopy(spectrum)):
        assert other.eigenvalues.tolist() == [0, 1]
        assert not other.eigenvalues.flags.writeable
        assert dict(other.metadata) == {"x": "y"}
        assert other.kind is Kind.SOLID


def test_frozen_array_shares_only_what_is_frozen():
    frozen = frozen_array([1, 2], np.float32)
    assert frozen_array(frozen) is frozen
    assert frozen_array(frozen, np.float64) is not frozen
    turned = np.zeros((2, 3)).T
    turned.flags.writeable = False
    assert frozen_array(turned).flags.c_contiguous


def test_weyl():
    values = torus(2, 3, 1500)
    ratio = values[500:] / weyl_eigenvalues(np.arange(500, 1500), 6.0, Kind.SURFACE)
    assert abs(ratio.mean() - 1) < 0.02
    box = weyl_eigenvalues([1], 6 * np.pi**2, Kind.SOLID)
    assert box.tolist() == [1.0]
    with pytest.raises(SpectrumError, match="positive"):
        weyl_eigenvalues([1], 0, Kind.SURFACE)
    with pytest.raises(SpectrumError, match="surface or a solid"):
        weyl_eigenvalues([1], 1, Kind.UNKNOWN)


def test_where_all_are_zero_all_are_counted():
    assert Spectrum("flat", [0.0, 0.0, 0.0]).flags.n_zeros == 3
    assert "several-zeros" in Spectrum("flat", [0.0, 0.0]).flags.names()
