"""A large curve does not flatten the current spectrum, and is not forgotten either."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.view.pictures import Curve
from spectracnn.view.scales import LINEAR, value_scale
from spectracnn.view.value_range import value_range

X = np.arange(10.0)


def curve(name, low, high, emphasised=False):
    return Curve(name, X, np.linspace(low, high, 10), 0, emphasised)


def test_all_is_shown_where_nothing_is_flattened():
    reach = value_range([curve("a", 0, 30), curve("b", 0, 10, True)], None, LINEAR)
    assert reach == ((0.0, 30.0), "")


def test_one_large_curve_leaves_the_view():
    curves = [curve("large", 0, 5000), curve("near", 2, 14), curve("b", 0, 10, True)]
    reach = value_range(curves, None, LINEAR)
    assert reach.shown == (0.0, 14.0)
    assert reach.beyond == "1 curve leaves the view, up to 5e+03"
    assert value_range(curves, None, LINEAR, full=True) == ((0.0, 5000.0), "")
    negative = [curve("large", 0, -5000), curve("b", 0, 10, True)]
    assert "up to \u22125e+03" in value_range(negative, None, LINEAR).beyond


@pytest.mark.parametrize("high", [11.0, 40.0, 51.0, 500.0, 1e9])
def test_the_current_spectrum_covers_a_fifth_at_least(high):
    curves = [curve("other", 0, high), curve("b", 0, 10, True)]
    low, top = value_range(curves, None, LINEAR).shown
    assert 10 / (top - low) >= 0.2


def test_what_is_not_finite_or_not_read_does_not_count():
    odd = Curve("odd", X, np.array([0, np.nan, np.inf, *range(7)], float), 0, True)
    assert value_range([odd], None, LINEAR).shown == (0.0, 6.0)
    assert value_range([curve("a", 0, 9, True)], (0.0, 4.0), LINEAR).shown == (0.0, 4.0)
    nothing = Curve("nothing", X, np.full(10, np.nan), 0, True)
    assert value_range([nothing], None, LINEAR) == (None, "")
    flat = value_range([curve("flat", 3, 3, True), curve("c", 0, 9)], None, LINEAR)
    assert flat.shown == (0.0, 9.0)


def test_shares_are_measured_as_they_are_seen():
    curves = [curve("large", 1, 5000), curve("b", 1, 10, True)]
    scale = value_scale(np.concatenate([c.y for c in curves]))
    assert value_range(curves, None, scale).beyond == ""
