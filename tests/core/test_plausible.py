"""What is no spectrum is said to be none; what is normalised is not normalised again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.plausible import why_no_spectrum
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Normalisation, Spectrum
from spectracnn.core.steps import DivideByIndex, DropZeros, EstimateArea, Take, UnitArea
from spectracnn.errors import PreprocessingError

RANDOM = np.random.default_rng(0)
SPHERE = np.repeat([k * (k + 1.0) for k in range(8)], [2 * k + 1 for k in range(8)])


@pytest.mark.parametrize(
    "values",
    [
        SPHERE,
        -SPHERE,
        SPHERE[::-1],
        np.cumsum(RANDOM.uniform(0.1, 1, 50)),
        np.cumsum(RANDOM.uniform(0.1, 1, 50))[[0, 2, 1, 4, 3, *range(5, 50)]],
        np.concatenate([[-1e-14, 1e-15], np.cumsum(RANDOM.uniform(0.1, 1, 40))]),
        # Ramps, whole numbers too: unlike any shape, which their typicality says.
        1.7 * np.arange(80),
        2.0 * np.arange(80),
        5.0 + np.arange(80),
        [0.0, 1.0, 4.0],
        [1.0, 2.0],
    ],
)
def test_spectra_are_taken(values):
    assert why_no_spectrum(Spectrum("s", values)) == ""


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (RANDOM.normal(size=100), "other sign"),
        (np.sin(np.arange(60.0) / 3), "other sign"),
        (np.abs(RANDOM.normal(size=100)), "neither ascend nor descend"),
        (RANDOM.integers(1, 35, 200).astype(float), "neither ascend nor descend"),
        (np.full(50, 2.5), "all 50 values are 2.5"),
        (np.zeros(50), "all 50 values are 0"),
        (np.arange(1.0, 80), "count 1, 2, 3"),
        (np.arange(80.0), "count 1, 2, 3"),
    ],
)
def test_other_numbers_are_not(values, told):
    assert told in why_no_spectrum(Spectrum("s", values))


def mindboggle(raw, area):
    """A row as Mindboggle writes it: without the zero, times the area, by the index."""
    values = raw[1:] * area / np.arange(1, raw.size)
    return Spectrum(
        "row",
        values,
        area=area,
        metadata={"normalised_by": "area, index"},
        normalisation=Normalisation.NORMALISED,
    )


def test_a_mindboggle_row_is_not_normalised_again():
    raw, area = np.concatenate([[0.0], np.cumsum(RANDOM.uniform(0.1, 1, 60))]), 3.7
    row = mindboggle(raw, area)
    assert not row.flags.unsorted
    assert why_no_spectrum(row) == ""
    steps = Preprocessing((DropZeros(), UnitArea(), DivideByIndex(), Take(40)))
    wanted = steps.apply(Spectrum("raw", raw, area=area)).values
    np.testing.assert_allclose(steps.apply(row).values, wanted, rtol=1e-12)
    assert steps.apply_together([row]) == []


def test_without_the_area_it_cannot_be_undone():
    row = replace(mindboggle(SPHERE, 2.0), area=None)
    with pytest.raises(PreprocessingError, match="already multiplied by the area"):
        Preprocessing((Take(10),)).apply(row)


def test_an_area_is_estimated_by_name_where_there_is_none():
    degree = np.arange(40)
    sphere = np.repeat(degree * (degree + 1.0), 2 * degree + 1)
    bare = Spectrum("sphere", sphere)
    with pytest.raises(PreprocessingError, match="'estimate_area' before it"):
        Preprocessing((UnitArea(),)).apply(bare)
    working = Preprocessing((EstimateArea(), UnitArea())).apply(bare)
    np.testing.assert_allclose(working.values, sphere * 4 * np.pi, rtol=0.05)
    known = Preprocessing((EstimateArea(), UnitArea())).apply(replace(bare, area=2.0))
    np.testing.assert_array_equal(known.values, sphere * 2.0)
