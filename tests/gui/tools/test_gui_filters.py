"""The filters' window: order, contributions by muting, choosing, copying."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from spectracnn.core.trace import LayerInfo, LayerTrace, Trace
from spectracnn.core.weights import LayerWeights
from spectracnn.engine.messages import Failed, Succeeded, TraceSpectrum, WeightsOf
from spectracnn.errors import EngineError
from spectracnn.gui.tools.filters.filters import FiltersTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.selection import Sample
from spectracnn.state.tools import Ranking
from spectracnn.view.filters import filter_bank, ranked

KERNEL = np.array([[[1.0, -1.0]], [[0.5, 2.0]], [[-1.6, 0.25]]])
DENSE = np.array([[1.0, -0.5, 0.0], [-0.25, 0.5, 1.0]])


@pytest.fixture
def tool(qtbot, filled, engine, themes, settings):
    tool = FiltersTool(ToolContext(filled, engine.broker, themes, settings))
    qtbot.addWidget(tool)
    tool.show()
    for number, request in list(engine.requests.items()):
        if isinstance(request, WeightsOf):
            weights = LayerWeights(request.layer, "Conv1D", {"kernel": KERNEL})
            engine.eventReceived.emit(Succeeded(number, weights))
    yield tool
    tool.close()


def choose(box, place):
    """As a person does: Qt emits ``activated`` for those only."""
    box.setCurrentIndex(place)
    box.activated.emit(place)


def shown(tool):
    return [item.channel for item in tool.grid.filters.filters]


def muted_trace(engine, number):
    """What the network says without one filter: its column of the pooled means is 0."""
    request = engine.requests[number]
    trace = engine.network.trace(request.spectrum)
    average = trace.layers[2].output.copy()
    for _, channel in request.muted:
        average[channel] = 0
    logits = average @ DENSE
    layers = (*trace.layers[:3], LayerTrace(trace.layers[3].output, logits))
    return Trace(trace.model_sha256, trace.input, trace.positions, layers, trace.probabilities)


def answer_muted(engine):
    """Answer the questions about muted filters until none comes any more."""
    answered = set()
    while True:
        number = engine.latest(TraceSpectrum)
        if number in answered or not engine.requests[number].muted:
            return
        answered.add(number)
        engine.eventReceived.emit(Succeeded(number, muted_trace(engine, number)))


def test_only_convolutions_are_offered_largest_first(tool):
    assert tool.layer_box.count() == 1
    assert shown(tool) == [1, 0]
    item = tool.grid.filters.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert item.startswith("filter 1\nsize 2.25")  # sqrt(1 + 4 + 1/16)


def test_contributions_are_what_the_score_loses(tool, filled, engine):
    trace = filled.document.traces[filled.selection.current]
    mean = trace.layers[2].output.astype(float)
    choose(tool.order_box, list(Ranking).index(Ranking.CONTRIBUTION))
    for target in range(3):
        choose(tool.class_box, target + 1)
        answer_muted(engine)
        for item in tool.grid.filters.filters:
            expected = mean[item.channel] * DENSE[item.channel, target]
            assert item.contribution == pytest.approx(expected, abs=1e-6)
    assert tool.contributions.progress == (2, 2)


def test_another_spectrum_begins_anew_and_closing_stops(tool, filled, engine):
    choose(tool.order_box, 2)
    answer_muted(engine)
    filled.set_current(filled.document.entries[1].id)
    engine.answer_trace()
    assert tool.contributions.progress == (0, 2)
    tool.close()
    assert tool.contributions.progress == (0, 0)


def test_a_failure_is_told(tool, engine):
    choose(tool.order_box, 2)
    for _ in range(2):  # lost once, it is asked once more
        number = engine.latest(TraceSpectrum)
        engine.eventReceived.emit(Failed(number, EngineError("The engine ended.")))
    assert tool.note.text() == "The engine ended."


def test_a_choice_pins_the_strongest_sample_and_follows_the_pin(tool, filled):
    trace = filled.document.traces[filled.selection.current]
    tool.grid.setCurrentIndex(tool.grid.filters.index(0))
    strongest = int(np.argmax(trace.layers[0].output[:, 1]))
    assert filled.selection.pinned == Sample(0, strongest, 1)
    filled.pin_at(Sample(0, 2, 0))
    assert tool.grid.currentIndex().row() == 1
    assert filled.selection.pinned == Sample(0, 2, 0)


def test_weights_are_copied(tool, qtbot):
    qtbot.keyClick(tool.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = QGuiApplication.clipboard().text().splitlines()
    assert rows[1].split("\t")[5:8] == ["-1", "2", "0.25"]


def test_it_paints(tool):
    assert not tool.grab().isNull()


def test_filters_with_rows_and_columns_are_images(tool, filled, qtbot):
    """Tiles of a Conv2D: the weights lie in the tile as they do in the kernel."""
    kernel = np.zeros((2, 3, 1, 2))
    kernel[0, 0, 0, 0], kernel[1, 2, 0, 0] = 2.0, -2.0
    kernel[:, :, 0, 1] = 0.5
    info = LayerInfo("plane", "Conv2D", (4, 6, 2), kernel_size=3, kernel_shape=(2, 3))
    bank = filter_bank(info, LayerWeights(0, "Conv2D", {"kernel": kernel}))
    tool.bank = bank
    tool.grid.filters.show(bank, ranked(bank, Ranking.NORM), Ranking.NORM, frozenset())
    assert "row by row" in tool._sentence()
    room = tool.grid.visualRect(tool.grid.filters.index(0))
    shot = tool.grid.viewport().grab(room).toImage()
    reds, blues = [], []
    for x in range(shot.width() // 2):
        for y in range(24, shot.height() - 8):
            colour = shot.pixelColor(x, y)
            if colour.red() - colour.blue() > 80:
                reds.append((x, y))
            if colour.blue() - colour.red() > 80:
                blues.append((x, y))
    (red_x, red_y), (blue_x, blue_y) = np.mean(reds, axis=0), np.mean(blues, axis=0)
    assert blue_x > red_x
    assert blue_y > red_y
    picture = tool.figure_view().picture
    assert picture.window == (2, 3)
