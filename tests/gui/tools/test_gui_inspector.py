"""The inspector follows the marked sample, slides the filter, compares two and copies numbers."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMainWindow

from spectracnn.core.weights import LayerWeights
from spectracnn.engine.messages import Failed, Succeeded, WeightsOf
from spectracnn.errors import ModelError
from spectracnn.gui.tools.inspector.inspector import InspectorTool
from spectracnn.gui.tools.inspector.paint import figures
from spectracnn.gui.tools.inspector.strips import StripView
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.selection import SPECTRUM, Sample
from spectracnn.view.inspect.strips import Strip
from spectracnn.view.numbers import short

KERNEL = np.array([[[1.0, -1.0]], [[0.5, 2.0]], [[-1.6, 0.25]]])  # as in conftest's network
DENSE = np.array([[1.0, -0.5, 0.0], [-0.25, 0.5, 1.0]])
WEIGHTS = (
    LayerWeights(0, "Conv1D", {"kernel": KERNEL}),
    LayerWeights(1, "MaxPooling1D"),
    LayerWeights(2, "GlobalAveragePooling1D"),
    LayerWeights(3, "Dense", {"kernel": DENSE}),
)


def tell_weights(engine):
    """Answer every question about weights that is open."""
    for number, request in list(engine.requests.items()):
        if isinstance(request, WeightsOf):
            engine.eventReceived.emit(Succeeded(number, WEIGHTS[request.layer]))


@pytest.fixture
def tool(qtbot, filled, engine, themes, settings):
    """In a window, because it computes only while it is visible."""
    tool = InspectorTool(ToolContext(filled, engine.broker, themes, settings))
    window = QMainWindow()
    window.setCentralWidget(tool)
    window.resize(320, 700)
    qtbot.addWidget(window)
    window.show()
    tell_weights(engine)
    yield tool
    window.close()


def shown(widget):
    return widget.isVisible()


def test_it_says_what_to_do_until_a_sample_is_marked(tool, filled):
    assert tool.page.hint.text().startswith("Click a sample")
    assert not shown(tool.page.player)
    filled.pin_at(Sample(0, 3, 1))
    assert not shown(tool.page.hint)
    assert tool.page.title.text() == "conv"
    assert "filter 1 · step 3" in tool.page.subtitle.text()


def test_every_layer_of_the_network_adds_up(tool, filled):
    for layer, info in enumerate(filled.document.model.layers):
        for place in np.ndindex(info.output_shape):
            filled.pin_at(Sample(layer, *place))
            assert tool.inspection.check.agrees, (info.name, place)
            assert tool.page.check.text().startswith("✓")


def test_numbers_are_those_of_the_network(tool, filled):
    filled.pin_at(Sample(0, 2, 0))
    trace = filled.document.traces[filled.selection.current]
    window = trace.input[2:5, 0].astype(float)
    expected = float(window @ KERNEL[:, 0, 0])
    assert tool.inspection.lines[0].value == pytest.approx(expected, rel=1e-5)
    np.testing.assert_array_equal(tool.inspection.body.window[:, 0], window)


def test_weights_are_asked_once_for_each_layer(tool, filled, engine):
    for step in range(4):
        filled.pin_at(Sample(0, step))
        filled.pin_at(Sample(3, 0))
    asked = [r.layer for r in engine.requests.values() if isinstance(r, WeightsOf)]
    assert sorted(asked) == [0, 1, 2, 3]


def test_a_failed_question_is_told(qtbot, filled, engine, themes, settings):
    tool = InspectorTool(ToolContext(filled, engine.broker, themes, settings))
    qtbot.addWidget(tool)
    tool.show()
    filled.pin_at(Sample(0, 1))
    number = next(n for n, r in engine.requests.items() if r == WeightsOf(0))
    engine.eventReceived.emit(Failed(number, ModelError("No model is open.")))
    assert tool.page.hint.text() == "No model is open."


def test_the_filter_slides_to_the_end_and_stops(tool, filled, qtbot):
    filled.pin_at(Sample(0, 0, 1))
    page = tool.page
    page.player.speed.setValue(page.player.speed.maximum())
    seen = []
    filled.contentsChanged.connect(lambda contents: seen.append(contents.sample.step))
    page.player.buttons["play"].click()
    assert page.player.playing
    qtbot.waitUntil(lambda: not page.player.playing)
    assert seen == list(range(1, 10))
    assert filled.selection.pinned == Sample(0, 9, 1)


def test_playing_stops_for_another_spectrum_model_or_tab(tool, filled, engine):
    player = tool.page.player
    filled.pin_at(Sample(0, 0, 1))
    for change in (
        lambda: filled.set_current(filled.document.entries[1].id),
        engine.answer_open,
        lambda: tool.window().hide(),
    ):
        tool.window().show()
        engine.answer_trace()
        tell_weights(engine)
        filled.pin_at(Sample(0, 0, 1))
        player.play()
        assert player.playing
        change()
        assert not player.playing


def test_keys_step_and_change_the_filter(tool, filled, qtbot):
    filled.pin_at(Sample(0, 4, 0))
    for key, expected in (
        (Qt.Key.Key_Right, Sample(0, 5, 0)),
        (Qt.Key.Key_Down, Sample(0, 5, 1)),
        (Qt.Key.Key_End, Sample(0, 9, 1)),
        (Qt.Key.Key_Left, Sample(0, 8, 1)),
        (Qt.Key.Key_Home, Sample(0, 0, 1)),
        (Qt.Key.Key_Up, Sample(0, 0, 0)),
    ):
        qtbot.keyClick(tool, key)
        assert filled.selection.pinned == expected


def test_two_filters_are_shown_beside_each_other(tool, filled):
    page = tool.page
    filled.pin_at(Sample(0, 4, 0))
    assert not shown(page.compare)
    page.compare.button.click()
    filled.pin_at(Sample(0, 4, 1))
    assert shown(page.compare)
    assert page.compare.box.value() == 0
    described = page.strips.accessibleDescription()
    assert "weights of filter 1" in described
    assert "weights of filter 0" in described
    filled.pin_at(Sample(1, 0, 0))
    assert not shown(page.compare)
    page.compare.button.click()
    filled.pin_at(Sample(0, 4, 1))
    assert "weights of filter 0" not in page.strips.accessibleDescription()


def test_a_click_goes_to_where_a_number_comes_from(tool, filled, qtbot):
    filled.pin_at(Sample(0, 4, 0))
    strips = tool.page.strips
    at = QPoint(strips.width() // 2, 60)
    assert strips.column_at(at.x()) == 1
    assert strips.tip_at(at.x()).startswith("eigenvalue 6")
    filled.pin_at(Sample(1, 2, 1))
    winner = tool.inspection.body.winner
    qtbot.mouseClick(strips, Qt.MouseButton.LeftButton, pos=QPoint(20 + 84 * winner, 60))
    assert filled.selection.pinned == Sample(0, 4 + winner, 1)


def test_the_drawing_of_the_way_moves_the_filter(tool, filled, qtbot):
    filled.pin_at(Sample(0, 4, 0))
    slide = tool.page.slide
    qtbot.mouseClick(slide, Qt.MouseButton.LeftButton, pos=QPoint(slide.width() - 2, 20))
    assert filled.selection.pinned == Sample(0, 9, 0)


def test_the_pinned_sample_stays_while_the_pointer_is_over_the_spectrum(tool, filled):
    filled.hover(Sample(SPECTRUM, 5))
    assert tool.page.title.text() == "Eigenvalue 5"
    filled.pin_at(Sample(0, 4, 0))
    filled.hover(Sample(SPECTRUM, 5))
    assert tool.page.title.text() == "conv"
    filled.hover(Sample(1, 0, 0))
    assert tool.page.title.text() == "pool"


def test_a_muted_filter_is_told(tool, filled, engine):
    filled.set_muted(frozenset({(0, 0)}))
    filled.pin_at(Sample(0, 4, 0))
    assert "muted" in tool.inspection.lines[-1].label


def test_numbers_are_copied_as_text(tool, filled, qtbot):
    filled.pin_at(Sample(3, 1))
    qtbot.keyClick(tool, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    rows = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    terms = rows[rows.index(["input unit", "from", "value", "weight", "contribution"]) + 1 :][:2]
    total = sum(float(row[4]) for row in terms)
    assert total == pytest.approx(tool.inspection.lines[0].value, rel=1e-6)
    assert ["", "the network's own value", f"{tool.inspection.check.network:.9g}"] in rows
    assert ["class", "score", "exp(score - largest)", "probability"] in rows


def test_the_window_leaves_copying_to_the_inspector(tool):
    for key, claimed in ((Qt.Key.Key_C, True), (Qt.Key.Key_V, False)):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.ControlModifier)
        event.ignore()
        QApplication.sendEvent(tool, event)
        assert event.isAccepted() == claimed


def test_wide_and_dark_it_paints_without_complaint(tool, filled, themes, engine):
    from spectracnn.gui.theme import ThemeChoice

    tool.window().resize(900, 600)
    themes.choose(ThemeChoice.DARK)
    for layer in range(4):
        filled.pin_at(Sample(layer, 0, 0))
        assert not tool.window().grab().isNull()


def test_a_range_is_followed_from_the_boxes(tool, filled, qtbot):
    forward = tool.page.reach
    forward.first.setValue(4)
    forward.last.setValue(2)
    assert filled.selection.index_range is None
    forward.mark_button.click()
    assert filled.selection.index_range == (2, 4)
    # Eigenvalue 0 is dropped: these are inputs 1 to 3, and the kernel of 3 has 10 steps.
    assert "conv: 4 of 10" in forward.bars.accessibleDescription()
    forward.last.setValue(3)
    assert filled.selection.index_range == (2, 3)
    forward.clear_button.click()
    assert filled.selection.index_range is None


def test_links_are_followed_with_the_keyboard(tool, filled, qtbot):
    filled.pin_at(Sample(3, 1))
    terms = tool.page.terms
    qtbot.keyClick(terms, Qt.Key.Key_Down)
    qtbot.keyClick(terms, Qt.Key.Key_Down)
    second = tool.inspection.body.origins[1]
    qtbot.keyClick(terms, Qt.Key.Key_Return)
    assert filled.selection.pinned == second
    filled.pin_at(Sample(1, 2, 1))
    winner = tool.inspection.lines[-1].sample
    qtbot.keyClick(tool.page.lines, Qt.Key.Key_Return)
    assert filled.selection.pinned == winner


def test_an_empty_inspector_offers_an_example(tool, filled, engine):
    tool.refresh()
    assert tool.page.example_button.isVisibleTo(tool.page)
    tool.page.example_button.click()
    sample = filled.selection.pinned
    output = filled.document.traces[filled.selection.current].layers[0].output
    assert sample.layer == 0
    assert output[sample.step, sample.channel] == output.max()
    assert not tool.page.example_button.isVisibleTo(tool.page)


@pytest.mark.parametrize("width", range(14, 60))
def test_numbers_side_by_side_are_a_digit_apart(qtbot, themes, width):
    view = StripView(themes.theme)
    qtbot.addWidget(view)
    strip = Strip("", "input", np.array([0.771, 1.53, -0.942, 0.598]), 2.0, True)
    pixmap = QPixmap(10, 10)
    painter = QPainter(pixmap)
    painter.setFont(figures(view, 1))
    measure = QFontMetrics(figures(view, 1)).horizontalAdvance
    texts = view._numbers(painter, strip, width)
    painter.end()
    assert all(measure(text) + measure("0") <= width for text in texts)
    fewest = max(measure(short(float(value), 2)) for value in strip.values)
    assert bool(texts) is (fewest + measure("0") <= width)
