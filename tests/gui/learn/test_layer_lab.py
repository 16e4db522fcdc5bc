"""The layer lab's page with a network that a test computes itself."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSpinBox

from spectracnn.core.lab.keras_code import keras_code
from spectracnn.core.lab.result import LabResult
from spectracnn.core.lab.shapes import reports
from spectracnn.core.lab.specs import Convolution, Pool, Pooling
from spectracnn.core.trace import LayerInfo, LayerTrace
from spectracnn.core.weights import LayerWeights
from spectracnn.gui.learn.layer_lab.lab import CLASSIC_IMAGE, LayerLab
from spectracnn.gui.theme import DARK, LIGHT


def made_up(request):
    """Zeros of the right shapes: what is computed is tested elsewhere."""
    infos, traces, weights = [], [], []
    for place, report in enumerate(reports(request.stack)):
        infos.append(LayerInfo(f"layer {place}", "Layer", report.output_shape))
        traces.append(LayerTrace(np.zeros(report.output_shape, np.float32)))
        spec = request.stack.layers[place]
        arrays = {}
        if isinstance(spec, Convolution):
            channels = 1 if place == 0 else traces[place - 1].output.shape[-1]
            arrays["kernel"] = np.ones((*spec.kernel_size, channels, spec.filters), np.float32)
        weights.append(LayerWeights(place, "Layer", arrays))
    return LabResult(request.stack, tuple(infos), tuple(traces), tuple(weights))


@pytest.fixture
def lab(qtbot):
    requests = []

    def ask(request, on_result, _on_failure):
        requests.append(request)
        on_result(made_up(request))

    page = LayerLab(ask, LIGHT)
    qtbot.addWidget(page)
    page.requests = requests
    page.set_inputs([("cup", np.linspace(0, 1, 40, dtype=np.float32)[:, None])])
    page.show()
    return page


def choose(lab, name):
    index = lab.input_box.findText(name)
    lab.input_box.setCurrentIndex(index)
    lab.input_box.activated.emit(index)


def test_it_begins_with_the_image_of_zeros_and_ones_and_takes_a_spectrum(lab):
    choose(lab, "The classic 5 × 5 image")
    assert lab.requests[-1].values is CLASSIC_IMAGE
    assert set(np.unique(CLASSIC_IMAGE)) == {0, 1}
    choose(lab, "cup")
    assert lab.requests[-1].values.shape == (40, 1)
    assert lab.requests[-1].stack.input_shape == (40, 1)
    assert len(lab.views) == 1 + len(lab.editor.stack.layers)


def test_a_control_changes_the_code_and_the_stack(lab, qtbot):
    choose(lab, "cup")
    form = lab.editor.forms[0]
    with qtbot.waitSignal(lab.editor.stackChanged):
        form.controls["strides"].setValue(2)
    assert form.code.text() == keras_code(lab.editor.stack.layers[0])
    assert "strides=2" in form.code.text()
    assert lab.requests[-1].stack.layers[0].strides == (2,)


def test_a_typed_line_moves_the_controls(lab, qtbot):
    choose(lab, "cup")
    form = lab.editor.forms[0]
    form.code.setText('Conv1D(7, 9, dilation_rate=3, padding="causal", activation="tanh")')
    with qtbot.waitSignal(lab.editor.stackChanged):
        qtbot.keyClick(form.code, Qt.Key.Key_Return)
    assert form.controls["filters"].value() == 7
    assert form.controls["kernel_size"].value() == 9
    assert form.controls["dilation_rate"].value() == 3
    assert form.controls["padding"].currentText() == "causal"
    assert form.controls["activation"].currentText() == "tanh"
    assert lab.requests[-1].stack.layers[0].filters == 7


def test_a_typed_line_may_change_the_kind_of_layer(lab, qtbot):
    choose(lab, "cup")
    form = lab.editor.forms[0]
    form.code.setText("keras.layers.AveragePooling1D(4, strides=1)")
    qtbot.keyClick(form.code, Qt.Key.Key_Return)
    assert lab.editor.stack.layers[0] == Pool(Pooling.AVERAGE, (4,), (1,))
    assert set(form.controls) == {"pool_size", "strides", "padding"}
    assert form.controls["pool_size"].value() == 4


def test_a_mistake_gets_one_sentence_and_the_stack_stays(lab, qtbot):
    choose(lab, "cup")
    before, asked = lab.editor.stack, len(lab.requests)
    form = lab.editor.forms[0]
    form.code.setText("Conv1D(7, 0)")
    qtbot.keyClick(form.code, Qt.Key.Key_Return)
    assert "kernel_size must be a whole number" in form.error.text()
    assert not form.error.isHidden()
    assert lab.editor.stack is before
    assert len(lab.requests) == asked


def test_an_empty_output_is_said_and_the_old_stack_stays(lab, qtbot):
    choose(lab, "cup")
    before = lab.editor.stack
    lab.editor.forms[1].code.setText("MaxPooling1D(50)")
    qtbot.keyClick(lab.editor.forms[1].code, Qt.Key.Key_Return)
    assert "is longer than its input of 40" in lab.editor.note.text()
    assert lab.editor.stack == before


def test_strides_above_one_with_dilation_are_refused_as_keras_does(lab):
    choose(lab, "cup")
    form = lab.editor.forms[0]
    form.controls["strides"].setValue(2)
    form.controls["dilation_rate"].setValue(2)
    assert "no strides above 1 together" in form.error.text()


def test_layers_are_added_moved_and_removed(lab):
    choose(lab, "cup")
    names = [layer.name for layer in lab.editor.stack.layers]
    lab.editor.add(Pool(Pooling.AVERAGE, (2,)))
    assert len(lab.editor.forms) == len(names) + 1
    lab.editor.forms[0].moveRequested.emit(1)
    assert [layer.name for layer in lab.editor.stack.layers][:2] == [names[1], names[0]]
    lab.editor.forms[0].removeRequested.emit()
    assert lab.editor.stack.layers[0].name == names[0]
    while len(lab.editor.stack.layers) < 6:
        lab.editor.add(Convolution(1, (1,)))
    assert not lab.editor.add_button.isEnabled()


def test_the_pointer_marks_what_a_sample_reads(lab):
    choose(lab, "cup")
    lab.views[1].sampleHovered.emit(0, (10,))
    assert lab.note.text().startswith("Conv1D, map 0, step 10: ")
    assert list(lab.views[0]._marked[0]) == [8, 9, 10, 11, 12]
    lab.views[1].sampleLeft.emit()
    assert lab.views[0]._marked is None


def test_two_axes_have_two_boxes(lab, qtbot):
    choose(lab, "The classic 5 × 5 image")
    boxes = lab.editor.forms[0].controls["kernel_size"].findChildren(QSpinBox)
    assert [box.value() for box in boxes] == [3, 3]
    boxes[1].setValue(2)
    assert lab.requests[-1].stack.layers[0].kernel_size == (3, 2)


def test_both_themes_paint(lab, qtbot):
    for theme in (DARK, LIGHT):
        lab.apply_theme(theme)
        for name in ("cup", "The classic 5 × 5 image"):
            choose(lab, name)
            assert not lab.grab().isNull()


def test_a_failure_is_said(qtbot):
    page = LayerLab(lambda _r, _ok, bad: bad("The engine has stopped."), LIGHT)
    qtbot.addWidget(page)
    assert page.note.text() == "The engine has stopped."


def test_open_as_a_network_hands_on_the_stack(lab, qtbot):
    with qtbot.waitSignal(lab.networkRequested) as asked:
        lab.open_button.click()
    assert asked.args == [lab.editor.stack]
