"""What the tools ask: with companions, of what is shown by now, and once more after a crash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from spectracnn.core.edits import Edit, Scale
from spectracnn.engine.messages import (
    CollectFeatures,
    Failed,
    Succeeded,
    TraceMean,
    TraceSpectrum,
    WeightsOf,
)
from spectracnn.errors import EngineError, PreprocessingError
from spectracnn.gui.tools.compare.compare import CompareTool
from spectracnn.gui.tools.compare.multiples import MultiplesTab
from spectracnn.gui.tools.embedding.embedding import EmbeddingTool
from spectracnn.gui.tools.filters.contributions import FilterContributions
from spectracnn.gui.tools.inspector.weights import Weights
from spectracnn.gui.tools.statistics.statistics import StatisticsTab
from spectracnn.gui.tools.what_if.what_if import WhatIfTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.view.groups import single


@pytest.fixture
def context(filled, engine, themes, settings):
    return ToolContext(filled, engine.broker, themes, settings)


@pytest.fixture
def several(workspace, engine, network, spectra, themes, settings):
    """A model that reads two structures together, and two files that hold both."""
    engine.answer_open(replace(network.description, structures=("left", "right")))
    sources = (Path("a.csv"), Path("a.csv"), Path("b.csv"), Path("b.csv"))
    workspace.add_spectra(
        replace(s, source=source, name=name, key=name)
        for s, source, name in zip(spectra, sources, ("left", "right") * 2, strict=True)
    )
    engine.answer_trace()
    return ToolContext(workspace, engine.broker, themes, settings)


@pytest.fixture
def shown(qtbot):
    kept = []  # qtbot holds no reference

    def show(tool):
        qtbot.addWidget(tool)
        tool.show()
        kept.append(tool)
        return tool

    return show


def traces(engine):
    return [r for r in engine.requests.values() if isinstance(r, TraceSpectrum)]


def test_compare_and_small_multiples_send_companions(shown, several, engine):
    shown(CompareTool(several))
    shown(MultiplesTab(several))
    asked = traces(engine)
    assert len(asked) >= 5
    entries = several.workspace.document.entries
    files = {e.spectrum.source: [] for e in entries}
    for entry in entries:
        files[entry.spectrum.source].append(entry.spectrum)
    for request in asked:
        assert list(request.companions) == files[request.spectrum.source]


def test_contributions_of_filters_send_companions(several, engine):
    document = several.workspace.document
    trace = document.trace(several.workspace.selection.current)
    contributions = FilterContributions(several)
    contributions.request(document.model, trace, 0)
    request = traces(engine)[-1]
    assert len(request.companions) == 2
    assert request.muted == ((0, 0),)


def test_small_multiples_say_why_there_are_none(shown, several, engine):
    tab = shown(MultiplesTab(several))
    number = engine.latest(TraceSpectrum)
    engine.eventReceived.emit(Failed(number, PreprocessingError("right: too short.")))
    assert tab.note.text() == "right: too short."


def test_compare_keeps_its_sides_when_an_edit_renames_one(shown, context, engine, network):
    tool = shown(CompareTool(context))
    first, second = context.workspace.document.entries[:2]
    for key, entry in (("first", first), ("second", second)):
        tool.boxes[key].choose(single(entry))
        tool.boxes[key].chosen.emit()
    for number, request in list(engine.requests.items()):
        if isinstance(request, TraceSpectrum):
            engine.eventReceived.emit(Succeeded(number, network.trace(request.spectrum)))
    before = engine.latest(TraceSpectrum)
    context.workspace.set_edits(second.id, (Scale(factor=2.0, first=3),))
    assert tool.boxes["second"].side.ids == (second.id,)
    assert tool.boxes["second"].currentText() == "shape 1 (edited)"
    assert tool.boxes["first"].side.ids == (first.id,)
    edited = context.workspace.document.entry(second.id)
    number = next(
        n for n, r in engine.requests.items() if n > before and r.spectrum is edited.spectrum
    )
    engine.eventReceived.emit(Succeeded(number, network.trace(edited.spectrum)))
    found = tool._traces["second"][1]
    assert (found.input == network.trace(edited.spectrum).input).all()


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (CompareTool, TraceSpectrum),
        (MultiplesTab, TraceSpectrum),
        (EmbeddingTool, CollectFeatures),
        (StatisticsTab, CollectFeatures),
    ],
)
def test_every_tool_asks_once_more_after_a_crash(shown, context, engine, make, kind):
    before = set(engine.requests)
    shown(make(context))
    mine = [n for n in engine.requests if n not in before and isinstance(engine.requests[n], kind)]
    assert mine
    lost = engine.requests[mine[0]]
    engine.eventReceived.emit(Failed(mine[0], EngineError("The engine stopped.")))
    again = [n for n, r in engine.requests.items() if r is lost and n != mine[0]]
    assert len(again) == 1
    engine.eventReceived.emit(Failed(again[0], EngineError("The engine stopped.")))
    assert len([r for r in engine.requests.values() if r is lost]) == 2


def test_weights_are_asked_once_more_after_a_crash(context, engine):
    weights, heard = Weights(context, "a test"), []
    weights.failed.connect(heard.append)
    weights.get(0)
    weights.get(0)
    first = engine.latest(WeightsOf)
    engine.eventReceived.emit(Failed(first, EngineError("The engine stopped.")))
    assert engine.latest(WeightsOf) > first
    assert heard == []
    engine.eventReceived.emit(Failed(engine.latest(WeightsOf), EngineError("Again.")))
    assert heard == ["Again."]
    assert sum(isinstance(r, WeightsOf) for r in engine.requests.values()) == 2


def test_the_mean_of_a_group_is_asked_anew_when_one_of_it_is_edited(shown, context, engine):
    tool = shown(CompareTool(context))
    context.workspace.set_overlaid([e.id for e in context.workspace.document.entries])
    tool._offer()
    box = tool.boxes["second"]
    box.setCurrentIndex(box.findText("mean of ticked spectra (4)"))
    box.chosen.emit()
    first = engine.latest(TraceMean)
    assert first
    context.workspace.set_edits(context.workspace.document.entries[3].id, (Scale(factor=2.0),))
    engine.eventReceived.emit(Failed(first, PreprocessingError("no")))  # what waited is sent now
    assert engine.latest(TraceMean) > first


def test_the_first_spectrum_is_shown_with_its_trace_and_not_before(
    qtbot, workspace, engine, spectra
):
    engine.answer_open()
    with qtbot.assertNotEmitted(workspace.contentsChanged):
        workspace.add_spectra(spectra)
    with qtbot.waitSignal(workspace.contentsChanged):
        engine.answer_trace()
    assert workspace.contents.layers[0].picture is not None


def test_an_edit_is_applied_once_a_tick(shown, context, monkeypatch):
    tool = shown(WhatIfTool(context))
    applied = []
    apply = Edit.apply
    monkeypatch.setattr(Edit, "apply", lambda *args: applied.append(1) or apply(*args))
    for value in (10, 20, 30):
        tool.sliders["scale"].slider.setValue(value)
    assert len(applied) == 3


def test_sliders_are_known_by_what_they_are(shown, context):
    tool = shown(WhatIfTool(context))
    for slider in tool.sliders.values():
        slider.setObjectName("something else")  # as a style sheet might need it
    tool.sliders["scale"].slider.setValue(10)
    (edit,) = context.workspace.editing.edits
    assert edit.factor == pytest.approx(1.1)


def test_copy_as_python_of_the_window_and_of_a_tool(qtbot, shown, program, spectra):
    from PySide6.QtGui import QGuiApplication

    program.fill(spectra)
    program.window.commands.run("copy_python")
    text = QGuiApplication.clipboard().text()
    assert "import spectracnn as sc" in text
    assert "three.keras" in text
    compile(text, "script", "exec")
    context = ToolContext(program.workspace, program.broker, program.themes, program.settings)
    tool = shown(CompareTool(context))
    assert set(tool.script_view().entries) == {"first", "second"}
