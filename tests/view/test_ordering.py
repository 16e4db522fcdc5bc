"""The order of channels in maps, and that rows still say which channel they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.fields import ReceptiveField
from spectracnn.core.insight import Insight
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.spectrum import Spectrum
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.state.document import Document, Entry
from spectracnn.state.selection import ChannelOrder, Sample, Selection
from spectracnn.view.ordering import channel_order, order_origin
from spectracnn.view.resolve import resolve
from spectracnn.view.stepping import stepped

RNG = np.random.default_rng(8)
STEPS = 12


def layer(name, kind, channels, sources=(), **more):
    field = ReceptiveField(np.eye(STEPS, dtype=bool), np.arange(STEPS), np.arange(STEPS), 1, 1.0)
    return LayerInfo(name, kind, (STEPS, channels), sources=sources, field=field, **more)


@pytest.fixture
def model():
    layers = (
        layer("wide", "Conv1D", 40),
        layer("norm", "BatchNormalization", 40, (0,)),
        layer("pool", "MaxPooling1D", 40, (1,), pools=True),
        layer("small", "Conv1D", 5, (2,)),
        layer("joined", "Concatenate", 45, (2, 3)),
    )
    card = ModelCard(Preprocessing(()), ("ant", "bee"))
    return ModelDescription("m", "m.keras", "0" * 64, (STEPS, 1), layers, ("ant", "bee"), card, 0)


@pytest.fixture
def trace(model):
    layers = tuple(
        LayerTrace(RNG.normal(size=info.output_shape).astype(np.float32)) for info in model.layers
    )
    parts = tuple(RNG.normal(size=info.output_shape[-1]) for info in model.layers)
    alike = tuple(RNG.permutation(info.output_shape[-1]) for info in model.layers)
    insight = Insight(1, parts, alike)
    inputs = np.zeros((STEPS, 1))
    return Trace("0" * 64, inputs, np.arange(STEPS), layers, np.array([0.2, 0.8]), insight=insight)


@pytest.fixture
def document(model, trace):
    entry = Entry(0, Spectrum("s", np.arange(float(STEPS))))
    return Document((entry,), model).with_trace(0, trace)


def test_the_default_is_by_contribution_where_there_are_many(model, trace):
    wide = channel_order(model, trace, 0, ChannelOrder.AUTO)
    np.testing.assert_array_equal(wide, np.argsort(-trace.insight.contributions[0]))
    assert channel_order(model, trace, 3, ChannelOrder.AUTO) is None
    np.testing.assert_array_equal(
        channel_order(model, trace, 3, ChannelOrder.CONTRIBUTION),
        np.argsort(-trace.insight.contributions[3]),
    )


def test_pooling_and_normalisation_keep_the_order_of_what_they_get(model, trace):
    assert [order_origin(model, index) for index in range(5)] == [0, 0, 0, 3, 4]
    for order in (ChannelOrder.AUTO, ChannelOrder.ACTIVITY, ChannelOrder.SIMILARITY):
        found = [channel_order(model, trace, index, order) for index in range(3)]
        np.testing.assert_array_equal(found[0], found[1])
        np.testing.assert_array_equal(found[0], found[2])


def test_activity_and_similarity(model, trace):
    sizes = np.abs(trace.layers[3].output).mean(axis=0)
    np.testing.assert_array_equal(
        channel_order(model, trace, 3, ChannelOrder.ACTIVITY), np.argsort(-sizes)
    )
    np.testing.assert_array_equal(
        channel_order(model, trace, 3, ChannelOrder.SIMILARITY), trace.insight.similarity[3]
    )


def test_without_what_is_needed_channels_stand_by_number(model, trace):
    bare = replace(trace, insight=None)
    for order in (ChannelOrder.AUTO, ChannelOrder.CONTRIBUTION, ChannelOrder.SIMILARITY):
        assert channel_order(model, bare, 0, order) is None
    odd = replace(trace, insight=Insight(0, (np.full(40, np.nan),) * 5))
    order = channel_order(model, odd, 0, ChannelOrder.AUTO)
    np.testing.assert_array_equal(order, np.arange(40))


def test_rows_show_the_channels_they_say(document, trace):
    picture = resolve(document, Selection(current=0)).layers[0].picture
    for row in (0, 7, 39):
        channel = picture.channel_at(row)
        np.testing.assert_array_equal(picture.image[row], trace.layers[0].output[:, channel])
        assert picture.row_of(channel) == row
    assert picture.order_words == "channels by contribution to bee"
    pool = resolve(document, Selection(current=0)).layers[2].picture
    assert pool.order == picture.order
    assert pool.order_words == "channels by contribution to bee, as in wide"
    by_number = Selection(current=0, channel_order=ChannelOrder.INDEX)
    plain = resolve(document, by_number).layers[0].picture
    np.testing.assert_array_equal(plain.image, trace.layers[0].output.T)
    assert plain.order == ()


def test_the_marked_cell_stands_in_the_row_of_its_channel(document):
    selection = Selection(current=0, pinned=Sample(0, 3, 17))
    layer = resolve(document, selection).layers[0]
    assert layer.marks.cell[2] == layer.picture.row_of(17)


def test_arrow_keys_follow_the_rows_on_the_screen(document):
    order = resolve(document, Selection(current=0)).layers[0].picture.order
    selection = Selection(current=0, pinned=Sample(0, 3, order[10]))
    assert stepped(document, selection, 0, 1).channel == order[11]
    assert stepped(document, selection, 0, -99).channel == order[0]
