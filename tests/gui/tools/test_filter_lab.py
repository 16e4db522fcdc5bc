"""The filter lab: what it sends, what it shows, undo, and who says that weights are edited."""

import numpy as np
import pytest
from PySide6.QtWidgets import QFileDialog, QStyle, QStyleOptionComboBox, QToolButton

from spectracnn.core.filter_presets import Preset
from spectracnn.core.weights import LayerWeights
from spectracnn.engine.messages import SaveEdited, Succeeded, TraceSpectrum, WeightsOf
from spectracnn.figures.provenance import provenance
from spectracnn.gui.tools.filter_lab.tool import FilterLabTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.group_requests import features_request, mean_request
from spectracnn.state.requests import attribution_request
from spectracnn.view.prediction import prediction

KERNEL = np.array([[[1.0, -1.0]], [[0.5, 2.0]], [[-1.6, 0.25]]], np.float32)
BIAS = np.array([0.5, -0.5], np.float32)


@pytest.fixture
def tool(qtbot, filled, engine, themes, settings):
    tool = FilterLabTool(ToolContext(filled, engine.broker, themes, settings))
    qtbot.addWidget(tool)
    tool.show()
    number = engine.latest(WeightsOf)
    weights = LayerWeights(
        engine.requests[number].layer, "Conv1D", {"kernel": KERNEL, "bias": BIAS}
    )
    engine.eventReceived.emit(Succeeded(number, weights))
    yield tool
    tool.close()


def latest_trace(engine):
    return engine.requests[engine.latest(TraceSpectrum)]


def button(tool, text):
    return next(item for item in tool.findChildren(QToolButton) if item.text() == text)


def test_the_filter_is_shown_with_its_bias(tool):
    assert tool.panel.editor.weights.tolist() == pytest.approx([1.0, 0.5, -1.6], abs=1e-6)
    assert tool.panel.bias_box.value() == 0.5
    assert tool.filter_box.maximum() == 1
    tool.filter_box.setValue(1)
    assert tool.panel.editor.weights.tolist() == [-1.0, 2.0, 0.25]
    assert tool.panel.bias_box.value() == -0.5
    assert not tool.save_button.isEnabled()


def test_a_dragged_weight_goes_with_the_next_request(tool, filled, engine):
    tool.panel.editor.gestureBegun.emit()
    tool.panel.editor.weightsChanged.emit(np.array([1.0, 0.5, 3.0]))
    (edit,) = latest_trace(engine).weight_edits
    assert (edit.layer, edit.weight) == (0, "kernel")
    np.testing.assert_array_equal(edit.values[:, 0, 0], np.float32([1.0, 0.5, 3.0]))
    np.testing.assert_array_equal(edit.values[:, 0, 1], KERNEL[:, 0, 1])
    assert filled.selection.weight_edits == (edit,)


def test_every_request_is_made_through_the_edited_network(tool, filled):
    tool.panel.bias_box.setValue(2.0)
    document, selection = filled.document, filled.selection
    ids = [entry.id for entry in document.entries]
    from spectracnn.core.attribution import AttributionOptions, Method
    from spectracnn.core.features import Reduction

    made = [
        attribution_request(document, selection, Method.GRADIENT_INPUT, None, AttributionOptions()),
        mean_request(document, selection, ids),
        features_request(document, selection, 0, Reduction.FLAT),
    ]
    assert all(item.request.weight_edits == selection.weight_edits for item in made)
    (edit,) = selection.weight_edits
    assert edit.weight == "bias"
    assert edit.values.tolist() == [2.0, -0.5]


def test_one_gesture_is_one_step_of_undo(tool, filled):
    stack = filled.editing.stack
    tool.panel.editor.gestureBegun.emit()
    for value in (1.0, 2.0, 3.0):
        tool.panel.editor.weightsChanged.emit(np.array([value, 0.5, -1.6]))
    assert stack.count() == 1
    button(tool, "Mirror").click()
    assert stack.count() == 2
    assert tool.panel.editor.weights[0] == pytest.approx(-1.6)
    tool.undo_button.click()
    tool.undo_button.click()
    assert filled.selection.weight_edits == ()
    assert tool.panel.editor.weights[0] == pytest.approx(1.0)
    tool.redo_button.click()
    assert tool.panel.editor.weights[0] == pytest.approx(3.0)


def test_presets_copies_and_typed_numbers(tool):
    tool.panel.preset_box.activated.emit(1)
    assert tool.panel.editor.weights.tolist() == [0, 0, 0]
    tool.panel.copy_box.activated.emit(1)
    assert tool.panel.editor.weights.tolist() == [-1.0, 2.0, 0.25]
    tool.panel.table.item(0, 1).setText("0,75")
    assert tool.panel.editor.weights.tolist() == [-1.0, 0.75, 0.25]
    tool.panel.table.item(0, 1).setText("nonsense")
    assert tool.panel.table.item(0, 1).text() == "0.75"
    button(tool, "Zero sum").click()
    assert tool.panel.editor.weights.sum() == pytest.approx(0, abs=1e-6)
    button(tool, "Scale by").click()
    assert tool.panel.editor.weights[0] == pytest.approx(-2.0)


def test_it_is_said_wherever_numbers_stand(tool, filled, engine):
    assert "edited" not in filled.contents.layers[0].title
    tool.panel.bias_box.setValue(2.0)
    engine.answer_trace()
    assert filled.contents.layers[0].title == "conv (weights edited)"
    assert filled.contents.layers[1].title == "pool"
    assert "weights edited" in prediction(filled.document, filled.selection).detail
    record = provenance(filled.document, filled.selection)
    assert record["weights_edited"] == ["conv bias: filter 0 of conv: change the bias"]


def test_before_and_after_stand_beside_each_other(tool, filled, engine):
    first = filled.document.traces[filled.selection.current]
    tool.panel.bias_box.setValue(2.0)
    engine.answer_trace()
    before, after, difference = (view.picture for view in tool.outcome.maps)
    np.testing.assert_array_equal(before.values[0], first.layers[0].output[:, 0])
    np.testing.assert_allclose(difference.values, after.values - before.values)
    assert [shift.name for shift in tool.outcome.bars.shifts]


def test_another_spectrum_asks_for_its_own_pass_too(tool, filled, engine):
    tool.panel.bias_box.setValue(2.0)
    engine.answer_trace()
    filled.set_current(filled.document.entries[1].id)
    engine.answer_trace()
    request = latest_trace(engine)
    assert request.weight_edits == ()
    assert request.spectrum is filled.document.entries[1].spectrum


def test_as_learned_and_another_model_end_the_edits(tool, filled, engine):
    tool.panel.bias_box.setValue(2.0)
    tool.reset_button.click()
    assert filled.selection.weight_edits == ()
    tool.panel.bias_box.setValue(3.0)
    engine.answer_open()
    assert filled.selection.weight_edits == ()


def test_save_as_new_model(tool, filled, engine, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    tool.panel.bias_box.setValue(2.0)
    tool.save_button.click()
    number = engine.latest(SaveEdited)
    assert engine.requests[number].path == str(tmp_path / "mine.keras")
    assert engine.requests[number].weight_edits == filled.selection.weight_edits
    engine.eventReceived.emit(Succeeded(number, engine.requests[number].path))
    assert "mine.keras" in tool.note.text()


def test_the_box_of_filters_to_copy_shows_its_words(qtbot, tool):
    tool.resize(1280, 800)
    qtbot.waitUntil(lambda: tool.panel.copy_box.count() > 1)
    box = tool.panel.copy_box
    qtbot.waitUntil(lambda: box.width() >= box.sizeHint().width())
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    kind, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    field = box.style().subControlRect(kind, option, part, box)
    assert field.width() >= box.fontMetrics().horizontalAdvance("Copy of\u2026")
    assert tool.panel.editor.height() > 150  # the room is the weights', not left empty


PLANES = np.random.default_rng(7).normal(size=(2, 3, 2, 2)).astype(np.float32)


def test_a_filter_with_rows_and_columns_is_an_image(qtbot, filled, engine, themes, settings):
    """The lab of a Conv2D's filter: cells, presets of planes, shifts along the columns."""
    tool = FilterLabTool(ToolContext(filled, engine.broker, themes, settings))
    qtbot.addWidget(tool)
    tool.show()
    number = engine.latest(WeightsOf)
    arrays = {"kernel": PLANES, "bias": BIAS}
    weights = LayerWeights(engine.requests[number].layer, "Conv2D", arrays)
    engine.eventReceived.emit(Succeeded(number, weights))
    panel = tool.panel
    assert panel.editor is panel.image
    assert panel.image.isVisible()
    assert not panel.curve.isVisible()
    assert panel.image.window_shape == (2, 3)
    np.testing.assert_allclose(panel.editor.weights, PLANES[:, :, 0, 0].ravel())
    assert (panel.table.rowCount(), panel.table.columnCount()) == (2, 3)
    panel.channel_box.setValue(1)
    button(tool, "\u2192").click()
    (edit,) = latest_trace(engine).weight_edits
    moved = np.zeros((2, 3), np.float32)
    moved[:, 1:] = PLANES[:, :2, 1, 0]
    np.testing.assert_array_equal(edit.values[:, :, 1, 0], moved)
    np.testing.assert_array_equal(edit.values[:, :, 0, 0], PLANES[:, :, 0, 0])
    panel.preset_box.activated.emit(1 + list(Preset).index(Preset.DIFFERENCE))
    (edit,) = filled.selection.weight_edits
    slope = np.float32([[-0.25, 0, 0.25]] * 2)
    np.testing.assert_allclose(edit.values[:, :, 1, 0], slope, atol=1e-7)
    tool.close()


@pytest.mark.parametrize("typed", ["abc", "nan", "inf", "1e40", ""])
def test_a_weight_that_is_not_a_number_is_a_sentence_and_the_old_one_stays(tool, filled, typed):
    table = tool.panel.table
    table.item(0, 1).setText(typed)
    assert tool.note.text() == f"'{typed}' is no finite number; the weight stays 0.5."
    assert table.item(0, 1).text() == "0.5"
    assert filled.selection.weight_edits == ()
