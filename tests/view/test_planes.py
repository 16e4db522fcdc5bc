"""Outputs with rows, columns and channels: one channel is shown, each number the array's."""

from __future__ import annotations

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import (
    ColourScale,
    LayerMode,
    LayerOptions,
    Sample,
    Selection,
)
from spectracnn.view.planes import layer_plane, plane_values, shown_channel
from spectracnn.view.resolve import resolve
from spectracnn.view.stepping import stepped

NAMES = ("left", "right", "stem")
STEPS, CHANNELS = 8, 2
VALUES = np.random.default_rng(4).normal(size=(3, STEPS, CHANNELS)).astype(np.float32)
VALUES[..., 1] *= 5


def model(shape=(3, STEPS, 1), output=(3, STEPS, CHANNELS), structures=NAMES):
    card = ModelCard(Preprocessing(), ("a", "b"))
    layer = LayerInfo("conv", "Conv2D", output, activation="tanh")
    return ModelDescription(
        "m", "m.keras", "", shape, (layer,), ("a", "b"), card, 0, structures=structures
    )


def document(values=VALUES, description=None):
    spectrum = Spectrum("s", np.arange(20.0))
    description = description or model(output=values.shape)
    inputs = np.zeros(description.input_shape, np.float32)
    trace = Trace("", inputs, np.arange(STEPS), (LayerTrace(values),), np.array([0.5, 0.5]))
    return Document((Entry(1, spectrum),), description, {1: trace})


def contents(options=None, **selected):
    layers = {0: options or LayerOptions()}
    return resolve(document(), Selection(current=1, layers=layers, **selected)).layers[0]


def test_rows_are_structures_and_columns_stand_on_the_index_axis():
    picture = contents(LayerOptions(channels=(0,))).picture
    np.testing.assert_array_equal(picture.image, VALUES[:, :, 0])
    np.testing.assert_array_equal(picture.values, VALUES[:, :, 0].T)
    np.testing.assert_allclose(picture.centres, np.arange(STEPS), atol=1e-9)
    assert picture.plane.rows == NAMES
    assert not picture.vector


def test_the_channel_that_varies_most_is_shown_unless_one_is_chosen():
    assert contents().picture.plane.channel == 1
    assert contents(LayerOptions(channels=(0,))).picture.plane.channel == 0
    assert contents(LayerOptions(channels=(7,))).picture.plane.channel == 1


def test_the_colour_range_is_of_the_whole_layer():
    picture = contents(LayerOptions(channels=(0,)), colour_scale=ColourScale.LAYER).picture
    assert picture.levels[1] == pytest.approx(np.abs(VALUES).max())


def test_lines_are_the_rows_of_the_channel():
    curves = contents(LayerOptions(LayerMode.LINES, channels=(1,))).picture.curves
    assert [curve.name for curve in curves] == list(NAMES)
    np.testing.assert_array_equal(curves[2].y, VALUES[2, :, 1])


def test_every_sample_of_the_plane_is_found_again():
    described = model()
    plane = layer_plane(described, described.layers[0], 1)
    shown = plane_values(VALUES, plane)
    flat = VALUES.reshape(-1, CHANNELS)
    for row in range(3):
        for along in range(STEPS):
            step = plane.step(row, along)
            assert plane.place(step) == (row, along)
            assert shown[along, row] == flat[step, 1] == VALUES[row, along, 1]


def test_pooled_rows_have_no_structure_names():
    described = model(output=(2, 4, CHANNELS))
    assert layer_plane(described, described.layers[0], 0).rows == ("row 0", "row 1")


def test_a_sequence_reshaped_to_an_image_lies_along_the_axis():
    described = model((STEPS, 1), (STEPS, 1, CHANNELS), ())
    values = np.arange(STEPS * CHANNELS, dtype=np.float32).reshape(STEPS, 1, CHANNELS)
    plane = layer_plane(described, described.layers[0], 1)
    np.testing.assert_array_equal(plane_values(values, plane), values[:, 0, 1:])
    assert (plane.step(0, 5), plane.place(5)) == (5, (0, 5))


def test_the_marked_sample_is_told_and_framed():
    sample = Sample(0, 2 * STEPS + 3, 1)
    whole = resolve(document(), Selection(current=1, pinned=sample))
    assert "channel 1   stem   step 3" in whole.readout
    assert f"value {VALUES[2, 3, 1]:.6g}" in whole.readout
    left, right, row = whole.layers[0].marks.cell
    assert (left, right, row) == (pytest.approx(2.5), pytest.approx(3.5), 2)
    hidden = Selection(current=1, pinned=sample, layers={0: LayerOptions(channels=(0,))})
    assert resolve(document(), hidden).layers[0].marks.cell is None


def test_arrow_keys_go_along_and_across():
    start = Selection(current=1, pinned=Sample(0, STEPS + 7, 1))
    moved = [stepped(document(), start, *by) for by in ((-1, 0), (1, 0), (0, 1), (0, 5))]
    assert [divmod(sample.step, STEPS) for sample in moved] == [(1, 6), (1, 7), (2, 7), (2, 7)]
    assert {sample.channel for sample in moved} == {1}


def test_infinite_values_do_not_choose_the_channel():
    values = VALUES.copy()
    values[0, 0, 0] = np.inf
    trace = document(values).traces[1]
    assert shown_channel(trace, 0, LayerOptions()) == 1
