"""The tour's numbers are those of the trace."""

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
from spectracnn.state.selection import Sample, Selection, Stage
from spectracnn.view.tour import tour_steps

BEFORE = np.array([[1.0, -2.0], [-3.0, 4.5], [-1.0, 0.5], [2.0, 3.0]], np.float32)


@pytest.fixture
def document():
    layers = (
        LayerInfo("c", "Conv1D", (4, 2), 8, "relu", 3, 1, 1, "valid"),
        LayerInfo("p", "MaxPooling1D", (2, 2), 0, "", 2, 2, None, "valid", True, None, (0,)),
        LayerInfo("d", "Dense", (2,), 9, "softmax", sources=(1,)),
    )
    card = ModelCard(Preprocessing.from_json([{"step": "take", "n": 6}]), ("cup", "ant"))
    model = ModelDescription("m", "m.keras", "0", (6, 1), layers, ("cup", "ant"), card, 17)
    after = np.maximum(BEFORE, 0)
    trace = Trace(
        "0",
        np.arange(6, dtype=np.float32)[:, None],
        np.arange(6),
        (
            LayerTrace(after, BEFORE),
            LayerTrace(after.reshape(2, 2, 2).max(axis=1)),
            LayerTrace(np.array([0.2, 0.8], np.float32)),
        ),
        np.array([0.2, 0.8], np.float32),
    )
    entry = Entry(1, Spectrum("thing", np.arange(9.0)))
    return Document((entry,), model, MappingProxyType({1: trace}))


def test_eight_steps_with_the_numbers_on_the_screen(document):
    steps = tour_steps(document, Selection(current=1))
    assert len(steps) == 8
    texts = [step.text for step in steps]
    assert "'thing' is summed up by 9 numbers" in texts[0]
    assert texts[1].startswith("6 of them are prepared: take first")
    assert "Filter 1 of c looks at 3 neighbours" in texts[2]
    assert "strongest sample here is 4.5." in texts[2]
    assert steps[2].sample == Sample(0, 1, 1)
    assert "38 % of them" in texts[3]  # 3 of 8 are negative
    assert steps[3].changes["layers"][0].stage is Stage.BEFORE
    assert "the largest of every 2 neighbours: 4 samples become 2" in texts[4]
    assert "2 filters" in texts[5]
    assert "ant 80.0 %, then cup 20.0 %" in texts[6]
    assert "'ant'" in texts[7]


def test_nothing_without_an_answered_spectrum(document):
    assert tour_steps(document, Selection()) == ()
    assert tour_steps(Document(document.entries, document.model), Selection(current=1)) == ()


def test_a_network_without_convolution_is_led_through_what_it_has(document):
    layers = document.model.layers[2:]
    model = replace(document.model, layers=layers)
    trace = document.traces[1]
    short = Trace("0", trace.input, trace.positions, trace.layers[2:], trace.probabilities)
    bare = Document(document.entries, model, MappingProxyType({1: short}))
    titles = [step.title for step in tour_steps(bare, Selection(current=1))]
    assert len(titles) == 4
    assert not any("filter" in title.lower() for title in titles)
