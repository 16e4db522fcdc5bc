"""Heights of panels that are all to be seen at once."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.view.fitting import HeightWish, fitted_heights, names_that_fit, squeezed_rows

BUNDLED = [
    HeightWish(22, 126, np.sqrt(30)),
    HeightWish(22, 126, np.sqrt(30)),
    HeightWish(22, 390, np.sqrt(96)),
    HeightWish(22, 126, np.sqrt(30)),
    HeightWish(22, 390, np.sqrt(96)),
    *[HeightWish(14, 14, 0.0)] * 3,
    HeightWish(32, 32, 0.0),
]


@pytest.mark.parametrize("room", [0, 100, 184, 250, 400, 900, 1232, 5000])
def test_heights_fill_the_room_between_least_and_natural(room):
    heights = fitted_heights(BUNDLED, room)
    assert all(w.least <= h <= w.natural for w, h in zip(BUNDLED, heights, strict=True))
    least, natural = (sum(getattr(w, name) for w in BUNDLED) for name in ("least", "natural"))
    assert sum(heights) == pytest.approx(min(max(room, least), natural), abs=len(BUNDLED))


def test_layers_of_many_channels_get_more():
    heights = fitted_heights(BUNDLED, 400)
    assert heights[2] > 1.4 * heights[0]
    assert heights[0] == heights[1] == heights[3]


def test_a_single_strong_row_is_not_lost():
    image = np.zeros((96, 5), np.float32)
    image[37, 2], image[38, 3], image[60, 1] = 9.0, -7.0, np.nan
    small = squeezed_rows(image, 20)
    assert small.shape == (20, 5)
    assert small.max() == 9.0
    assert small.min() == -7.0
    assert np.isfinite(small).all()  # other rows of the group have values
    assert squeezed_rows(image, 96) is image
    nothing = squeezed_rows(np.full((6, 2), np.nan, np.float32), 3)
    assert np.isnan(nothing).all()


def test_names_stand_whole_and_apart_and_the_highest_always():
    widths, values = [50.0] * 20, np.linspace(0, 1, 20)
    values[7] = 2.0
    shown = names_that_fit(widths, values, 600.0)
    assert 7 in shown
    assert 19 in shown
    middles = [30 * (place + 0.5) for place in shown]
    assert min(np.diff(middles)) >= 58
    assert names_that_fit(widths, values, 2000.0) == list(range(20))
    assert names_that_fit([500.0], np.array([np.nan]), 100.0) == [0]
    assert names_that_fit([], np.zeros(0), 100.0) == []
