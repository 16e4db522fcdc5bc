"""Colour ranges, clipped cells and colours, against numbers computed by hand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import (
    ROBUST,
    ColourRange,
    ColourScale,
    LayerOptions,
    RangeKind,
    Selection,
    Stage,
    with_colour_range,
)
from spectracnn.view.palettes import MISSING, Palette, colour_table, signed_colours
from spectracnn.view.ranges import clipped, clipped_words, colour_levels, full_top, robust_top
from spectracnn.view.resolve import resolve

RNG = np.random.default_rng(4)


def contents_of(*layers, selection=None):
    infos = tuple(
        LayerInfo(f"l{place}", "Conv1D", np.shape(values)) for place, values in enumerate(layers)
    )
    card = ModelCard(Preprocessing(()), ("a", "b"))
    steps = len(layers[0])
    model = ModelDescription("m", "m.keras", "0" * 64, (steps, 1), infos, ("a", "b"), card, 0)
    traces = tuple(LayerTrace(np.asarray(values, np.float32)) for values in layers)
    trace = Trace("0" * 64, np.zeros((steps, 1)), np.arange(steps), traces, np.array([0.5, 0.5]))
    document = Document((Entry(0, Spectrum("s", np.arange(float(steps)))),), model)
    return resolve(document.with_trace(0, trace), selection or Selection(current=0))


def test_one_cell_that_dominates_does_not_make_a_map_pale():
    values = RNG.uniform(0.5, 1.0, (40, 10)).astype(np.float32)
    values[3, 7] = 500.0
    picture = contents_of(values).layers[0].picture
    assert picture.levels[1] <= 1.0
    assert np.median(values) / picture.levels[1] > 0.5
    assert picture.clipped.above == np.count_nonzero(values > picture.levels[1] * (1 + 1e-6))
    assert picture.full_top == 500.0


def test_even_maps_are_not_clipped():
    values = RNG.uniform(0.0, 1.0, (40, 10)).astype(np.float32)
    picture = contents_of(values).layers[0].picture
    assert picture.levels == (0.0, float(values.max()))
    assert picture.clipped.total == 0


def test_the_robust_range_against_sorting():
    sizes = np.sort(np.abs(RNG.standard_t(2, 5000)))
    place = int(np.ceil(0.98 * sizes.size)) - 1
    assert robust_top(RNG.permutation(sizes)) == sizes[place]
    assert full_top(sizes) == sizes[-1]


@pytest.mark.parametrize("values", [[], [np.nan], [0.0, 0.0], [np.inf, -np.inf]])
def test_ranges_of_nothing_are_still_ranges(values):
    array = np.array(values, np.float32)
    for palette in Palette:
        low, high = colour_levels(array, palette, ROBUST)
        assert np.isfinite([low, high]).all()
        assert low < high
    assert clipped(array, (-1.0, 1.0)) == (0, 0)


def test_a_chosen_range_holds_where_it_was_chosen():
    values = RNG.uniform(0.1, 1.0, (20, 4))
    selection = with_colour_range(Selection(current=0), 0, ColourRange(RangeKind.OWN, 0.2, 0.5))
    first, second = (
        layer.picture for layer in contents_of(values, values, selection=selection).layers
    )
    assert first.levels == (0.2, 0.5)
    assert first.clipped == (np.count_nonzero(values < 0.2), np.count_nonzero(values > 0.5))
    assert second.levels == (0.0, np.float32(values.max()))
    each = replace(selection, colour_scale=ColourScale.MAP)
    assert contents_of(values, selection=each).layers[0].picture.levels == (0.0, 1.0)
    shared = with_colour_range(
        replace(selection, colour_scale=ColourScale.NETWORK), 1, ColourRange(RangeKind.OWN, 0, 0.3)
    )
    pictures = [layer.picture for layer in contents_of(values, values, selection=shared).layers]
    assert [picture.levels for picture in pictures] == [(0.0, 0.3)] * 2


def test_a_signed_map_keeps_zero_in_the_middle():
    values = RNG.normal(size=(20, 4))
    own = LayerOptions(colour_range=ColourRange(RangeKind.OWN, -0.2, 0.7))
    selection = Selection(current=0, layers=MappingProxyType({0: own}))
    assert contents_of(values, selection=selection).layers[0].picture.levels == (-0.7, 0.7)
    other = replace(own, colour_range=replace(own.colour_range, stage=Stage.BEFORE))
    selection = replace(selection, layers=MappingProxyType({0: other}))
    low, high = contents_of(values, selection=selection).layers[0].picture.levels
    assert -low == high != 0.7


def test_the_full_range_clips_nothing():
    values = RNG.normal(size=(200, 4)) ** 3
    selection = with_colour_range(Selection(current=0), 0, ColourRange(RangeKind.FULL))
    picture = contents_of(values, selection=selection).layers[0].picture
    assert picture.levels[1] == np.float32(np.abs(values).max())
    assert picture.clipped.total == 0


def test_clipped_cells_in_words():
    assert clipped_words(clipped(np.array([1.0, 2.0, 3.0, np.inf]), (0.0, 1.5)), "0", "1.5") == (
        "2 cells above 1.5"
    )
    assert clipped_words(clipped(np.array([-1.0, 0.5]), (0.0, 1.5)), "0", "1.5") == "1 cell below 0"
    assert clipped_words(clipped(np.array([0.5]), (0.0, 1.5)), "0", "1.5") == ""


@pytest.mark.parametrize("dark", [False, True])
def test_colours_of_values_that_are_not_finite(dark):
    colours = signed_colours(np.array([np.nan, np.inf, -np.inf, 0.0]), 2.0, dark)
    table = colour_table(Palette.SIGNED, dark)
    missing = [int(MISSING[dark][place : place + 2], 16) for place in (1, 3, 5)]
    np.testing.assert_array_equal(colours, [missing, table[-1], table[0], table[128]])
    for top in (np.nan, 0.0, np.inf):
        assert signed_colours(np.array([1.0]), top, dark).shape == (1, 3)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("palette", list(Palette))
def test_neighbouring_colours_differ_equally_to_the_eye(palette, dark):
    table = colour_table(palette, dark) / 255.0
    halves = [table] if palette is Palette.POSITIVE else [table[128:], table[127::-1]]
    for half in halves:
        light = lightness(half)[:: len(half) // 16]
        steps = np.diff(light) * (1 if dark else -1)
        assert (steps > 0).all()
        assert steps.max() < 1.5 * steps.min()


def lightness(rgb):
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    y = linear @ [0.2126, 0.7152, 0.0722]
    return np.where(y > 0.008856, 116 * np.cbrt(y) - 16, 903.3 * y)
