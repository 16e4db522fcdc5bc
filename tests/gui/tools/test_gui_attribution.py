"""The attribution tab asks for what is shown, once, and links its table with the spectrum."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from spectracnn.core.attribution import Attribution, Method
from spectracnn.core.attribution_methods import METHODS
from spectracnn.core.edits import Scale
from spectracnn.engine.messages import AttributeSpectrum, Failed, Succeeded
from spectracnn.errors import EngineError, ModelError
from spectracnn.gui.tools.attribution.attribution import AttributionTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.selection import SPECTRUM, Sample


@pytest.fixture
def tool(qtbot, filled, engine, themes, settings):
    tool = AttributionTool(ToolContext(filled, engine.broker, themes, settings))
    qtbot.addWidget(tool)
    tool.resize(300, 600)
    tool.show()
    qtbot.waitUntil(lambda: number_asked(engine) > 0)
    return tool


def wait_for_question(qtbot, tool):
    """Let the delay before a question pass."""
    qtbot.waitUntil(lambda: tool.requests._next is None)


def number_asked(engine):
    return engine.latest(AttributeSpectrum)


def count_asked(engine):
    return sum(isinstance(request, AttributeSpectrum) for request in engine.requests.values())


def asked(engine):
    return engine.requests[number_asked(engine)]


def answer(engine, network, number=None, **changes):
    number = number or number_asked(engine)
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


def choose(combo, index):
    """As a person would: Qt tells of ``activated`` for those only."""
    combo.setCurrentIndex(index)
    combo.activated.emit(index)


def choose_method(tool, method):
    choose(tool.choices.method_combo, list(METHODS).index(method))


def test_it_asks_once_for_what_is_shown(tool, filled, engine, network):
    request = asked(engine)
    assert request.spectrum is filled.document.entries[0].spectrum
    assert (request.method, request.target) == (Method.INTEGRATED_GRADIENTS, None)
    number = number_asked(engine)
    filled.hover(Sample(0, 1, 1))
    assert tool.requests._next is None
    answer(engine, network)
    filled.hover(Sample(0, 2, 1))
    assert not tool.requests.busy
    assert number_asked(engine) == number
    picture = filled.contents.attribution
    assert picture.values[-1] == 5
    assert tool.table.ranked_model.rowCount() == picture.values.size
    # -2 ... 5 in 12 steps of 7/11; the zero eigenvalue at 0 was dropped, so the last one is 12
    cells = tool.table.ranked_model.cells(0)
    assert (cells[0], cells[1], cells[3]) == ("1", "12", "+5.00")
    total = sum(abs(-2 + 7 / 11 * step) for step in range(12))
    assert cells[4] == f"{100 * 5 / total:.1f}"


def test_logit_and_probability_are_told(tool, filled, engine, network):
    answer(engine, network, target=2, logits=np.array([0.5, 1.0, -1.25], np.float32))
    probability = network.trace(filled.document.entries[0].spectrum).probabilities[2]
    assert tool.headline.text() == (
        f"teddy: logit \u22121.25, probability {100 * probability:.1f} %"
    )
    assert tool.completeness.isHidden()


def test_completeness_is_told(tool, engine, network):
    values = np.full((12, 1), 0.25, np.float32)
    logits = np.array([4.0, 1.0, 0.0], np.float32)
    told = {"completeness_error": 0.0625, "baseline_logit": 0.8}
    answer(engine, network, values=values, logits=logits, target=0, **told)
    assert tool.completeness.text() == (
        "The values add up to +3; from the baseline the logit changes by +3.2 (error 6.2 %). "
        "More steps bring them closer."
    )


def test_every_method_explains_itself_and_offers_what_it_reads(tool, engine, qtbot):
    tool.choices.formula_button.click()
    for method, info in METHODS.items():
        choose_method(tool, method)
        assert tool.choices.summary.text() == info.summary
        assert info.formula in tool.choices.formula.text()
        assert info.source in tool.choices.formula.text()
        fields = tool.choices.options.fields
        shown = {name for name, field in fields.items() if field.isVisible()}
        assert shown == set(info.options)
        wait_for_question(qtbot, tool)
        assert asked(engine).method is method


def test_other_choices_are_other_questions_and_the_latest_wins(
    tool, filled, engine, network, qtbot
):
    answer(engine, network)
    before = count_asked(engine)
    choose(tool.choices.class_combo, 3)
    choose_method(tool, Method.OCCLUSION)
    tool.choices.options.fields["window"].setValue(9)
    wait_for_question(qtbot, tool)
    request = asked(engine)
    assert count_asked(engine) == before + 1  # one question for three changes
    assert (request.method, request.target, request.options.window) == (Method.OCCLUSION, 2, 9)


def test_an_edit_takes_the_old_answer_away_and_asks_again(tool, filled, engine, network, qtbot):
    answer(engine, network)
    filled.editing.make(Scale(factor=2, first=3))
    assert filled.document.attribution is None
    engine.answer_trace()
    wait_for_question(qtbot, tool)
    assert asked(engine).spectrum is filled.document.entries[0].spectrum
    assert asked(engine).input_edits == filled.document.entries[0].edits


def test_an_answer_about_the_spectrum_before_its_edit_is_not_shown(
    tool, filled, engine, network, qtbot
):
    stale = number_asked(engine)
    filled.editing.make(Scale(factor=2, first=3))
    answer(engine, network, stale)
    assert filled.document.attribution is None
    engine.answer_trace()
    wait_for_question(qtbot, tool)
    assert number_asked(engine) > stale


def test_an_edit_that_is_undone_at_once_is_explained_again(tool, filled, engine, network, qtbot):
    answer(engine, network)
    before = number_asked(engine)
    filled.editing.make(Scale(factor=2, first=3))
    filled.editing.stack.undo()
    engine.answer_trace()
    engine.answer_trace()
    wait_for_question(qtbot, tool)
    assert number_asked(engine) > before
    answer(engine, network)
    assert filled.contents.attribution is not None


def test_muted_filters_are_asked_about(tool, filled, engine, network, qtbot):
    answer(engine, network)
    filled.set_muted(frozenset({(0, 1)}))
    assert filled.document.attribution is None
    engine.answer_trace()
    wait_for_question(qtbot, tool)
    assert asked(engine).muted == ((0, 1),)


def test_another_spectrum_is_asked_about(tool, filled, engine, network, qtbot):
    answer(engine, network)
    filled.set_current(filled.document.entries[1].id)
    assert filled.document.attribution is None
    engine.answer_trace()
    wait_for_question(qtbot, tool)
    assert asked(engine).spectrum is filled.document.entries[1].spectrum


def test_by_hand_it_waits_for_the_button(tool, filled, engine, network, qtbot):
    answer(engine, network)
    tool.choices.follow_box.click()
    assert not tool.choices.update_button.isEnabled()
    before = count_asked(engine)
    filled.set_current(filled.document.entries[1].id)
    engine.answer_trace()
    assert not tool.requests.busy
    assert count_asked(engine) == before
    assert tool.headline.text() == "Not computed yet."
    tool.choices.update_button.click()
    assert count_asked(engine) == before + 1
    assert tool.headline.text() == "Computing \u2026"
    answer(engine, network)
    assert filled.contents.attribution is not None
    assert not tool.choices.update_button.isEnabled()


def test_rows_and_spectrum_are_linked_both_ways(tool, filled, engine, network):
    answer(engine, network)
    row = tool.table.ranked_model.index(2, 1)
    tool.table.clicked.emit(row)
    chosen = tool.table.ranked_model.ranked[2].place
    assert filled.selection.pinned == Sample(SPECTRUM, chosen)
    filled.hover(Sample(SPECTRUM, 5))
    current = tool.table.currentIndex().row()
    assert tool.table.ranked_model.ranked[current].place == 5
    filled.pin(filled.selection.pinned)
    filled.hover(None)
    assert not tool.table.selectionModel().hasSelection()


def test_the_input_is_drawn_in_its_units_and_coloured_by_sign(tool, filled, engine, network, qtbot):
    answer(engine, network)
    trace = network.trace(filled.document.entries[0].spectrum)
    bars = tool.plot._bars.opts
    np.testing.assert_allclose(bars["height"], trace.input[:, 0], rtol=1e-6)
    first, last = (bars["brushes"][place].color() for place in (0, -1))
    assert first.blue() > first.red()  # -2: against the class
    assert last.red() > last.blue()  # 5: for it
    with qtbot.waitSignal(tool.plot.hoverRequested) as hovered:
        tool.plot.pointerMoved.emit(3.4, 0.0)
    assert hovered.args == [Sample(SPECTRUM, 3)]
    assert filled.selection.hovered == Sample(SPECTRUM, 3)
    assert tool.plot.cursor.value() == 3
    tool.plot.pointerClicked.emit(6.6, 0.0)
    assert filled.selection.pinned == Sample(SPECTRUM, 7)


def test_a_refusal_is_said_and_can_be_tried_again(tool, filled, engine, network, qtbot):
    error = ModelError("There is no convolution to look at.")
    number = number_asked(engine)
    engine.eventReceived.emit(Failed(number, error))
    assert tool.problem.text() == "There is no convolution to look at."
    assert tool.problem.isVisible()
    assert filled.contents.attribution is None
    filled.hover(Sample(0, 1, 1))
    assert not tool.requests.busy  # it does not insist
    tool.choices.update_button.click()
    assert number_asked(engine) == number + 1
    answer(engine, network)
    assert tool.problem.isHidden()
    assert tool.headline.isVisible()


def test_a_question_lost_with_the_engine_is_repeated_once(tool, engine):
    number = number_asked(engine)
    engine.eventReceived.emit(Failed(number, EngineError("The engine ended.")))
    assert number_asked(engine) == number + 1
    assert tool.problem.isHidden()
    engine.eventReceived.emit(Failed(number + 1, EngineError("The engine ended.")))
    assert number_asked(engine) == number + 1
    assert tool.problem.text() == "The engine ended."


def test_hidden_it_asks_nothing_and_waits_for_nothing(tool, filled, engine, network):
    number = number_asked(engine)
    tool.hide()
    assert number in engine.cancelled
    assert not filled.contents.explaining
    filled.set_current(filled.document.entries[1].id)
    engine.answer_trace()
    assert not tool.requests.busy
    assert number_asked(engine) == number


def test_shown_again_it_keeps_what_still_holds(tool, filled, engine, network, qtbot):
    answer(engine, network)
    number = number_asked(engine)
    tool.hide()
    tool.show()
    qtbot.waitUntil(lambda: filled.contents.explaining and filled.selection.explaining)
    assert filled.contents.attribution is not None
    assert not tool.requests.busy
    assert number_asked(engine) == number


def test_the_table_is_copied_in_full_precision(tool, filled, engine, network):
    answer(engine, network)
    tool.copy_button.click()
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["rank", "index", "input", "attribution", "share"]
    ranked = filled.contents.attribution.ranked
    assert float(lines[1].split("\t")[3]) == ranked[0].attribution
    assert len(lines) == 1 + len(ranked)


def test_no_number_is_cut_at_the_least_width(tool, engine, network):
    tool.resize(250, 600)
    answer(engine, network, values=np.linspace(-2e-3, 1e-3, 12, dtype=np.float32)[:, None])
    model, metrics = tool.table.ranked_model, tool.table.fontMetrics()
    for column in range(model.columnCount()):
        widest = max(metrics.horizontalAdvance(model.cells(row)[column]) for row in range(12))
        assert tool.table.columnWidth(column) >= widest + 8  # the style sheet's padding


def test_export_offers_the_attribution(tool, engine, network, monkeypatch, tmp_path):
    from spectracnn.gui.export.dialog import ExportDialog

    answer(engine, network)
    offered = []

    def look(dialog):
        offered.append(dialog.form.choice.what)
        dialog.done(0)

    monkeypatch.setattr(ExportDialog, "exec", look)
    tool.export_button.click()
    assert offered == ["attribution"]


def test_the_strip_shows_bars_up_and_down_and_keeps_its_place(program, spectra, network, qtbot):
    program.fill(spectra)
    assert program.ui.stack.attribution is None
    tool = AttributionTool(
        ToolContext(program.workspace, program.broker, program.themes, program.settings)
    )
    qtbot.addWidget(tool)
    tool.show()
    qtbot.waitUntil(lambda: number_asked(program.engine) > 0)
    strip = program.ui.stack.attribution
    assert strip.isVisible()
    assert strip.title.text() == "Attribution"
    answer(program.engine, network)
    picture = program.workspace.contents.attribution
    assert strip.title.text() == picture.caption
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
    assert strip.isVisible()
    assert [len(item.opts["height"]) for item in strip._bars] == [0, 0]
    tool.hide()
    assert not strip.isVisible()


def test_where_nothing_can_be_explained_the_next_step_is_offered(
    qtbot, workspace, engine, themes, settings, spectra
):
    done = []
    context = ToolContext(workspace, engine.broker, themes, settings, run_command=done.append)
    tool = AttributionTool(context)
    qtbot.addWidget(tool)
    tool.resize(300, 600)
    tool.show()
    workspace.add_spectra(spectra)  # there is no model yet
    assert tool.next_step.isVisible()
    assert not tool.body.isVisible()
    assert tool.next_step.reason.text() == workspace.contents.prediction.detail
    button = tool.next_step.buttons["open_model"]
    assert button.isVisible()
    assert not tool.next_step.buttons["open_samples"].isVisible()
    button.click()
    assert done == ["open_model"]
    engine.answer_open()
    engine.answer_trace()
    assert tool.body.isVisible()
    assert not tool.next_step.isVisible()
