"""The attribution tab asks for what is shown, once, and links its table with the spectrum."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from spectracnn.core.attribution import Attribution, Method
from spectracnn.core.edits import Scale
from spectracnn.engine.messages import AttributeSpectrum, Failed, Succeeded
from spectracnn.errors import ModelError
from spectracnn.gui.questions import Questions
from spectracnn.gui.tools.attribution import AttributionTool
from spectracnn.gui.tools.context import ToolContext
from spectracnn.view.selection import SPECTRUM, Sample


@pytest.fixture
def tool(qtbot, filled, engine, themes, settings):
    tool = AttributionTool(ToolContext(filled, Questions(engine), themes, settings))
    qtbot.addWidget(tool)
    tool.resize(300, 600)
    tool.show()
    return tool


def asked(engine):
    return engine.requests[engine.latest(AttributeSpectrum)]


def answer(engine, network, **changes):
    number = engine.latest(AttributeSpectrum)
    request = engine.requests[number]
    trace = network.trace(request.spectrum)
    values = np.linspace(-2, 5, trace.input.shape[0], dtype=np.float32)[:, None]
    record = {
        "method": request.method,
        "options": request.options,
        "target": int(trace.probabilities.argmax()) if request.target is None else request.target,
        "values": values,
        "input": trace.input,
        "positions": trace.positions,
        "logits": trace.layers[-1].before,
    }
    engine.eventReceived.emit(Succeeded(number, Attribution(**{**record, **changes})))


def test_it_asks_once_for_what_is_shown(tool, filled, engine, network):
    request = asked(engine)
    assert request.spectrum is filled.document.entries[0].spectrum
    assert (request.method, request.target) == (Method.INTEGRATED_GRADIENTS, None)
    number = engine.latest(AttributeSpectrum)
    filled.hover(Sample(0, 1, 1))
    assert engine.latest(AttributeSpectrum) == number
    answer(engine, network)
    picture = filled.contents.attribution
    assert picture.values[-1] == 5
    assert tool.table.ranked_model.rowCount() == picture.values.size
    # the last input sample is the largest; the zero eigenvalue at 0 was dropped
    assert tool.table.ranked_model.cells(0)[:2] == ("1", str(picture.values.size))
    assert engine.latest(AttributeSpectrum) == number


def test_other_choices_are_other_questions(tool, filled, engine, network):
    answer(engine, network)
    tool.class_combo.setCurrentIndex(3)
    tool.class_combo.activated.emit(3)
    assert asked(engine).target == 2
    tool.method_combo.setCurrentIndex(list(Method).index(Method.OCCLUSION))
    tool.method_combo.activated.emit(0)
    assert asked(engine).method is Method.OCCLUSION
    tool.options.fields["window"].setValue(9)
    assert asked(engine).options.window == 9
    shown = [name for name, field in tool.options.fields.items() if field.isVisible()]
    assert shown == ["window"]


def test_an_edit_takes_the_old_answer_away_and_asks_again(tool, filled, engine, network):
    answer(engine, network)
    filled.editing.make(Scale(factor=2, first=3))
    assert filled.document.attribution is None
    engine.answer_trace()
    assert asked(engine).spectrum is filled.document.entries[0].spectrum
    assert asked(engine).input_edits == filled.document.entries[0].edits


def test_another_spectrum_too(tool, filled, engine, network):
    answer(engine, network)
    filled.set_current(filled.document.entries[1].id)
    assert filled.document.attribution is None
    engine.answer_trace()
    assert asked(engine).spectrum is filled.document.entries[1].spectrum


def test_rows_and_spectrum_are_linked_both_ways(tool, filled, engine, network):
    answer(engine, network)
    row = tool.table.ranked_model.index(2, 1)
    tool.table.clicked.emit(row)
    chosen = tool.table.ranked_model.ranked[2].index
    assert filled.selection.pinned == Sample(SPECTRUM, chosen)
    filled.hover(Sample(SPECTRUM, 5))
    current = tool.table.currentIndex().row()
    assert tool.table.ranked_model.ranked[current].index == 5


def test_a_refusal_is_said(tool, filled, engine):
    error = ModelError("There is no convolution to look at.")
    engine.eventReceived.emit(Failed(engine.latest(AttributeSpectrum), error))
    assert tool.problem.text() == "There is no convolution to look at."
    assert tool.problem.isVisible()
    assert filled.contents.attribution is None


def test_hidden_it_asks_nothing(tool, filled, engine):
    tool.hide()
    number = engine.latest(AttributeSpectrum)
    filled.set_current(filled.document.entries[1].id)
    engine.answer_trace()
    assert engine.latest(AttributeSpectrum) == number


def test_the_table_is_copied_in_full_precision(tool, filled, engine, network):
    answer(engine, network)
    tool.copy_button.click()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["rank", "index", "input", "attribution", "share"]
    ranked = filled.contents.attribution.ranked
    assert float(lines[1].split("\t")[3]) == ranked[0].attribution
    assert len(lines) == 1 + len(ranked)


def test_the_strip_shows_bars_up_and_down_and_follows_the_pointer(program, spectra, network, qtbot):
    program.fill(spectra)
    tool = AttributionTool(
        ToolContext(program.workspace, Questions(program.engine), program.themes, program.settings)
    )
    qtbot.addWidget(tool)
    tool.show()
    assert program.ui.stack.attribution is None
    answer(program.engine, network)
    strip = program.ui.stack.attribution
    assert strip.isVisible()
    picture = program.workspace.contents.attribution
    down, up = (item.opts["height"] for item in strip._bars)
    assert sorted([*down, *up]) == sorted(picture.values)
    assert max(down) <= 0 < min(up)
    program.workspace.hover(Sample(0, 2, 0))
    assert len(strip.plot.bands.ranges) == 1
    with qtbot.waitSignal(strip.pinRequested) as clicked:
        strip.plot.pointerClicked.emit(3.2, 0.0)
    assert clicked.args == [Sample(SPECTRUM, 3)]
    program.workspace.set_current(program.workspace.document.entries[1].id)
    program.engine.answer_trace()
    assert not strip.isVisible()
