"""What a tool shows is a record: saved with a workspace, undone like edits, drawn by widgets."""

from __future__ import annotations

import json

import numpy as np
import pytest

from spectracnn.core.attribution import Method
from spectracnn.core.edits import Space
from spectracnn.core.features import INPUT, Reduction
from spectracnn.core.outputs import Task
from spectracnn.core.weights import LayerWeights
from spectracnn.engine.messages import Succeeded, WeightsOf
from spectracnn.gui.tools.attribution.attribution import AttributionTool
from spectracnn.gui.tools.compare.compare import CompareTool
from spectracnn.gui.tools.embedding.embedding import EmbeddingTool
from spectracnn.gui.tools.filter_lab.tool import FilterLabTool
from spectracnn.gui.tools.filters.filters import FiltersTool
from spectracnn.gui.tools.inspector.inspector import InspectorTool
from spectracnn.gui.tools.shape.shape import ShapeTool
from spectracnn.gui.tools.training.tool import TrainingTool
from spectracnn.gui.tools.what_if.what_if import WhatIfTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.saving import from_json, to_json
from spectracnn.state.selection import ColourScale, Sample
from spectracnn.state.tools import CompareTab, Ranking, ToolChoices


def pick(box, data):
    """As a person does: Qt emits ``activated`` for those only."""
    place = box.findData(data)
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def pick_text(box, text):
    pick_place(box, box.findText(text))


def pick_place(box, place):
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def choose_side(box, place):
    box.setCurrentIndex(place)
    box.activated.emit(place)


def beside(tool):
    tool._workspace.pin(Sample(0, 2, 1))
    tool.page.compare.channel_for(Sample(0, 2, 1), 2)
    tool.page.compare.button.setChecked(True)


CASES = {
    # tool: (class, [(what the person does, field, value, what the widget shows then)])
    "compare": (
        CompareTool,
        [
            (
                lambda t: pick(t.scale_box, ColourScale.NETWORK),
                "scale",
                ColourScale.NETWORK,
                lambda t: t.scale_box.currentData(),
            ),
            (
                lambda t: t.tabs.setCurrentIndex(2),
                "tab",
                CompareTab.STATISTICS,
                lambda t: list(CompareTab)[t.tabs.currentIndex()],
            ),
            (
                lambda t: choose_side(t.boxes["second"], 3),
                "second",
                "entry 4",
                lambda t: t.boxes["second"].side.key,
            ),
        ],
    ),
    "multiples": (
        CompareTool,
        [
            (
                lambda t: pick(t.multiples.layer_box, 1),
                "layer",
                1,
                lambda t: t.multiples.layer_box.layer,
            )
        ],
    ),
    "statistics": (
        CompareTool,
        [
            (
                lambda t: pick(t.statistics.layer_box, 1),
                "layer",
                1,
                lambda t: t.statistics.layer_box.layer,
            ),
            (
                lambda t: t.statistics.table.horizontalHeader().setSortIndicator(
                    2, t.statistics.table.horizontalHeader().sortIndicatorOrder()
                ),
                "column",
                2,
                lambda t: t.statistics.table.horizontalHeader().sortIndicatorSection(),
            ),
        ],
    ),
    "embedding": (
        EmbeddingTool,
        [
            (
                lambda t: pick(t.layer_box, INPUT),
                "layer",
                INPUT,
                lambda t: t.layer_box.currentData(),
            ),
            (
                lambda t: pick(t.reduction_box, Reduction.MAX),
                "reduction",
                Reduction.MAX,
                lambda t: t.reduction_box.currentData(),
            ),
        ],
    ),
    "filters": (
        FiltersTool,
        [
            (
                lambda t: pick(t.order_box, Ranking.ACTIVATION),
                "ranking",
                Ranking.ACTIVATION,
                lambda t: t.order_box.currentData(),
            ),
            (lambda t: pick(t.class_box, 2), "target", 2, lambda t: t.class_box.currentData()),
        ],
    ),
    "attribution": (
        AttributionTool,
        [
            (
                lambda t: pick(t.choices.method_combo, Method.SMOOTHGRAD),
                "method",
                Method.SMOOTHGRAD,
                lambda t: t.choices.method,
            ),
            (
                lambda t: pick(t.choices.class_combo, 1),
                "target",
                "human",
                lambda t: t.choices.class_combo.currentText(),
            ),
            (
                lambda t: t.choices.follow_box.setChecked(False),
                "follows",
                False,
                lambda t: t.choices.follows,
            ),
        ],
    ),
    "what_if": (
        WhatIfTool,
        [
            (
                lambda t: t.space._group.button(1).click(),
                "space",
                Space.INPUT,
                lambda t: (Space.EIGENVALUES, Space.INPUT)[t.space.index],
            ),
            (lambda t: t.first.setValue(3), "span", (3, 19), lambda t: (t.first.value(), 19)),
            (lambda t: pick(t.other, 3), "other", 3, lambda t: t.other.currentData()),
        ],
    ),
    "inspector": (
        InspectorTool,
        [
            (
                beside,
                "beside",
                (0, 1),
                lambda t: (0, t.page.compare.box.value()) if t.page.compare.on else None,
            )
        ],
    ),
    "shape": (
        ShapeTool,
        [
            (
                lambda t: pick(t.controls.show_box, t.controls.show_box.itemData(1)),
                "show",
                "mode_energy",
                lambda t: t.controls.show_box.currentData(),
            )
        ],
    ),
    "filter_lab": (
        FilterLabTool,
        [
            (
                lambda t: t.filter_box.setValue(1),
                "filter",
                1,
                lambda t: t.filter_box.value(),
            ),
            (
                lambda t: pick(t.panel.all_box, True),
                "every_channel",
                True,
                lambda t: t.panel.all_box.currentData(),
            ),
        ],
    ),
    "training": (
        TrainingTool,
        [
            (
                lambda t: t.form.learning.epochs_box.setValue(7),
                "epochs",
                7,
                lambda t: t.form.learning.epochs_box.value(),
            ),
            (
                lambda t: pick_text(t.form.learning.optimizer_box, "sgd"),
                "optimizer",
                "sgd",
                lambda t: t.form.plan().optimizer,
            ),
            (
                lambda t: pick_text(t.form.network.architecture_box, "tutorial"),
                "architecture",
                "tutorial",
                lambda t: t.form.plan().architecture,
            ),
            (
                lambda t: t.form.network.set_layers(("Flatten()",)),
                "layers",
                ("Flatten()",),
                lambda t: t.form.plan().layers,
            ),
            (
                lambda t: pick_place(t.form.labels.task_box, 1),
                "task",
                Task.REGRESSION,
                lambda t: t.form.plan().task,
            ),
            (
                lambda t: t.follow_box.click(),
                "follows",
                False,
                lambda t: t.follow_box.isChecked(),
            ),
        ],
    ),
}
ALL = [
    pytest.param(name, cls, *step, id=f"{name}-{step[1]}")
    for name, (cls, steps) in CASES.items()
    for step in steps
]


def answer_weights(engine):
    kernel = np.arange(6, dtype=np.float32).reshape(3, 1, 2)
    weights = LayerWeights(0, "Conv1D", {"kernel": kernel, "bias": np.zeros(2, np.float32)})
    engine.eventReceived.emit(Succeeded(engine.latest(WeightsOf), weights))


@pytest.fixture
def make_tool(qtbot, engine, themes, settings):
    made = []

    def make(kind, workspace):
        tool = kind(ToolContext(workspace, engine.broker, themes, settings))
        qtbot.addWidget(tool)
        tool.show()
        qtbot.waitExposed(tool)
        if kind is FilterLabTool:
            answer_weights(engine)
        workspace.contentsChanged.emit(workspace.contents)
        made.append(tool)
        return tool

    yield make
    for tool in made:
        if isinstance(tool, ShapeTool):
            tool.close_threads()


def visit(tool, name):
    """Bring a tab of the window that compares to the front, which fills its boxes."""
    if name in ("multiples", "statistics") and isinstance(tool, CompareTool):
        with tool._chosen.quiet():
            tool.tabs.setCurrentIndex(1 if name == "multiples" else 2)


@pytest.mark.parametrize(("name", "kind", "act", "field", "value", "shown"), ALL)
def test_a_choice_is_a_step_of_the_history(filled, make_tool, name, kind, act, field, value, shown):
    tool = make_tool(kind, filled)
    visit(tool, name)
    before, first = getattr(filled.choices, name), shown(tool)
    count = filled.editing.stack.count()
    act(tool)
    assert getattr(getattr(filled.choices, name), field) == value
    assert filled.editing.stack.count() == count + 1
    changed = shown(tool)
    assert changed != first
    filled.editing.stack.undo()
    assert getattr(filled.choices, name) == before
    assert shown(tool) == first
    filled.editing.stack.redo()
    assert getattr(getattr(filled.choices, name), field) == value
    assert shown(tool) == changed


@pytest.mark.parametrize(("name", "kind", "act", "field", "value", "shown"), ALL)
def test_a_tool_that_is_opened_later_shows_what_was_saved(
    filled, make_tool, name, kind, act, field, value, shown
):
    tool = make_tool(kind, filled)
    visit(tool, name)
    act(tool)
    wanted, saved = shown(tool), json.dumps(to_json(filled.choices))
    tool.close()
    filled.set_choices(ToolChoices())
    filled.set_choices(from_json(json.loads(saved), ToolChoices))
    later = make_tool(kind, filled)
    visit(later, name)
    assert shown(later) == wanted


def test_a_number_that_is_stepped_through_is_one_step(filled, make_tool):
    tool = make_tool(WhatIfTool, filled)
    count = filled.editing.stack.count()
    for place in range(1, 6):
        tool.first.setValue(place)
    assert filled.editing.stack.count() == count + 1
    assert filled.editing.stack.undoText() == "What if: range"
    filled.editing.stack.undo()
    assert filled.choices.what_if.span is None
    assert (tool.first.value(), tool.last.value()) == (0, 19)


def test_another_network_keeps_what_is_about_no_layer(filled, engine, make_tool):
    tool = make_tool(EmbeddingTool, filled)
    pick(tool.layer_box, 0)
    pick(tool.reduction_box, Reduction.MEAN)
    other = engine.network.with_more_layers(3)
    engine.answer_open(other)
    assert filled.choices.embedding.layer is None
    assert filled.choices.embedding.reduction is Reduction.MEAN
    assert tool.layer_box.currentData() == 1  # the one before the last
    assert not filled.editing.stack.canUndo()
    assert np.array_equal(tool.reduction_box.currentData(), Reduction.MEAN)
