"""The overview in the window: it shows the network, and a click zooms to a layer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from spectracnn.core.flows import Flow, Flows, Group
from spectracnn.core.insight import Insight
from spectracnn.engine.messages import Succeeded, TraceSpectrum


@pytest.fixture
def overview(qtbot, program, spectra):
    program.fill(spectra)
    program.workspace.set_view(overview=True)
    engine = program.engine
    number = engine.latest(TraceSpectrum)
    assert engine.requests[number].flows
    trace = engine.network.trace(spectra[0])
    layers = engine.network.description.layers
    groups = tuple((Group((0,), 2.0), Group((1,), -1.0)) for _ in layers)
    flows = Flows(
        0,
        groups,
        tuple(
            Flow(place - 1, place, np.ones((1 if place == 0 else 2, 2)))
            for place in range(len(layers))
        ),
    )
    parts = tuple(np.zeros(info.output_shape[-1]) for info in layers)
    known = replace(trace, insight=Insight(0, parts, flows=flows))
    engine.eventReceived.emit(Succeeded(number, known))
    page = program.ui.overview
    qtbot.waitUntil(lambda: page.overview.flows is flows)
    return page.overview


def middle(overview, layer):
    node = next(node for node in overview.page.nodes if node.layer == layer)
    box = node.box
    return QPoint(round(16 + box.x + box.width / 2), round(38 + box.y + box.height / 2))


def test_every_layer_is_on_the_page_with_its_flow(overview, program):
    count = len(program.workspace.document.model.layers)
    found = overview.page
    assert [node.layer for node in found.nodes] == list(range(-1, count))
    assert found.nodes[-1].box.right <= overview.width()
    assert {band.source for band in found.bands if band.value} >= {-1, 0}
    image = overview.grab().toImage()
    assert image.pixelColor(2, 2) != image.pixelColor(middle(overview, 0))


def test_a_click_zooms_to_the_layer(qtbot, overview, program):
    with qtbot.waitSignal(overview.layerRequested) as waiter:
        qtbot.mouseClick(overview, Qt.MouseButton.LeftButton, pos=middle(overview, 1))
    assert waiter.args == [1]
    assert not program.workspace.selection.overview
    assert program.ui.centre_pages.currentWidget() is program.ui.stack


def test_the_keyboard_reaches_every_layer(qtbot, overview):
    overview.setFocus()
    qtbot.keyClick(overview, Qt.Key.Key_Right)
    assert "Conv1D" in overview.accessibleDescription()
    with qtbot.waitSignal(overview.layerRequested) as waiter:
        qtbot.keyClick(overview, Qt.Key.Key_Return)
    assert waiter.args == [0]
