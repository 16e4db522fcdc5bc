"""The page of the whole network: places, segments and bands."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from spectracnn.core.card import ModelCard
from spectracnn.core.flows import INPUT, Flow, Flows, Group
from spectracnn.core.insight import Insight
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.trace import LayerInfo, LayerTrace, ModelDescription, Trace
from spectracnn.view.overview import depths, lanes, node_words, page
from spectracnn.view.rails import rails


def layer(name, *sources):
    return LayerInfo(name, "Conv1D", (4, 2), sources=sources)


BRANCHED = (
    layer("stem"),
    layer("long1", 0),
    layer("short", 0),
    layer("long2", 1),
    layer("join", 3, 2),
    layer("end", 4),
)


@pytest.fixture
def model():
    card = ModelCard(Preprocessing(()), ("a", "b"))
    return ModelDescription("m", "m.keras", "0" * 64, (4, 1), BRANCHED, ("a", "b"), card, 0)


@pytest.fixture
def trace():
    groups = tuple(
        (Group((1,), 3.0), Group((0,), -1.0)) if i != 2 else (Group((0, 1), 0.4),) for i in range(6)
    )
    pair = np.array([[2.0, -0.5], [1.0, -0.5]])
    flows = Flows(
        1,
        groups,
        (
            Flow(INPUT, 0, np.array([[3.0, -1.0]])),
            Flow(0, 1, pair),
            Flow(0, 2, np.array([[0.4], [0.0]])),
            Flow(1, 3, pair),
            Flow(3, 4, pair),
            Flow(2, 4, np.array([[0.2, 0.2]])),
            Flow(4, 5, np.array([[np.nan, 1.0], [2.0, -2.0]])),
        ),
    )
    layers = (LayerTrace(np.zeros((4, 2))),) * 6
    insight = Insight(1, (np.zeros(2),) * 6, flows=flows)
    said = np.array([0.1, 0.9])
    return Trace("0" * 64, np.zeros((4, 1)), np.arange(4), layers, said, insight=insight)


def test_layers_stand_behind_all_they_read_and_branches_below():
    assert depths(BRANCHED) == (1, 2, 2, 3, 4, 5)
    assert lanes(BRANCHED) == (0, 0, 1, 0, 0, 0)
    chain = tuple(layer(str(i), *([i - 1] if i else [])) for i in range(5))
    assert lanes(chain) == (0,) * 5


def test_rails_branch_and_meet_beside_the_list():
    chain = tuple(layer(str(i), *([i - 1] if i else [])) for i in range(5))
    assert rails(chain) == []
    rows = rails(BRANCHED)
    assert len(rows) == len(BRANCHED)
    assert {pair[0] for pair in rows[0].below} == {0}
    assert len(rows[0].below) == 2  # to the long way and to the short one
    assert len(rows[4].above) == 2
    for upper, lower in pairwise(rows):
        assert sorted(pair[1] for pair in upper.below) == sorted(pair[0] for pair in lower.above)
    # A way around one layer does not lead through its dot.
    skip = (layer("a"), layer("b", 0), layer("sum", 0, 1))
    middle = rails(skip)[1]
    assert all(middle.lane not in pair for pair in middle.below[1:])
    assert any(pair == (1, 1) for pair in middle.below)


def test_boxes_do_not_overlap_and_flow_goes_right(model, trace):
    found = page(model, trace, 700.0, 400.0)
    boxes = [node.box for node in found.nodes]
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            apart = one.right <= other.x or other.right <= one.x
            assert apart or one.bottom <= other.y or other.bottom <= one.y
    assert found.height == 400.0
    for band in found.bands:
        assert band.start[0] < band.end[0] or band.wraps


def test_segments_share_the_height_by_contribution(model, trace):
    node = page(model, trace, 700.0, 400.0).nodes[1]
    high = [segment.bottom - segment.top for segment in node.segments]
    assert high[0] == pytest.approx(3 * high[1])
    assert node.segments[0].top == node.box.y
    small = page(model, trace, 700.0, 400.0).nodes[3]
    assert small.segments[-1].bottom - small.box.y < 0.3 * small.box.height


def test_bands_fill_their_segments_and_no_more(model, trace):
    found = page(model, trace, 700.0, 400.0)
    nodes = {node.layer: node for node in found.nodes}
    for layer_index in range(5):
        leaving = [b for b in found.bands if b.source == layer_index and b.value]
        for segment in nodes[layer_index].segments:
            inside = sorted(
                band.start[1:]
                for band in leaving
                if segment.top - 1e-6 <= band.start[1] and band.start[2] <= segment.bottom + 1e-6
            )
            for (_, bottom), (top, _) in pairwise(inside):
                assert top >= bottom - 1e-6
    assert all(np.isfinite([*b.start, *b.end]).all() for b in found.bands)


def test_a_long_network_goes_on_below(model, trace):
    found = page(model, trace, 260.0, 300.0)
    rows = {round(node.box.y) for node in found.nodes if node.layer != INPUT}
    assert len(rows) > 1
    assert any(band.wraps for band in found.bands)


def test_without_flows_there_are_thin_lines(model, trace):
    for known in (None, replace(trace, insight=None)):
        found = page(model, known, 700.0, 400.0)
        assert {band.value for band in found.bands} == {0.0}
        assert len(found.bands) == 7
        assert not any(node.segments for node in found.nodes)


def test_a_layer_in_words(model, trace):
    node = page(model, trace, 700.0, 400.0).nodes[1]
    words = node_words(model, node, trace.insight.flows)
    assert "channel 1: +3 (75 %)" in words
    assert "channel 0: \u22121 (25 %)" in words
