"""Colours and ranges of numbers that are not finite, or too large to be divided by."""

from __future__ import annotations

import re

import numpy as np
import pytest

from spectracnn.view.palettes import MISSING, Palette, colour_table, sign_tone, signed_colours

ODD = (np.nan, np.inf, -np.inf, 0.0, 5e-324, -5e-324, 1e308, -1e308, 1.0)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("top", ODD)
def test_every_number_has_a_colour_of_its_map(dark, top):
    table = {tuple(colour) for colour in colour_table(Palette.SIGNED, dark).tolist()}
    missing = tuple(int(MISSING[dark][at : at + 2], 16) for at in (1, 3, 5))
    with np.errstate(all="ignore"):
        colours = signed_colours(np.array(ODD), top, dark)
    assert tuple(colours[0].tolist()) == missing
    assert all(tuple(colour) in table for colour in colours[1:].tolist())


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("top", ODD)
@pytest.mark.parametrize("value", ODD)
def test_every_bar_has_a_colour(dark, top, value):
    with np.errstate(all="ignore"):
        tone = sign_tone(value, top, dark)
    assert re.fullmatch("#[0-9A-F]{6}", tone)
    assert (tone == MISSING[dark]) == bool(np.isnan(value))
