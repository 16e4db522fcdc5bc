"""Edits by hand-computed values; none alters what it was given."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from spectracnn.core.edits import (
    Mix,
    Noise,
    Offset,
    Scale,
    Smooth,
    Space,
    Zero,
    edited,
    edited_input,
    to_the_scale_of,
)
from spectracnn.core.spectrum import Spectrum

VALUES = np.array([0.0, 2.0, 3.0, 5.0, 8.0, 9.0])


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (Offset(amount=0.5, first=1, last=2), [0, 2.5, 3.5, 5, 8, 9]),
        (Scale(factor=2, first=4), [0, 2, 3, 5, 16, 18]),
        (Zero(first=2, last=3), [0, 2, 0, 0, 8, 9]),
        # at 1: (0+2+3)/3; at 2: (2+3+5)/3; at the ends there are no neighbours on one side
        (Smooth(reach=1), [0, 5 / 3, 10 / 3, 16 / 3, 22 / 3, 9]),
        (Smooth(reach=2, first=2, last=2), [0, 2, 18 / 5, 5, 8, 9]),
        (Mix(other=np.array([1.0, 4, 5, 5]), share=0.25, name="b"), [0.25, 2.5, 3.5, 5]),
        (Offset(amount=1, first=-3, last=0), [1, 2, 3, 5, 8, 9]),
        (Offset(amount=1, first=50, last=60), VALUES),
    ],
)
def test_values_by_hand(edit, expected):
    given = VALUES.copy()
    np.testing.assert_allclose(edit.apply(given), expected, rtol=1e-15)
    np.testing.assert_array_equal(given, VALUES)


def test_noise_is_relative_repeatable_and_does_not_move_with_its_ends():
    long = np.full(4000, 50.0)
    whole = Noise(sd=0.02, seed=3).apply(long)
    part = Noise(sd=0.02, seed=3, first=100, last=199).apply(long)
    np.testing.assert_array_equal(part[100:200], whole[100:200])
    np.testing.assert_array_equal(part[200:], 50)
    assert (whole / 50 - 1).std() == pytest.approx(0.02, rel=0.1)
    in_units = Noise(sd=0.02, seed=3, space=Space.INPUT).apply(long)
    assert (in_units - 50).std() == pytest.approx(0.02, rel=0.1)
    assert (Noise(sd=0.02, seed=4).apply(long) != whole).any()


def test_smoothing_leaves_a_straight_line_and_channels_apart():
    line = np.arange(20.0)
    np.testing.assert_allclose(Smooth(reach=4).apply(line), line, atol=1e-12)
    both = np.stack([line, VALUES.repeat(4)[:20]], axis=1)
    out = Smooth(reach=3, space=Space.INPUT).apply(both)
    np.testing.assert_allclose(out[:, 1], Smooth(reach=3).apply(both[:, 1]), rtol=1e-12)


def test_an_edited_spectrum_says_so_and_the_original_stays():
    original = Spectrum("ant", VALUES, area=2.0)
    changed = edited(original, [Scale(factor=2), Zero(first=3, last=4, space=Space.INPUT)])
    assert changed.name == "ant (edited)"
    np.testing.assert_array_equal(changed.eigenvalues, 2 * VALUES)
    assert changed.metadata["edited"] == (
        "scale by 2: all eigenvalues; set to 0: input samples 3\u20134"
    )
    assert "Edited here" in changed.notes[-1]
    assert edited(original, []) is original
    np.testing.assert_array_equal(original.eigenvalues, VALUES)


def test_only_edits_of_the_input_touch_the_input():
    values = np.ones((6, 1), np.float32)
    out = edited_input(values, [Scale(factor=9), Zero(first=0, last=1, space=Space.INPUT)])
    assert out.dtype == np.float32
    assert out[:, 0].tolist() == [0, 0, 1, 1, 1, 1]


def test_other_spectra_are_brought_to_the_same_area_or_end():
    one, other = Spectrum("a", VALUES, area=4.0), Spectrum("b", 2 * VALUES, area=2.0)
    np.testing.assert_allclose(to_the_scale_of(one, other), VALUES)
    unknown = Spectrum("c", 7 * VALUES)
    np.testing.assert_allclose(to_the_scale_of(one, unknown), VALUES)
    short = Spectrum("d", [0.0, 4.0])
    np.testing.assert_allclose(to_the_scale_of(one, short), [0, 2])
    assert to_the_scale_of(one, Spectrum("e", [0.0])).tolist() == [0.0]


def test_edits_cross_the_pipe():
    edit = pickle.loads(pickle.dumps(Mix(other=VALUES, share=0.5, name="b")))
    assert edit.sentence == "mix with 50 % of b: all eigenvalues"
    assert edit.apply(VALUES).tolist() == VALUES.tolist()
