"""The view's pure functions against numbers computed by hand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.fields import ReceptiveField
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Kind, Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import (
    SPECTRUM,
    ColourScale,
    LayerMode,
    LayerOptions,
    Sample,
    Selection,
    SpectrumMode,
    Stage,
)
from spectracnn.view.layers import index_positions, layer_edges
from spectracnn.view.marks import field_bands
from spectracnn.view.palettes import Palette, colour_table, curve_colour
from spectracnn.view.resolve import resolve
from spectracnn.view.scales import INDEX_LOG, LINEAR, AxisScale, value_scale

STEPS = [{"step": "drop_zeros"}, {"step": "take", "n": 6}]
CLASSES = ("ball", "cube")


def dilated_field():
    """Kernel 3, dilation 2, 'valid', on 6 inputs: step i reads i, i + 2, i + 4."""
    mask = np.zeros((2, 6), bool)
    for step in range(2):
        mask[step, [step, step + 2, step + 4]] = True
    return ReceptiveField(mask, [0.0, 1.0], [4.0, 5.0], 5, 1.0)


def pooled_field():
    """Window 2, stride 2, on 6 inputs."""
    mask = np.repeat(np.eye(3, dtype=bool), 2, axis=1)
    return ReceptiveField(mask, [0.0, 2.0, 4.0], [1.0, 3.0, 5.0], 2, 2.0)


@pytest.fixture
def model():
    everything = ReceptiveField.everything(1, 6)
    layers = (
        LayerInfo("pool", "MaxPooling1D", (3, 1), kernel_size=2, strides=2, pools=True,
                  field=pooled_field()),
        LayerInfo("conv", "Conv1D", (2, 2), 8, "relu", 3, 1, 2, "valid", field=dilated_field()),
        LayerInfo("dense", "Dense", (2,), 10, "softmax", field=everything, sources=(1,)),
    )  # fmt: skip
    card = ModelCard(Preprocessing.from_json(STEPS), CLASSES)
    return ModelDescription("tiny", "tiny.keras", "0" * 64, (6, 1), layers, CLASSES, card, 18)


@pytest.fixture
def trace():
    conv = np.array([[0.0, 2.0], [4.0, 0.0]])
    before = np.array([[-1.0, 2.0], [4.0, -8.0]])
    layers = (
        LayerTrace(np.array([[1.0], [3.0], [5.0]])),
        LayerTrace(conv, before),
        LayerTrace(np.array([0.25, 0.75]), np.array([0.0, np.log(3.0)])),
    )
    inputs = np.arange(1.0, 7.0)[:, None]
    return Trace("0" * 64, inputs, np.arange(1, 7), layers, np.array([0.25, 0.75]))


@pytest.fixture
def document(model, trace):
    spectrum = Spectrum("s", np.arange(9.0), Kind.SURFACE, area=2.0)
    entry = Entry(0, spectrum, trace.probabilities)
    return Document((entry,), model).with_trace(0, trace)


@pytest.fixture
def selection():
    return Selection(current=0)


# --- places on the index axis ----------------------------------------------------------------


def test_bands_of_a_dilated_kernel_have_holes(model, trace):
    # Inputs 1, 3 and 5 are the file's eigenvalues 2, 4 and 6, because the zero was dropped.
    assert field_bands(model, trace, Sample(1, 1)) == ((2.0, 2.0), (4.0, 4.0), (6.0, 6.0))
    assert field_bands(model, trace, Sample(0, 2)) == ((5.0, 6.0),)


def test_every_unit_of_a_vector_has_the_one_field_of_all(model, trace):
    everything = field_bands(model, trace, Sample(2, 0))
    assert everything == ((1.0, 6.0),)
    assert all(field_bands(model, trace, Sample(2, unit)) == everything for unit in range(1, 5))
    assert field_bands(model, trace, Sample(2, 1)) == ((1.0, 6.0),)


def test_cells_are_centred_on_their_fields_and_meet_half_way(model, trace):
    np.testing.assert_allclose(layer_edges(model.layers[0], trace.positions), [0.5, 2.5, 4.5, 6.5])
    np.testing.assert_allclose(layer_edges(model.layers[1], trace.positions), [2.5, 3.5, 4.5])


def test_places_in_the_padding_go_on_by_one_index_a_position():
    places = index_positions(np.array([3, 4, 5]), np.array([-2.0, 0.5, 2.0, 4.0]))
    np.testing.assert_allclose(places, [1.0, 3.5, 5.0, 7.0])


def test_an_unsorted_file_stands_at_ranks():
    places = index_positions(np.array([5, 3, 4]), np.array([0.0, 1.0, 2.0]))
    np.testing.assert_allclose(places, [3.0, 4.0, 5.0])


def test_layer_pictures_hold_extents_centres_and_rows(document, selection):
    pool, conv, dense = (layer.picture for layer in resolve(document, selection).layers)
    assert pool.extent == (0.5, 6.5)
    np.testing.assert_allclose(pool.centres, [1.5, 3.5, 5.5])
    np.testing.assert_array_equal(conv.image, [[0.0, 4.0], [2.0, 0.0]])
    assert conv.levels == (0.0, 4.0)
    assert dense.vector
    assert dense.extent == (-0.5, 1.5)
    assert dense.labels == CLASSES


def test_a_logarithmic_index_axis_resamples_to_the_nearest_sample(document, selection):
    contents = resolve(document, replace(selection, log_index=True))
    pool = contents.layers[0].picture
    np.testing.assert_allclose(pool.extent, np.log10([1.5, 7.5]))
    columns = pool.image.shape[1]
    border = (np.log10(3.5) - np.log10(1.5)) / (np.log10(7.5) - np.log10(1.5)) * columns
    assert pool.image[0, int(border) - 1] == 1.0
    assert pool.image[0, int(border) + 1] == 3.0


# --- colours ---------------------------------------------------------------------------------


def test_before_activation_is_signed_and_symmetric(document, selection):
    before = MappingProxyType({1: LayerOptions(stage=Stage.BEFORE)})
    picture = resolve(document, replace(selection, layers=before)).layers[1].picture
    assert picture.palette is Palette.SIGNED
    assert picture.levels == (-8.0, 8.0)
    np.testing.assert_array_equal(picture.values, [[-1.0, 2.0], [4.0, -8.0]])


def test_colour_scales_over_map_layer_and_network(document, selection):
    shown = {
        scale: resolve(document, replace(selection, colour_scale=scale)).layers[1].picture
        for scale in ColourScale
    }
    assert shown[ColourScale.LAYER].levels == (0.0, 4.0)
    assert shown[ColourScale.NETWORK].levels == (0.0, 5.0)
    assert shown[ColourScale.MAP].normalised
    np.testing.assert_array_equal(shown[ColourScale.MAP].image, [[0.0, 1.0], [1.0, 0.0]])


@pytest.mark.parametrize(("dark", "ground"), [(False, 255), (True, 0)])
def test_zero_is_exactly_white_or_black_in_a_signed_map(dark, ground):
    table = colour_table(Palette.SIGNED, dark)
    assert table.shape == (256, 3)
    assert (table[127:129] == ground).all()
    red, blue = table[-1].astype(int), table[0].astype(int)
    assert red[0] > red[2]
    assert blue[2] > blue[0]


@pytest.mark.parametrize("dark", [False, True])
def test_positive_maps_move_away_from_the_ground_evenly(dark):
    table = colour_table(Palette.POSITIVE, dark).astype(float)
    light = table @ [0.2126, 0.7152, 0.0722]
    steps = np.diff(light if dark else -light)
    assert (steps > -3).all()
    assert not colour_table(Palette.POSITIVE, dark).flags.writeable


def test_curve_colours_repeat():
    assert curve_colour(0, False) == "#0072B2"
    assert len({curve_colour(i, True) for i in range(7)}) == 7
    assert curve_colour(8, True) == curve_colour(1, True)


def test_values_not_finite_are_counted_and_do_not_set_the_scale(document, trace, selection):
    odd = LayerTrace(np.array([[np.nan, 2.0], [np.inf, -1.0]]))
    changed = replace(trace, layers=(trace.layers[0], odd, trace.layers[2]))
    picture = resolve(document.with_trace(0, changed), selection).layers[1].picture
    assert picture.n_not_finite == 2
    assert picture.levels == (-2.0, 2.0)
    nothing = LayerTrace(np.full((2, 2), np.nan))
    changed = replace(trace, layers=(trace.layers[0], nothing, trace.layers[2]))
    assert resolve(document.with_trace(0, changed), selection).layers[1].picture.n_not_finite == 4


# --- scales ----------------------------------------------------------------------------------


def test_symmetric_logarithm_by_hand():
    scale = AxisScale(0.1)
    np.testing.assert_allclose(scale.forward([0.0, 0.9, -9.9]), [0.0, 1.0, -2.0])
    np.testing.assert_allclose(scale.inverse([0.0, 1.0, -2.0]), [0.0, 0.9, -9.9])
    np.testing.assert_allclose(INDEX_LOG.forward([0, 9, 99]), [0.0, 1.0, 2.0])


def test_symmetric_logarithm_undoes_itself():
    values = np.concatenate([-np.logspace(-6, 6, 50), [0.0], np.logspace(-6, 6, 50)])
    for scale in (LINEAR, AxisScale(1e-4), AxisScale(3.0)):
        np.testing.assert_allclose(scale.inverse(scale.forward(values)), values, rtol=1e-9)
        assert (np.diff(scale.forward(np.sort(values))) > 0).all()


def test_ticks_keep_zero_and_powers_of_ten_in_sight():
    ticks = AxisScale(0.01).ticks(0.0, 4.0)
    assert ticks[0] == 0.0
    assert {0.1, 1.0, 10.0} <= set(ticks)
    assert max(ticks) <= float(AxisScale(0.01).inverse(4.0))
    both = AxisScale(1.0).ticks(-2.0, 2.0)
    assert 0.0 in both
    assert both == [-tick for tick in reversed(both)]
    assert INDEX_LOG.ticks(0.0, float(INDEX_LOG.forward(60)))[:2] == [0.0, 1.0]


def test_the_linear_part_lies_below_what_is_not_negligible():
    assert value_scale(np.array([1e-12, 0.5, 200.0])).threshold == 0.1
    assert value_scale(np.array([0.0, np.nan])).threshold == 1.0


# --- the spectrum ----------------------------------------------------------------------------


def sphere(radius=1.0):
    """Eigenvalues l (l + 1) / r^2 with multiplicity 2 l + 1, of area 4 pi r^2."""
    values = np.concatenate([np.full(2 * n + 1, n * (n + 1.0)) for n in range(8)]) / radius**2
    return Spectrum("sphere", values, Kind.SURFACE, area=4 * np.pi * radius**2)


def curve_of(spectrum, mode):
    document = Document((Entry(0, spectrum),))
    return resolve(document, Selection(current=0, spectrum_mode=mode)).spectrum.curves[0]


def test_unit_area_of_a_sphere_does_not_depend_on_its_radius():
    small, large = (curve_of(sphere(r), SpectrumMode.UNIT_AREA) for r in (1.0, 30.0))
    np.testing.assert_allclose(small.y[1:4], 8 * np.pi)
    np.testing.assert_allclose(small.y, large.y)


def test_weyl_ratio_of_a_sphere():
    curve = curve_of(sphere(5.0), SpectrumMode.WEYL)
    # lambda_k / (4 pi k / A) = l (l + 1) / k; the zero has no ratio.
    assert curve.x[0] == 1
    np.testing.assert_allclose(curve.y[:4], [2.0, 1.0, 2 / 3, 6 / 4])
    # The last of each multiplet is number (l + 1)^2 - 1 = l (l + 2).
    np.testing.assert_allclose(curve.y[62], 7 * 8 / 63)


def test_a_spectrum_of_the_other_sign_is_drawn_the_usual_way_round():
    values = -sphere().eigenvalues
    turned = replace(sphere(), eigenvalues=values)
    raw, unit = (curve_of(turned, mode) for mode in (SpectrumMode.RAW, SpectrumMode.UNIT_AREA))
    np.testing.assert_array_equal(raw.y, values)
    np.testing.assert_allclose(unit.y[1:4], 8 * np.pi)


def test_a_mode_that_a_spectrum_cannot_have_is_told():
    document = Document((Entry(0, replace(sphere(), area=None)),))
    selection = Selection(current=0, spectrum_mode=SpectrumMode.WEYL)
    picture = resolve(document, selection).spectrum
    assert picture.curves == ()
    assert "gives no area" in picture.empty


def test_models_input_stands_at_the_files_indices(document, selection):
    shown = resolve(document, replace(selection, spectrum_mode=SpectrumMode.MODEL_INPUT))
    np.testing.assert_array_equal(shown.spectrum.curves[0].x, np.arange(1, 7))
    assert shown.spectrum.used == (1.0, 6.0)
    assert shown.index_range == (-0.5, 6.5)


# --- marks, lines, prediction ----------------------------------------------------------------


def test_a_hovered_sample_marks_its_cell_its_field_and_what_it_reads(document, selection):
    contents = resolve(document, replace(selection, hovered=Sample(1, 1, 1)))
    assert contents.spectrum_marks.bands == ((2.0, 2.0), (4.0, 4.0), (6.0, 6.0))
    assert contents.spectrum_marks.index == 4.0
    assert contents.layers[1].marks.cell == (3.5, 4.5, 1)
    assert contents.layers[0].marks.cell is None
    assert "conv" in contents.readout
    assert "channel 1" in contents.readout


def test_the_hovered_sample_wins_over_the_pinned_one(document, selection):
    both = replace(selection, pinned=Sample(0, 0), hovered=Sample(SPECTRUM, 3))
    contents = resolve(document, both)
    assert contents.sample == Sample(SPECTRUM, 3)
    assert contents.spectrum_marks.point == (3.0, 3.0)


def test_line_view_draws_the_chosen_channels(document, selection):
    chosen = MappingProxyType({1: LayerOptions(LayerMode.LINES, channels=(1, 7))})
    picture = resolve(document, replace(selection, layers=chosen)).layers[1].picture
    assert [curve.name for curve in picture.curves] == ["channel 1"]
    np.testing.assert_array_equal(picture.curves[0].y, [2.0, 0.0])


def test_prediction_is_in_descending_order(document, selection):
    prediction = resolve(document, selection).prediction
    assert prediction.classes == ("cube", "ball")
    np.testing.assert_allclose(prediction.probabilities, [0.75, 0.25])
    assert prediction.headline.startswith("cube")


def test_what_did_not_change_is_the_identical_object(document, selection):
    first = resolve(document, selection)
    moved = resolve(document, replace(selection, hovered=Sample(1, 0, 0)))
    assert moved.spectrum is first.spectrum
    assert all(a.picture is b.picture for a, b in zip(first.layers, moved.layers, strict=True))
    before = MappingProxyType({1: LayerOptions(stage=Stage.BEFORE)})
    changed = resolve(document, replace(selection, layers=before))
    assert changed.layers[1].picture is not first.layers[1].picture
    assert changed.layers[0].picture is first.layers[0].picture


def test_panels_without_maps_say_why(model, trace):
    spectrum = Spectrum("s", np.arange(9.0))
    waiting = Document((Entry(1, spectrum),), model)
    refused = Document((Entry(1, spectrum, None, "s: too short."),), model)
    shown = Selection(current=1)
    assert "has not answered" in resolve(waiting, shown).layers[0].missing
    assert resolve(refused, shown).layers[0].missing == "No feature maps: s: too short."
    traced = Document((Entry(1, spectrum),), model, MappingProxyType({1: trace}))
    assert resolve(traced, shown).layers[0].missing == ""


# --- hover and pin ---------------------------------------------------------------------------


def test_a_pin_stays_marked_while_the_pointer_is_elsewhere(document):
    pinned = Sample(1, 1, 0)
    alone = resolve(document, Selection(current=0, pinned=pinned)).layers[1].marks
    assert alone.held
    assert alone.pin_cell is None
    both = Selection(current=0, pinned=pinned, hovered=Sample(1, 0, 1))
    marks = resolve(document, both).layers[1].marks
    assert not marks.held
    assert marks.pin_cell == alone.cell
    assert marks.cell != alone.cell
    assert marks.pinned == alone.index
    assert resolve(document, both).spectrum_marks.pinned == alone.index


def test_without_a_model_the_input_falls_back_to_values_as_read(document):
    shown = Selection(current=0, spectrum_mode=SpectrumMode.MODEL_INPUT)
    assert resolve(document, shown).spectrum.mode is SpectrumMode.MODEL_INPUT
    bare = Document(document.entries)
    assert resolve(bare, shown).spectrum.mode is SpectrumMode.RAW
    short = Entry(0, Spectrum("short", np.arange(3.0)))
    refused = Document((short,), document.model)
    picture = resolve(refused, shown).spectrum
    assert picture.mode is SpectrumMode.RAW
    assert len(picture.curves) == 1
