"""Copy as Python on each page of the cohort window: the script gives the numbers of the page."""

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QTabWidget

import spectracnn as sc
from spectracnn.gui.tools.shelf import Tools
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.io.participants import read_table
from spectracnn.state.participants import Participants

pytestmark = pytest.mark.slow

PATIENCE = 240_000


@pytest.fixture
def tools(qtbot, workspace, engine, themes, settings, answer, tmp_path):
    """Sixteen samples with a table of participants; one of them has a typed label."""
    answer()
    workspace.add_spectra(sc.read(sc.samples()[:16]))
    answer()
    draw = np.random.default_rng(1)
    classes = workspace.document.model.classes
    shapes = [classes[place % 4] for place in range(16)]
    lines = ["who,dx,age,site,shape"]
    for place, entry in enumerate(workspace.document.entries):
        dx, site = ("control", "patient")[place % 2], ("east", "west")[place // 8]
        age = 60 + 5 * (place % 2) + draw.normal()
        lines.append(f"{entry.spectrum.name},{dx},{age:.3f},{site},{shapes[place]}")
    (tmp_path / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    workspace.set_participants(Participants(read_table(tmp_path / "people.csv"), "who"))
    workspace.set_labels({workspace.document.entries[3].id: "cup"})
    workspace.set_muted(frozenset({(0, 1)}))
    qtbot.wait(300)  # what was classified is asked for a moment later
    answer()
    window = QMainWindow()
    qtbot.addWidget(window)
    tabs = QTabWidget()
    window.setCentralWidget(tabs)
    tools = Tools(ToolContext(workspace, engine.broker, themes, settings), tabs, window)
    window.show()
    yield tools
    tools.end_jobs()
    tools.close_windows()
    made = tools.made("cohort")
    if made is not None:
        made.window().close()


@pytest.fixture
def script(tools, answer, qtbot):
    """Shows a page, computes, copies its script, runs it, and returns page and names."""

    def run(name, ready, prepare, done):
        tool = tools.open(f"cohort/{name}")
        page = tool.page
        qtbot.waitUntil(lambda: ready(page), timeout=PATIENCE)
        prepare(page)

        def computed():
            answer()
            return done(page)

        qtbot.waitUntil(computed, timeout=PATIENCE)
        QGuiApplication.clipboard().setText("")
        failures = []
        tools.exportFailed.connect(failures.append)
        tool.window().python_button.click()
        assert not failures
        names: dict = {}
        exec(compile(QGuiApplication.clipboard().text(), name, "exec"), names)
        return page, names

    return run


def pick(box, text):
    place = box.findText(text)
    assert place >= 0
    box.setCurrentIndex(place)
    box.activated.emit(place)


def test_predictions(script):
    page, names = script(
        "predictions",
        lambda p: p.label_box.count() > 2,
        lambda p: pick(p.label_box, "shape"),
        lambda p: p.summary is not None and p.summary.labelled is not None,
    )
    found, shown = names["found"].labelled, page.summary.labelled
    assert (found.name, found.names) == (shown.name, shown.names)
    np.testing.assert_array_equal(found.confusion, shown.confusion)
    assert found.accuracy == pytest.approx(shown.accuracy)
    assert names["cohort"]._document.labels  # the typed ones are in the script


def test_groups(script):
    def prepare(page):
        pick(page.choice.column_box, "dx")
        page.begin()

    page, names = script(
        "groups", lambda p: p.choice.first_box.count() > 1, prepare, lambda p: p.found is not None
    )
    found, shown = names["found"], page.found
    assert found.names == shown.names == ("control", "patient")
    for place in range(3):
        np.testing.assert_allclose(found.effect(place), shown.effect(place), atol=1e-4)


def test_attribution(script):
    def prepare(page):
        pick(page.choice.column_box, "dx")
        pick(page.class_box, page.class_box.itemText(2))
        page.most.setValue(5)
        page.begin()

    page, names = script(
        "attribution",
        lambda p: p.choice.first_box.count() > 1,
        prepare,
        lambda p: p.found is not None,
    )
    assert names["found"].n == page.found.n == 5
    np.testing.assert_allclose(names["found"].mean, page.found.mean, atol=1e-5)


def test_statistics(script):
    def prepare(page):
        pick(page.form.column_box, "dx")
        page.form.covariates.choose(("age",))
        page.form.permutations.setValue(99)
        page.form.seed.setValue(2)
        page.begin()

    page, names = script(
        "statistics",
        lambda p: p.form.column_box.count() > 1,
        prepare,
        lambda p: p.tested is not None,
    )
    found, shown = names["found"], page.tested
    assert found.settings == shown.settings
    np.testing.assert_allclose(found.found.p_fwe, shown.found.p_fwe)


def test_confounds(script):
    def prepare(page):
        pick(page.target_box, "dx")
        page.against.choose(("age",))
        page.permutations.setValue(9)
        page.begin()

    page, names = script(
        "confounds",
        lambda p: p.target_box.count() > 1 and bool(p.against._menu.actions()),
        prepare,
        lambda p: p.found is not None,
    )
    found, shown = names["found"], page.found
    assert found.settings == shown.settings
    assert found.verdict == shown.verdict
