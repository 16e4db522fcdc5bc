"""The page of statistics: the command's numbers, and where somebody stands."""

import json
import shlex

import numpy as np
import pandas as pd
import pytest

from spectracnn import io
from spectracnn.cli.main import main
from spectracnn.gui.tools.cohort.tool import CohortTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.io.participants import read_table
from spectracnn.io.write import write_hdf5
from spectracnn.state.participants import Participants

pytestmark = pytest.mark.slow

PATIENCE = 60_000


@pytest.fixture
def study(make_spectrum, tmp_path):
    """Forty spectra; patients have larger eigenvalues from the tenth on."""
    draw = np.random.default_rng(0)
    spectra, rows = [], []
    for place in range(40):
        made = make_spectrum(f"s{place:02}", slope=1.0)
        values = made.eigenvalues * (1 + 0.02 * draw.normal(size=20))
        values[10:] *= 1.08 if place % 2 else 1.0
        spectra.append(type(made)(made.name, np.sort(values), made.kind, made.area))
        dx = "patient" if place % 2 else "control"
        rows.append({"id": made.name, "dx": dx, "age": round(draw.normal(60, 5), 1), "one": 1})
    write_hdf5(spectra, tmp_path / "all.h5")
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    return tmp_path


@pytest.fixture
def page(program, study, qtbot):
    program.fill(list(io.read(study / "all.h5")))
    table = read_table(study / "t.csv")
    program.workspace.set_participants(Participants(table, "id"))
    context = ToolContext(program.workspace, program.broker, program.themes, program.settings)
    tool = CohortTool(context)
    qtbot.addWidget(tool)
    tool.show_page("statistics")
    tool.show()
    page = tool.page
    qtbot.waitUntil(lambda: page.form.column_box.count() > 0, timeout=PATIENCE)
    page.form.column_box.setCurrentText("dx")
    page.form.column_box.activated.emit(0)
    page.form.permutations.setValue(99)
    yield page
    tool.close_job()


def test_the_page_has_the_numbers_of_the_command_that_it_copies(page, study, qtbot, capsys):
    page.form.covariates.choose(("age",))
    page.begin()
    qtbot.waitUntil(lambda: page.tested is not None, timeout=PATIENCE)
    found = page.tested.found
    assert (found.p_fwe[page.tested.study.features.index >= 10] <= 0.05).all()
    command = shlex.split(page.methods().partition("Command: ")[2])
    assert command[:2] == ["spectracnn", "stats"]
    assert main([*command[1:], "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    sheet = page.table.sheet
    for place, name in enumerate(("effect", "ci_low", "ci_high", "p", "p_fwe", "p_fdr")):
        assert sheet.columns[1 + place].tolist() == [row[name] for row in printed["rows"]]
    assert printed["methods"] == page.methods()


def test_a_feature_and_a_point_lead_to_the_spectra(program, page, qtbot):
    page.begin()
    qtbot.waitUntil(lambda: page.tested is not None, timeout=PATIENCE)
    page.table.rowChosen.emit(11)
    assert program.workspace.selection.index_range == (12, 12)
    assert page.right.panel.title == "eigenvalue 12"
    page.right.pointClicked.emit(7)
    assert program.ui.table.selected_ids() == [program.workspace.document.entries[7].id]
    assert program.workspace.selection.current == program.workspace.document.entries[7].id


def test_where_somebody_stands_follows_the_current_spectrum(program, page, qtbot):
    page.begin()
    qtbot.waitUntil(lambda: page.tested is not None, timeout=PATIENCE)
    page.view_choice.set_index(1)
    page.view_choice.chosen.emit(1)
    qtbot.waitUntil(lambda: page.standing is not None, timeout=PATIENCE)
    entries = program.workspace.document.entries
    program.workspace.set_current(entries[5].id)
    assert "Where s05 stands among 'control'" in page.left.panel.title
    assert page.table.sheet.columns[2][12] > 95
    program.workspace.set_current(entries[4].id)
    assert "Where s04" in page.left.panel.title
    # A member of the reference is compared with a model without it, by statsmodels.
    import statsmodels.api as sm

    values = page.tested.study.features.values[::2, 3]
    expected = sm.OLS(values, np.ones(20)).fit().get_influence().resid_studentized_external[2]
    assert page.table.sheet.columns[3][3] == pytest.approx(expected)


def test_what_cannot_be_tested_is_a_sentence_and_what_is_left_out_is_named(page, qtbot):
    page.form.covariates.choose(("age",))
    page.form.kind.set_index(1)
    page.form.kind.chosen.emit(1)
    page.form.column_box.addItem("agee")
    page.form.column_box.setCurrentText("agee")
    page.begin()
    qtbot.waitUntil(lambda: "Did you mean 'age'?" in page.note.text(), timeout=PATIENCE)
    page.form.column_box.setCurrentText("age")
    page.begin()
    qtbot.waitUntil(lambda: "collinear with 'age'" in page.note.text(), timeout=PATIENCE)
    assert page.note.property("error")


def test_cancelled_work_is_dropped(page, qtbot):
    page.form.permutations.setValue(1_000_000)
    page.begin()
    qtbot.waitUntil(lambda: page.progress.value() > 0, timeout=PATIENCE)
    page.cancel_button.click()
    assert page.note.text() == "Cancelled."
    assert not page.runner.running
    page.form.permutations.setValue(9)
    page.begin()
    qtbot.waitUntil(lambda: page.tested is not None, timeout=PATIENCE)
    assert page.tested.found.permutations == 9
