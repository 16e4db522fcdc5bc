"""Each lesson: a wrong answer gets a reason, the right one counts."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QScrollBar,
    QWidget,
)

from spectracnn.core.filter_presets import Preset, preset
from spectracnn.core.lab.learning import FilterHistory
from spectracnn.core.lab.result import LabResult
from spectracnn.core.lab.shapes import reports
from spectracnn.core.lab.specs import Convolution
from spectracnn.core.restoring import plain, restored
from spectracnn.core.trace import LayerInfo, LayerTrace
from spectracnn.core.weights import LayerWeights
from spectracnn.engine.messages import LearnFilter
from spectracnn.gui.learn.lessons.membrane_views import SpectrumBars
from spectracnn.gui.learn.lessons.picture import Material
from spectracnn.gui.learn.lessons.window import LessonsWindow
from spectracnn.gui.theme import DARK, LIGHT
from spectracnn.gui.widgets.filter_editor import FilterEditor
from spectracnn.state.lessons import LessonProgress
from spectracnn.view.lessons.catalogue import LESSONS

KEYS = [lesson.key for lesson in LESSONS]


def compute(request):
    """One layer, as NumPy has it."""
    (spec,) = request.stack.layers
    values = request.values[:, 0].astype(float)
    (report,) = reports(request.stack)
    steps = report.output_shape[0]
    if isinstance(spec, Convolution):
        kernel = request.weights[0][0].astype(float)
        bias = request.weights[0][1] if len(request.weights[0]) > 1 else np.zeros(spec.filters)
        axis = report.axes[0]
        padded = np.pad(values, axis.padding)
        reach = np.arange(kernel.shape[0]) * spec.dilation_rate[0]
        windows = np.stack([padded[i * spec.strides[0] + reach] for i in range(steps)])
        before = (windows @ kernel[:, 0] + bias).astype(np.float32)
        rectified = spec.activation == "relu"
        trace = LayerTrace(np.maximum(before, 0), before) if rectified else LayerTrace(before)
    else:
        size = spec.pool_size[0]
        parts = values[: steps * size].reshape(steps, size)
        pooled = parts.max(axis=1) if spec.pooling == "Max" else parts.mean(axis=1)
        trace = LayerTrace(pooled[:, None].astype(np.float32))
    info = LayerInfo("layer", spec.name, report.output_shape)
    return LabResult(request.stack, (info,), (trace,), (LayerWeights(0, spec.name),))


HISTORY = FilterHistory(
    np.linspace(0, 1, 6 * 5, dtype=np.float32).reshape(6, 5),
    np.array([0.8, 0.7, 0.5, 0.39, 0.3, 0.2]),
    np.array([0.5, 0.6, 0.8, 0.9, 1, 1]),
)


@pytest.fixture
def window(qtbot):
    def ask(request, on_result, _on_failure):
        on_result(HISTORY if isinstance(request, LearnFilter) else compute(request))

    values = np.sin(np.arange(60, dtype=np.float32) / 4)[:, None]
    page = LessonsWindow(ask, LIGHT, LessonProgress(), Material.of("cup", values))
    qtbot.addWidget(page)
    page.show()
    return page


def open_lesson(window, key):
    window.list.setCurrentRow(KEYS.index(key))
    return window.picture


def answer(window):
    window.check_button.click()
    return window.verdict.text()


def test_there_are_seven_and_each_starts_unanswered(window):
    assert len(LESSONS) == 7
    for key in KEYS:
        open_lesson(window, key)
        answer(window)
        assert window.verdict.text()
        assert key not in window.progress.done


def test_drum(window):
    picture = open_lesson(window, "drum")
    assert "No other mode" in answer(window)
    picture.outline_box.setCurrentIndex(1)
    assert "choose it first" in answer(window)
    picture.outline_box.setCurrentIndex(0)
    picture.choose(1)
    assert answer(window).startswith("Yes: modes 2 and 3")
    assert "drum" in window.progress.done
    assert window.list.item(0).text().startswith("✓")


def test_slide(window):
    picture = open_lesson(window, "slide")
    picture.answer.setValue(picture.sliding.outputs[1] + 1)
    assert "Not yet" in answer(window)
    picture.answer.setValue(picture.sliding.outputs[1])
    assert answer(window).startswith("Yes")
    assert picture.done == 2
    picture.kind.chosen.emit(1)
    assert picture.sliding.values.shape == (12,)
    picture.move_by(100)
    assert "finished" in answer(window)


def test_filters(window):
    picture = open_lesson(window, "filters")
    assert "add up to 1.0" in answer(window)
    picture.editors[1].set_weights(np.zeros(5))
    assert "answers 0 to everything" in answer(window)
    picture.editors[1].set_weights(preset(Preset.DIFFERENCE, 5))
    assert answer(window).startswith("Yes")


def test_arguments(window):
    picture = open_lesson(window, "arguments")
    assert "set kernel_size" in answer(window)
    picture.form.controls["kernel_size"].setValue(5)
    assert "16 are wanted" in answer(window)
    picture.form.controls["padding"].setCurrentText("same")
    picture.form.controls["strides"].setValue(2)
    assert answer(window).startswith("Yes")


def test_relu(window):
    picture = open_lesson(window, "relu")
    picture.bias_slider.setValue(picture.bias_slider.maximum())
    assert "a lower bias" in answer(window)
    picture.bias_slider.setValue(picture.bias_slider.minimum())
    assert "a higher bias" in answer(window)
    for value in range(picture.bias_slider.minimum(), picture.bias_slider.maximum()):
        picture.bias_slider.setValue(value)
        if 0.45 <= float((picture.after == 0).mean()) <= 0.55:
            break
    assert answer(window).startswith("Yes")
    picture.activation_box.setCurrentText("tanh")
    assert "choose it first" in answer(window)


def test_pooling(window):
    picture = open_lesson(window, "pooling")
    assert "Move the input by one first" in answer(window)
    picture.shift_slider.setValue(1)
    assert "pooled numbers change" in answer(window)
    picture.kind_box.setCurrentText("Max")
    picture.size_box.setValue(4)
    picture.shift_slider.setValue(0)
    picture.shift_slider.setValue(1)
    assert answer(window).startswith("Yes")


def test_learning(window):
    picture = open_lesson(window, "learning")
    assert answer(window) == "Train first."
    picture.train_button.click()
    picture.epoch_slider.setValue(5)
    assert "an earlier" in answer(window)
    picture.epoch_slider.setValue(3)
    assert answer(window).startswith("Yes, epoch 3")


def test_progress_is_said_once_and_taken_up_again(qtbot, window):
    with qtbot.waitSignal(window.progressChanged) as changed:
        open_lesson(window, "relu")
    stored = restored(LessonProgress, plain(changed.args[0]))
    again = LessonsWindow(lambda *_: None, DARK, stored.with_done("drum"))
    qtbot.addWidget(again)
    assert again.list.currentRow() == KEYS.index("relu")
    assert again.list.item(0).text().startswith("✓")


def test_both_themes_paint_every_lesson(window, qtbot):
    for key in KEYS:
        open_lesson(window, key)
        for theme in (DARK, LIGHT):
            window.apply_theme(theme)
            assert not window.grab().isNull()


def test_two_drums_sound_alike(window):
    picture = open_lesson(window, "drum")
    picture.outline_box.setCurrentText("Two drums that sound alike")
    assert picture.twin_view.isVisible()
    one, other = picture._modes
    assert np.isnan(one.shapes[0]).sum() == np.isnan(other.shapes[0]).sum()
    assert not np.array_equal(np.isnan(one.shapes[0]), np.isnan(other.shapes[0]))
    np.testing.assert_allclose(one.eigenvalues, other.eigenvalues, rtol=1e-12)
    assert "differ by less than 1e-1" in picture.note.text()
    assert "no network can tell them apart" in picture.note.text()
    picture.choose(5)
    assert picture.bars.place == 5
    assert "choose it first" in answer(window)
    picture.outline_box.setCurrentText("Square")
    assert not picture.twin_view.isVisible()


@pytest.mark.parametrize("key", KEYS)
def test_every_control_is_reached_by_tab(window, key):
    picture = open_lesson(window, key)
    reached, widget = set(), window.list
    for _ in range(400):
        widget = widget.nextInFocusChain()
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(window):
            reached.add(widget)
    assert {window.list, window.check_button, window.next_button, window.page_button} <= reached
    kinds = (QAbstractButton, QComboBox, QAbstractSlider, QAbstractSpinBox, FilterEditor)
    for child in picture.findChildren(QWidget):
        own = isinstance(child, (*kinds, SpectrumBars)) and not isinstance(child, QScrollBar)
        if own and child.isVisibleTo(window):
            assert child in reached, child.accessibleName() or child


def test_the_first_lesson_by_keys_alone(window, qtbot):
    picture = open_lesson(window, "drum")
    qtbot.keyClick(picture.bars, Qt.Key.Key_Right)
    assert picture.bars.place == 1
    qtbot.keyClick(window.check_button, Qt.Key.Key_Space)
    assert window.verdict.text().startswith("Yes: modes 2 and 3")
    assert window.list.item(0).text().startswith("\u2713")
    qtbot.keyClick(window.next_button, Qt.Key.Key_Space)
    assert window.list.currentRow() == 1
