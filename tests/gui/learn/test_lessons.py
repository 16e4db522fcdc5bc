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


def press(qtbot, widget, *keys):
    """Press keys in a widget that Tab can reach."""
    assert widget.isVisible()
    assert widget.isEnabled()
    assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    for key in keys:
        qtbot.keyClick(widget, key)


def by_keys_slide(picture, qtbot):
    value = picture.sliding.outputs[1]
    picture.answer.selectAll()
    qtbot.keyClicks(picture.answer, f"{value:g}")
    press(qtbot, picture.answer, Qt.Key.Key_Tab)
    press(qtbot, picture.step_button, Qt.Key.Key_Space)
    press(qtbot, picture.back_button, Qt.Key.Key_Space)
    assert picture.done == 1


def by_keys_filters(picture, qtbot):
    press(qtbot, picture.boxes[1], Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert picture.boxes[1].currentText() == Preset.DIFFERENCE


def by_keys_arguments(picture, qtbot):
    controls = picture.form.controls
    press(qtbot, controls["kernel_size"], Qt.Key.Key_Up, Qt.Key.Key_Up)
    press(qtbot, controls["padding"], Qt.Key.Key_Down)
    press(qtbot, controls["strides"], Qt.Key.Key_Up)


def by_keys_relu(picture, qtbot):
    for _ in range(2 * 200):
        press(qtbot, picture.bias_slider, Qt.Key.Key_Left)
        if 0.45 <= float((picture.after == 0).mean()) <= 0.55:
            return


def by_keys_pooling(picture, qtbot):
    other = Qt.Key.Key_Up if picture.kind_box.findText("Max") == 0 else Qt.Key.Key_Down
    press(qtbot, picture.kind_box, other)
    press(qtbot, picture.size_box, Qt.Key.Key_Up, Qt.Key.Key_Up)
    press(qtbot, picture.shift_slider, Qt.Key.Key_Right)
    assert (picture.kind_box.currentText(), picture.size_box.value()) == ("Max", 4)


def by_keys_learning(picture, qtbot):
    press(qtbot, picture.train_button, Qt.Key.Key_Space)
    press(qtbot, picture.epoch_slider, Qt.Key.Key_Home, *[Qt.Key.Key_Right] * 3)


@pytest.mark.parametrize(
    ("key", "act"),
    [
        ("slide", by_keys_slide),
        ("filters", by_keys_filters),
        ("arguments", by_keys_arguments),
        ("relu", by_keys_relu),
        ("pooling", by_keys_pooling),
        ("learning", by_keys_learning),
    ],
)
def test_every_other_lesson_by_keys_alone(window, qtbot, key, act):
    for _ in range(KEYS.index(key)):
        qtbot.keyClick(window.list, Qt.Key.Key_Down)
    picture = window.picture
    qtbot.waitUntil(picture.isVisible, timeout=60_000)
    act(picture, qtbot)
    qtbot.keyClick(window.check_button, Qt.Key.Key_Space)
    assert window.verdict.text().startswith("Yes"), window.verdict.text()
    assert key in window.progress.done
    assert window.list.item(KEYS.index(key)).text().startswith("\u2713")


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
@pytest.mark.parametrize("key", ["slide", "arguments", "relu", "pooling"])
def test_pictures_fill_the_window(window, qtbot, key, size):
    """What is drawn reaches down to the question: nothing but a margin is left empty."""
    window.resize(*size)
    picture = open_lesson(window, key)
    stage = picture.parentWidget()

    def empty():
        """Pixels below the views, and below the picture."""
        lowest = max(view.mapTo(picture, view.rect().bottomLeft()).y() for view in picture.views)
        note = picture.note.height() if key != "slide" else 0
        below = stage.height() - picture.mapTo(stage, picture.rect().bottomLeft()).y()
        return picture.height() - lowest - note, below

    qtbot.waitUntil(picture.isVisible, timeout=60_000)
    qtbot.waitUntil(lambda: max(empty()) < 40, timeout=10_000)
    assert min(view.height() for view in picture.views) > size[1] / 8


def test_pooled_numbers_as_it_lies_stay_beside_the_moved_ones(window):
    picture = open_lesson(window, "pooling")
    picture.shift_slider.setValue(2)
    picture.kind_box.setCurrentText("Max")  # a kind of which nothing is known yet
    before, after, lying = (view.picture for view in picture.views)
    assert (before.title, after.title) == ("Input, moved by 2", "Pooled, moved by 2")
    assert lying.title == "Pooled, as it lies"
    peaks = np.zeros(24)
    peaks[[4, 13, 20]] = 1.0, 0.6, 0.8
    np.testing.assert_allclose(lying.values[0], peaks.reshape(12, 2).max(axis=1))
    moved = np.roll(peaks, 2).reshape(12, 2).max(axis=1)
    np.testing.assert_allclose(after.values[0], moved)


def test_the_filter_lies_below_what_it_is_multiplied_with(window):
    picture = open_lesson(window, "slide")
    picture.kind.chosen.emit(1)
    picture.move_by(4)
    assert picture.filter_view.picture.positions.tolist() == [4, 5, 6]
    products = picture.product_view.picture
    assert products.positions.tolist() == [4, 5, 6]
    np.testing.assert_allclose(products.values[0].sum(), picture.sliding.outputs[4], atol=1e-6)
