"""What each page of the cohort window shows is a record: undone, saved and restored."""

import json
from dataclasses import replace

import numpy as np
import pytest

from spectracnn.core.participants import Column, ParticipantsTable
from spectracnn.gui.tools.cohort.tool import CohortTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.cohort_choices import CohortTab
from spectracnn.state.participants import Participants
from spectracnn.state.saving import from_json, to_json
from spectracnn.state.tools import ToolChoices

pytestmark = pytest.mark.slow

PATIENCE = 120_000
N = 12


@pytest.fixture
def make_tool(filled, engine, themes, settings, make_spectrum, tmp_path, qtbot):
    """Makes the window, on spectra of two groups at two sites."""
    spectra = [make_spectrum(f"s{place:02}", slope=1.0 + 0.1 * place) for place in range(N)]
    filled.remove([entry.id for entry in filled.document.entries])
    filled.add_spectra(spectra)
    engine.answer_trace()
    places = np.arange(N, dtype=np.int32)
    columns = (
        Column("name", None, places, tuple(s.name for s in spectra)),
        Column("dx", None, places % 2, ("control", "patient")),
        Column("site", None, places // 6, ("east", "west")),
        Column("age", 60.0 + places),
    )
    filled.set_participants(Participants(ParticipantsTable(tmp_path / "people.csv", columns)))
    made = []

    def make():
        tool = CohortTool(ToolContext(filled, engine.broker, themes, settings))
        qtbot.addWidget(tool)
        tool.show()
        made.append(tool)
        return tool

    yield make
    for tool in made:
        tool.close_job()


def pick(box, text):
    place = box.findText(text)
    assert place >= 0, [box.itemText(at) for at in range(box.count())]
    box.setCurrentIndex(place)
    box.activated.emit(place)


def press(control, place):
    control._group.button(place).click()


def ready(tool, tab):
    """The columns are looked for in a thread."""
    page = tool.pages[tab]
    boxes = {
        CohortTab.PREDICTIONS: lambda: page.label_box,
        CohortTab.GROUPS: lambda: page.choice.first_box,
        CohortTab.ATTRIBUTION: lambda: page.choice.first_box,
        CohortTab.STATISTICS: lambda: page.form.column_box,
        CohortTab.CONFOUNDS: lambda: page.target_box,
    }
    return boxes[tab]().count() > 1


STEPS = {
    # page: [(what a person does, field, value, what the widget shows then)]
    CohortTab.PREDICTIONS: [
        (lambda p: pick(p.label_box, "site"), "label", "site", lambda p: p.label_box.currentText()),
        (lambda p: press(p.view_choice, 2), "curve", 2, lambda p: p.view_choice.index),
    ],
    CohortTab.GROUPS: [
        (
            lambda p: pick(p.choice.column_box, "site"),
            "column",
            "site",
            lambda p: (p.choice.column, p.choice.names),
        ),
        (
            lambda p: pick(p.choice.first_box, "patient"),
            "first",
            "patient",
            lambda p: p.choice.names,
        ),
        (lambda p: press(p.view_choice, 1), "view", 1, lambda p: p.view_choice.index),
    ],
    CohortTab.ATTRIBUTION: [
        (
            lambda p: pick(p.class_box, "teddy"),
            "target",
            "teddy",
            lambda p: p.class_box.currentText(),
        ),
        (lambda p: p.most.setValue(50), "most", 50, lambda p: p.most.value()),
    ],
    CohortTab.STATISTICS: [
        (
            lambda p: pick(p.form.column_box, "site"),
            "column",
            "site",
            lambda p: (p.form.settings().column, p.form.reference_box.itemText(1)),
        ),
        (
            lambda p: pick(p.form.reference_box, "patient"),
            "reference",
            "patient",
            lambda p: p.form.settings().reference,
        ),
        (
            lambda p: p.form.covariates._menu.actions()[0].trigger(),
            "covariates",
            ("age",),
            lambda p: p.form.settings().covariates,
        ),
        (lambda p: pick(p.form.site_box, "site"), "site", "site", lambda p: p.form.settings().site),
        (lambda p: p.form.combat.click(), "combat", True, lambda p: p.form.settings().combat),
        (
            lambda p: pick(p.form.features_box, "bands"),
            "features",
            "bands",
            lambda p: p.form.settings().bands,
        ),
        (lambda p: p.form.seed.setValue(4), "seed", 4, lambda p: p.form.settings().seed),
        (lambda p: press(p.form.kind, 1), "kind", 1, lambda p: p.form.settings().column),
    ],
    CohortTab.CONFOUNDS: [
        (
            lambda p: pick(p.target_box, "site"),
            "target",
            "site",
            lambda p: p.target_box.currentText(),
        ),
        (
            lambda p: p.against._menu.actions()[0].trigger(),
            "against",
            ("age",),
            lambda p: p.against.chosen,
        ),
    ],
}
ALL = [
    pytest.param(tab, *step, id=f"{tab}-{step[1]}")
    for tab, steps in STEPS.items()
    for step in steps
]


@pytest.mark.parametrize(("tab", "act", "field", "value", "shown"), ALL)
def test_a_choice_is_undone_saved_and_restored(
    filled, make_tool, qtbot, tab, act, field, value, shown
):
    filled.set_choices(replace(filled.choices, cohort=replace(filled.choices.cohort, tab=tab)))
    tool = make_tool()
    page = tool.page
    assert page is tool.pages[tab]
    qtbot.waitUntil(lambda: ready(tool, tab), timeout=PATIENCE)
    before, first = getattr(filled.choices, page.record), shown(page)
    count = filled.editing.stack.count()
    act(page)
    assert getattr(getattr(filled.choices, page.record), field) == value
    assert filled.editing.stack.count() == count + 1
    changed = shown(page)
    assert changed != first
    filled.editing.stack.undo()
    assert getattr(filled.choices, page.record) == before
    assert shown(page) == first
    filled.editing.stack.redo()
    assert shown(page) == changed
    saved = json.dumps(to_json(filled.choices))
    tool.close()
    filled.set_choices(ToolChoices())
    filled.set_choices(from_json(json.loads(saved), ToolChoices))
    later = make_tool()
    assert later.page is later.pages[tab]
    qtbot.waitUntil(lambda: ready(later, tab) and shown(later.page) == changed, timeout=PATIENCE)


def test_the_page_in_front_is_a_choice(filled, make_tool):
    tool = make_tool()
    tool.tabs.setCurrentIndex(3)
    assert filled.choices.cohort.tab is CohortTab.STATISTICS
    filled.editing.stack.undo()
    assert tool.tabs.currentIndex() == 0
