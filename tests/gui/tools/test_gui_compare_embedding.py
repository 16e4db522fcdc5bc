"""The windows that compare and embed ask the engine, show its numbers, and are linked both ways."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from spectracnn.core.trace import LayerTrace, Trace
from spectracnn.engine.messages import (
    BatchFeatures,
    CollectFeatures,
    Succeeded,
    TraceMean,
    TraceSpectrum,
)
from spectracnn.gui.tools.compare.compare import CompareTool
from spectracnn.gui.tools.embedding.embedding import EmbeddingTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.view.groups import single


@pytest.fixture
def context(filled, engine, themes, settings):
    engine.answer_trace()
    filled._inference._on_batch_timer_timeout()
    engine.answer_predictions()
    return ToolContext(filled, engine.broker, themes, settings)


def mean(traces):
    def average(arrays):
        return None if arrays[0] is None else np.mean(arrays, axis=0)

    layers = tuple(
        LayerTrace(average([t.output for t in layer]), average([t.before for t in layer]))
        for layer in zip(*(trace.layers for trace in traces), strict=True)
    )
    first = traces[0]
    return Trace(
        first.model_sha256,
        average([trace.input for trace in traces]),
        first.positions,
        layers,
        average([trace.probabilities for trace in traces]),
    )


def answer(engine, network, values=None):
    """Answer all that is open."""
    for number, request in list(engine.requests.items()):
        if isinstance(request, TraceSpectrum):
            result = network.trace(request.spectrum)
        elif isinstance(request, TraceMean):
            result = mean([network.trace(spectrum) for spectrum in request.spectra])
        elif isinstance(request, CollectFeatures):
            count = len(request.spectra)
            result = BatchFeatures(values(count, request), (None,) * count)
        else:
            continue
        engine.eventReceived.emit(Succeeded(number, result))


@pytest.fixture
def compare(qtbot, context):
    tool = CompareTool(context)
    qtbot.addWidget(tool)
    tool.show()
    return tool


def test_a_spectrum_is_compared_with_the_mean_of_its_class(compare, filled, engine, network):
    assert compare.boxes["first"].side == single(filled.document.entries[0])
    assert compare.boxes["second"].side.is_mean
    answer(engine, network)
    members = [filled.document.entry(i).spectrum for i in compare.boxes["second"].side.ids]
    average = mean([network.trace(spectrum) for spectrum in members])
    expected = network.trace(filled.document.entries[0].spectrum).layers[0].output
    expected = expected - average.layers[0].output
    shown = compare.stack._contents.layers[0].picture.values
    np.testing.assert_allclose(shown, expected, atol=1e-6)
    assert len(compare.lists.bars.rows) == 3


def test_sides_swap_and_channels_pin(compare, filled, engine, network):
    answer(engine, network)
    before = compare.stack._contents.layers[0].picture.values
    compare.swap_button.click()
    after = compare.stack._contents.layers[0].picture.values
    np.testing.assert_allclose(after, -before)
    compare.lists.channelChosen.emit(0, 1)
    assert filled.selection.pinned.layer == 0
    assert filled.selection.pinned.channel == 1
    compare.lists.copy_button.click()
    assert "layer\tfilter" in QApplication.clipboard().text()


def test_differences_can_share_one_scale(compare, engine, network):
    answer(engine, network)

    def tops():
        pictures = [layer.picture for layer in compare.stack._contents.layers]
        return {picture.levels[1] for picture in pictures}

    assert len(tops()) > 1
    compare.scale_box.setCurrentIndex(1)
    compare.scale_box.activated.emit(1)
    assert len(tops()) == 1


def test_another_current_spectrum_is_the_first_side(compare, filled, engine, network):
    answer(engine, network)
    other = filled.document.entries[2]
    filled.set_current(other.id)
    assert compare.boxes["first"].side.ids == (other.id,)
    assert engine.requests[engine.latest(TraceSpectrum)].spectrum is other.spectrum


def test_small_multiples_of_the_ticked(compare, filled, engine, network):
    compare.tabs.setCurrentWidget(compare.multiples)
    answer(engine, network)
    assert set(compare.multiples.traces) == {entry.id for entry in filled.document.entries}
    assert len(compare.multiples._cells) == 4
    filled.set_overlaid([filled.document.entries[1].id])
    assert len(compare.multiples._cells) == 2  # the current one and the ticked one


def test_statistics_tell_dead_filters_and_what_excites_one(compare, filled, engine, network):
    compare.tabs.setCurrentWidget(compare.statistics)

    def values(count, request):
        maxima = np.zeros((count, 2), np.float32)
        maxima[:, 0] = np.arange(count)
        return maxima

    answer(engine, network, values)
    tab = compare.statistics
    assert tab.statistics.dead.tolist() == [False, True]
    tab.table.selectRow(0)
    assert tab.channel == 0
    assert tab.spectra.item(0).text().startswith(filled.document.entries[3].spectrum.name)
    assert filled.selection.pinned.channel == 0
    tab.spectra.itemClicked.emit(tab.spectra.item(0))
    assert filled.selection.current == filled.document.entries[3].id


@pytest.fixture
def embedding(qtbot, context, engine, network):
    tool = EmbeddingTool(context)
    qtbot.addWidget(tool)
    tool.show()

    def values(count, request):
        return np.array([[0, 0, 1], [4, 0, 0], [4, 1, 0], [9, 9, 0]], np.float32)[:count]

    answer(engine, network, values)
    qtbot.waitUntil(lambda: tool.gathering.embedding is not None and tool.gathering.dna is not None)
    return tool


def test_points_neighbours_and_choice(embedding, filled):
    assert embedding.gathering.embedding.points.shape == (4, 2)
    names = [embedding.near["network"].item(row).text() for row in range(3)]
    assert names[0].startswith(filled.document.entries[1].spectrum.name)
    assert embedding.near["dna"].count() == 3
    embedding.scatter.chosen.emit(2)
    assert filled.selection.current == filled.document.entries[2].id
    embedding.near["network"].itemClicked.emit(embedding.near["network"].item(0))
    assert filled.selection.current == filled.document.entries[1].id


def test_brushing_ticks_and_ticks_are_ringed(embedding, filled):
    x, y = embedding.scatter.points[3]
    embedding.scatter._on_box_brushed(QRectF(x - 0.1, y - 0.1, 0.2, 0.2))
    assert filled.selection.overlaid == {filled.document.entries[3].id}
    assert filled.selection.current == filled.document.entries[3].id
    filled.set_overlaid([filled.document.entries[0].id, filled.document.entries[1].id])
    assert len(embedding.scatter._ticked.data) == 2


def test_points_are_copied(embedding, filled):
    embedding.copy_button.click()
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 5
    assert float(lines[1].split("\t")[2]) == embedding.gathering.embedding.points[0, 0]


def test_of_very_many_numbers_coordinates_are_kept(
    qtbot, context, engine, network, filled, monkeypatch
):
    """First a sample finds the axes, then the engine projects all spectra onto them."""
    from spectracnn.gui.tools.embedding import gathering as module

    monkeypatch.setattr(module, "MOST_NUMBERS", 0)
    monkeypatch.setattr(module, "MOST_SAMPLED", 3)
    every = np.array([[0, 0, 1], [4, 0, 0], [4, 1, 0], [9, 9, 0]], np.float32)
    requests = []

    def values(count, request):
        requests.append(request)
        if request.axes is None:
            return every[[0, 1, 3]][:count]
        return request.axes.project(every)

    tool = EmbeddingTool(context)
    qtbot.addWidget(tool)
    tool.show()
    answer(engine, network, values)
    qtbot.waitUntil(lambda: tool.gathering._axes is not None, timeout=60_000)
    answer(engine, network, values)
    qtbot.waitUntil(lambda: tool.gathering.embedding is not None, timeout=60_000)
    assert [len(requests[place].spectra) for place in (0, -1)] == [3, 4]
    assert tool.gathering.embedding.points.shape == (4, 2)
    assert tool.near["network"].count() == 3
    assert "drawn at random" in tool.note.text()
