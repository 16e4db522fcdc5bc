"""Groups, attributions and confounds in the window: the engine's answers become pages."""

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTabWidget

from spectracnn.core.cohort_requests import (
    Attributions,
    CollectAttributions,
    CollectLayers,
    CollectMoments,
    LayerOutputs,
    Moments,
)
from spectracnn.core.participants import Column, ParticipantsTable
from spectracnn.engine.messages import Progressed, Succeeded
from spectracnn.gui.export.view_export import begin_export
from spectracnn.gui.tools.cohort.tool import CohortTool
from spectracnn.gui.tools.shelf import Tools
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.participants import Participants

pytestmark = pytest.mark.slow

PATIENCE = 60_000
N = 24


@pytest.fixture
def tool(program, make_spectrum, tmp_path, qtbot):
    """Spectra of two groups that differ in slope, with ages that go with the group."""
    spectra = []
    for place in range(N):
        made = make_spectrum(f"s{place:02}", slope=1.0 + 0.5 * (place % 2) + 0.01 * place)
        spectra.append(made)
    program.fill(spectra)
    program.engine.answer_predictions()
    names = Column("name", None, np.arange(N, dtype=np.int32), tuple(s.name for s in spectra))
    group = Column("dx", None, np.arange(N, dtype=np.int32) % 2, ("control", "patient"))
    draw = np.random.default_rng(0)
    age = Column("age", 60 + 9 * (np.arange(N) % 2) + draw.normal(size=N))
    noise = Column("noise", draw.normal(size=N))
    table = ParticipantsTable(tmp_path / "people.csv", (names, group, age, noise))
    program.workspace.set_participants(Participants(table))
    context = ToolContext(program.workspace, program.broker, program.themes, program.settings)
    tool = CohortTool(context)
    qtbot.addWidget(tool)
    tool.show()
    yield tool
    tool.close_job()


def traces(program, request):
    return [program.engine.network.trace(spectrum) for spectrum in request.spectra]


def arrays(found):
    layers = zip(*([layer.output for layer in trace.layers] for trace in found), strict=True)
    predicted = np.stack([trace.probabilities for trace in found])
    return [np.stack([t.input for t in found]), *map(np.stack, layers), predicted, predicted]


def answer_moments(program):
    for number, request in list(program.engine.requests.items()):
        if isinstance(request, CollectMoments):
            found = traces(program, request)
            program.engine.eventReceived.emit(Progressed(number, 1, 2))
            moments = Moments.of(arrays(found), found[0].positions, (None,) * len(found))
            program.engine.eventReceived.emit(Succeeded(number, moments))


def test_two_groups_are_compared_sample_by_sample(program, tool, qtbot):
    tool.show_page("groups")
    page = tool.page
    qtbot.waitUntil(lambda: page.choice.column_box.count() > 0, timeout=PATIENCE)
    page.choice.column_box.setCurrentText("dx")
    page.choice.column_box.activated.emit(0)
    assert page.choice.names == ("control", "patient")
    page.begin()
    answer_moments(program)
    assert "control (12) minus patient (12)" in page.note.text()
    requests = [r for r in program.engine.requests.values() if isinstance(r, CollectMoments)]
    first, second = (np.stack([t.layers[1].output for t in traces(program, r)]) for r in requests)
    pooled = np.sqrt((first.var(axis=0, ddof=1) + second.var(axis=0, ddof=1)) / 2)
    known = pooled > 0  # a filter that is silent for everybody has no effect
    d = (first.mean(axis=0) - second.mean(axis=0))[known] / pooled[known]
    g = page.found.effect(2)
    assert known.any()
    assert g[known] == pytest.approx(d * (1 - 3 / (4 * 22 - 1)), rel=2e-3)
    top = page.strongest.sheet.columns[3]
    largest = max(np.nanmax(np.abs(page.found.effect(place))) for place in range(1, 5))
    assert abs(top[0]) == pytest.approx(largest)
    assert "Hedges' g" in tool.methods_text()
    assert tool.figure_view() is not None
    page.table.rowChosen.emit(0)
    assert page.sample.panel.lines[0].label == "control"


def test_groups_that_are_too_small_are_a_sentence(program, tool, qtbot):
    tool.show_page("groups")
    page = tool.page
    qtbot.waitUntil(lambda: page.choice.column_box.count() > 0, timeout=PATIENCE)
    program.workspace.remove([e.id for e in program.workspace.document.entries[1::2]][:-1])
    qtbot.waitUntil(lambda: page.choice.first_box.count() > 0, timeout=PATIENCE)
    page.choice.offer(program.workspace.document)
    page.choice._receive_names(("dx",))
    page.choice.first_box.setCurrentText("patient")
    page.choice.second_box.setCurrentText("control")
    page.begin()
    assert "The group 'patient' has 1 spectrum, expected at least two." in page.note.text()


def test_what_speaks_for_a_class_in_a_group(program, tool, qtbot):
    tool.show_page("attribution")
    page = tool.page
    qtbot.waitUntil(lambda: page.choice.column_box.count() > 0, timeout=PATIENCE)
    page.choice.column_box.setCurrentText("dx")
    page.choice.column_box.activated.emit(0)
    page.begin()
    number = program.engine.latest(CollectAttributions)
    request = program.engine.requests[number]
    assert len(request.spectra) == 12
    values = np.random.default_rng(0).normal(size=(12, 12)).astype(np.float32)
    values[:, 4] = np.abs(values[:, 4]) + 0.1
    positions = np.tile(np.arange(1, 13), (12, 1))
    program.engine.eventReceived.emit(
        Succeeded(number, Attributions(values, positions, (None,) * 12))
    )
    qtbot.waitUntil(lambda: page.found is not None, timeout=PATIENCE)
    assert page.found.consistent.tolist() == [place == 4 for place in range(12)]
    assert "1 of 12 eigenvalues speak for the class consistently" in page.note.text()
    page.left.pointClicked.emit(4)
    assert program.workspace.selection.index_range == (5, 5)
    assert "sign test" in tool.methods_text()


def answer_layers(program):
    number = program.engine.latest(CollectLayers)
    found = traces(program, program.engine.requests[number])
    values, *layers, predicted, _ = arrays(found)
    flat = tuple(layer.reshape(len(found), -1).astype(np.float32) for layer in layers)
    answer = LayerOutputs(values, flat, predicted, (None,) * len(found))
    program.engine.eventReceived.emit(Succeeded(number, answer))


def test_confounds_are_found_and_disagreements_lead_to_spectra(program, tool, qtbot):
    tool.show_page("confounds")
    page = tool.page
    qtbot.waitUntil(lambda: page.target_box.count() > 0, timeout=PATIENCE)
    page.target_box.setCurrentText("dx")
    page.against.choose(("age", "noise"))
    page.permutations.setValue(49)
    page.begin()
    qtbot.waitUntil(lambda: program.engine.latest(CollectLayers) > 0, timeout=PATIENCE)
    answer_layers(program)
    qtbot.waitUntil(lambda: page.found is not None, timeout=PATIENCE)
    alone = {row.where: row for row in page.found.alone}
    assert alone["age"].p <= 0.05 < alone["noise"].p
    assert "Predicts dx alone: age (" in page.note.text()
    assert "not noise" in page.note.text()
    layers = [row for row in page.found.encoded if row.target == "age"]
    assert [row.where for row in layers] == ["input", "conv", "pool", "average", "dense"]
    wrong = page.found.shadow.svm != page.found.shadow.label.values
    page.shadow.barClicked.emit(2)
    chosen = program.ui.table.selected_ids()
    assert len(chosen) == wrong.sum() or not wrong.any()
    assert "no command repeats this" in tool.methods_text()


@pytest.mark.parametrize(
    ("target", "against", "says"),
    [
        ("dx", (), "Choose a label and one or more covariates"),
        ("name", ("age",), "24 distinct values"),
        ("dxx", ("age",), "Did you mean 'dx'?"),
    ],
)
def test_what_cannot_be_probed_is_a_sentence(tool, qtbot, target, against, says):
    tool.show_page("confounds")
    page = tool.page
    qtbot.waitUntil(lambda: page.target_box.count() > 0, timeout=PATIENCE)
    page.target_box.addItem(target)
    page.target_box.setCurrentText(target)
    page.target_box.activated.emit(page.target_box.currentIndex())
    page.against.choose(against)
    page.begin()
    qtbot.waitUntil(lambda: says in page.note.text(), timeout=PATIENCE)
    assert page.note.property("error")


def test_the_shelf_opens_pages_and_copies_methods(program, tool, qtbot, tmp_path):
    context = ToolContext(program.workspace, program.broker, program.themes, program.settings)
    tabs = QTabWidget()
    qtbot.addWidget(tabs)
    shelf = Tools(context, tabs, program.window)
    messages = []
    shelf.copied.connect(messages.append)
    shelf.exportFailed.connect(messages.append)
    shelf.copy_methods()
    assert messages.pop().sentence == "Nothing was computed yet."
    opened = shelf.open("cohort/groups")
    assert opened.page is opened.pages["groups"]
    predictions = shelf.open("cohort/predictions").page
    qtbot.waitUntil(lambda: predictions.summary is not None, timeout=PATIENCE)
    shelf.copy_methods()
    assert messages == ["Copied a paragraph for the section on methods."]
    text = QGuiApplication.clipboard().text()
    assert "Three shapes" in text
    assert "is from no file, so no command repeats this" in text
    begin_export(opened, program.workspace, tmp_path / "p.csv")()
    head = (tmp_path / "p.csv").read_text(encoding="utf-8")
    assert f"# methods: {text}" in head
    assert "# spectra:" not in head  # those are of the plot in the main window
    shelf.close_windows()
    shelf.end_jobs()
