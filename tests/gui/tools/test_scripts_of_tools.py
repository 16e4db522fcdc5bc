"""Copy as Python in every tool: the script runs, and its numbers are those that the tool shows."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QTabWidget

import spectracnn as sc
from spectracnn.core.features import Reduction
from spectracnn.core.requests import WeightsOf
from spectracnn.core.weight_edits import WeightEdit
from spectracnn.geometry.samples import sample_shape
from spectracnn.gui.tools.registry import TOOLS
from spectracnn.gui.tools.shelf import HasScript, Tools
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.nn.learn_filter import learn_filter
from spectracnn.state.selection import Sample
from spectracnn.view.filters import Ranking
from spectracnn.view.lessons.catalogue import LESSONS

pytestmark = pytest.mark.slow

EDITS = (
    sc.Scale(factor=1.25, first=3, last=9),
    sc.Zero(space=sc.Space.INPUT, first=10, last=12),
)


def pick(box, place):
    """Choose in a box as a person does."""
    box.setCurrentIndex(place)
    box.activated.emit(place)


@pytest.fixture
def tools(qtbot, workspace, engine, themes, settings, answer):
    """All tools over three samples, the second of them edited, with a filter muted."""
    answer()
    workspace.add_spectra(sc.read(sc.samples()[:3]))
    answer()
    entry = workspace.document.entries[1]
    workspace.set_current(entry.id)
    workspace.set_edits(entry.id, EDITS)
    workspace.set_muted(frozenset({(0, 1)}))
    answer()
    window = QMainWindow()
    qtbot.addWidget(window)
    tabs = QTabWidget()
    window.setCentralWidget(tabs)
    context = ToolContext(workspace, engine.broker, themes, settings)
    tools = Tools(context, tabs, window)
    window.show()
    yield tools
    tools.end_jobs()
    shape = tools.made("shape")
    if shape is not None:
        shape.close_threads()
    tools.close_windows()
    for name in tools.names:
        made = tools.made(name)
        if made is not None and made.window() is not window:
            made.window().close()


@pytest.fixture
def script(tools, answer, qtbot):
    """Opens a tool, lets it be set up, copies its script, runs it and returns its names."""

    def settle():
        for _ in range(12):
            answer()
            qtbot.wait(20)

    def run(name, prepare=lambda tool: None, shown=lambda tool: True):
        tool = tools.open(name)
        settle()
        prepare(tool)
        settle()

        def ready():
            answer()
            return shown(tool)

        qtbot.waitUntil(ready, timeout=120_000)
        QGuiApplication.clipboard().setText("")
        failures = []
        tools.exportFailed.connect(failures.append)
        if tool.window().findChild(QTabWidget) is not None and not hasattr(
            tool.window(), "python_button"
        ):
            tools.python_action.trigger()
        else:
            tool.window().python_button.click()
        assert not failures
        text = QGuiApplication.clipboard().text()
        names: dict = {}
        exec(compile(text, name, "exec"), names)
        return tool, names

    return run


def current(workspace):
    return workspace.document.trace(workspace.selection.current)


def close(found, expected):
    np.testing.assert_allclose(found, expected, atol=2e-5)


def test_every_tool_can_be_copied_as_python(tools):
    """All of the registry: a button in each window, an entry above the tabs, and a script."""
    refused = []
    tools.exportFailed.connect(lambda message: refused.append(message.sentence))
    for info in TOOLS:
        tool = tools.open(info.name)
        QGuiApplication.clipboard().setText("")
        refused.clear()
        if info.window:
            assert tool.window().python_button.isVisible()
            tool.window().python_button.click()
        else:
            assert tools.python_action.isEnabled()
            tools.python_action.trigger()
        text = QGuiApplication.clipboard().text()
        if text:
            compile(text, info.name, "exec")
            assert isinstance(tool, HasScript) or info.name == "inspector", info.name
        else:  # nothing is computed there yet, and a sentence says so
            assert len(refused) == 1, info.name


def lesson(tools, key):
    page = tools.open("lessons")
    page.list.setCurrentRow([one.key for one in LESSONS].index(key))
    return page.picture


def test_lessons_about_layers(script, tools):
    for key in ("filters", "arguments", "relu", "pooling"):
        tool, names = script("lessons", lambda _, key=key: lesson(tools, key))
        picture = tool.picture
        if key == "relu":
            close(names["outputs"][0][:, 0], picture.after)
        elif key == "pooling":
            picture.shift_slider.setValue(2)
            _, names = script("lessons", shown=lambda _, p=picture: p._output(2) is not None)
            close(names["outputs"][0], picture._output(2))
            assert names["values"][6] == 1  # the first peak, moved by two
        else:
            views = picture.maps if key == "filters" else picture.views[1:]
            for channel, view in enumerate(views):
                close(names["outputs"][0][:, channel], view.picture.values[0].ravel())


def test_lessons_that_are_computed_otherwise(script, tools):
    tool, names = script("lessons", lambda _: lesson(tools, "drum").choose(3))
    np.testing.assert_array_equal(names["eigenvalues"], tool.picture.bars.eigenvalues)
    np.testing.assert_array_equal(names["shapes"][0], tool.picture.mode_view._shape)
    tool, names = script("lessons", lambda _: lesson(tools, "slide"))
    close(names["feature_map"].ravel(), tool.picture.sliding.outputs)
    failures = []
    tools.exportFailed.connect(failures.append)
    learning = lesson(tools, "learning")
    tool.window().python_button.click()
    assert "Press Train first" in failures[0].hint
    tools.exportFailed.disconnect(failures.append)
    learning.send = lambda request, receive, _: receive(learn_filter(request.epochs, request.seed))
    learning.train_button.click()
    learning.train_button.click()  # from other random weights
    tool, names = script("lessons")
    close(names["history"].losses, learning.history.losses)
    close(names["weights"], learning.history.filters[learning.epoch_slider.value()])


def test_inspector(script, workspace):
    workspace.pin(Sample(0, 7, 3))
    tool, names = script("inspector", shown=lambda tool: tool.inspection is not None)
    found, shown = names["inspection"], tool.inspection
    assert (found.title, found.sentence) == (shown.title, shown.sentence)
    close([line.value for line in found.lines], [line.value for line in shown.lines])
    close(names["probabilities"], current(workspace).probabilities)


def test_attribution(script, workspace):
    def computed(tool):
        return workspace.document.attribution is not None

    _, names = script("attribution", shown=computed)
    shown = workspace.document.attribution
    close(names["attributions"].values[0], shown.values)
    assert names["attributions"].targets == (workspace.document.model.classes[shown.target],)
    assert names["figure"].axes


def test_what_if(script, workspace, model):
    _, names = script("what_if")
    close(names["what_if"].after.probabilities, current(workspace).probabilities)
    entry = workspace.document.entry(workspace.selection.current)
    close(names["what_if"].before.probabilities, model.trace(entry.original).probabilities[0])
    assert np.abs(names["what_if"].difference).max() > 1e-4


def test_compare(script, tools):
    def choose(tool):
        tool.scale_box.setCurrentIndex(1)

    tool, names = script("compare", choose)
    first, second = (tool._traces[side][1] for side in ("first", "second"))
    for place, name in enumerate(names["traces"].layer_names):
        expected = first.layers[place].output - second.layers[place].output
        close(names["differences"][name], expected)
    assert names["figure"].axes


def test_small_multiples(script, workspace):
    def choose(tool):
        tool.tabs.setCurrentWidget(tool.multiples)

    workspace.set_overlaid(entry.id for entry in workspace.document.entries)
    tool, names = script("compare", choose)
    tab = tool.multiples
    layer = tab.layer_box.layer
    assert len(tab.traces) == 3 == len(names["shown"])
    for values, entry in zip(names["shown"].values(), tab.entries(), strict=True):
        close(values[0], tab.traces[entry.id].layers[layer].output)


def test_layer_statistics(script):
    def choose(tool):
        tool.tabs.setCurrentWidget(tool.statistics)
        tool.statistics.table.selectRow(2)

    tool, names = script("compare", choose)
    found, shown = names["statistics"].of_layer, tool.statistics.statistics
    for field in ("mean", "spread", "zeros", "largest", "correlation"):
        close(getattr(found, field), getattr(shown, field))
    np.testing.assert_array_equal(found.dead, shown.dead)
    listed = [tool.statistics.spectra.item(row).text() for row in range(3)]
    assert [name for name, _ in names["exciting"]] == [text.rsplit("   ")[0] for text in listed]


@pytest.mark.parametrize("reduction", [0, 2])
def test_embedding(script, qtbot, reduction):
    def choose(tool):
        pick(tool.layer_box, 2)
        pick(tool.reduction_box, reduction)

    def shown(tool):
        return tool.gathering.embedding is not None and tool.gathering.dna is not None

    tool, names = script("embedding", choose, shown)
    qtbot.waitUntil(
        lambda: np.allclose(names["points"].points, tool.gathering.embedding.points, atol=1e-3)
    )
    listed = [tool.near["network"].item(row).text() for row in range(2)]
    assert [name for name, _ in names["neighbours"]] == [text.rsplit("   ")[0] for text in listed]
    close(names["points"].shape_dna.values, tool.gathering.dna.values)
    assert names["figure"].axes
    assert (
        names["points"].features.values.shape[1]
        == (names["scene"].features(1, list(Reduction)[reduction]).values.shape[1])
    )


def test_filters_with_contributions(script, answer):
    def choose(tool):
        pick(tool.order_box, list(Ranking).index(Ranking.CONTRIBUTION))
        answer()

    tool, names = script("filters", choose)
    shown = tool.bank.filters
    close(names["filters"].kernels, [one.kernel for one in shown])
    close(names["filters"].responses, [one.response for one in shown])
    close(names["filters"].contributions, [one.contribution for one in shown])


def test_filter_lab(script, workspace, model, answer):
    kernel = model.perform(WeightsOf(0))
    changed = np.array(kernel.arrays["kernel"])
    changed[..., 0] *= -0.5
    workspace.set_weight_edits((WeightEdit(0, "kernel", changed, "halved and turned"),))
    answer()
    _, names = script("filter_lab")
    close(names["after"], current(workspace).layers[0].output[:, 0])
    close(names["probabilities"], current(workspace).probabilities)
    assert np.abs(names["before"] - names["after"]).max() > 1e-3
    assert "halved and turned" in names["weights"][0].caption


def test_shape(script, workspace):
    workspace.add_spectra(sc.read(sample_shape("torus")))
    workspace.set_current(workspace.document.entries[-1].id)

    def choose(tool):
        tool.controls.show_box.setCurrentIndex(tool.controls.show_box.findData("sensitivity"))

    tool, names = script("shape", choose, shown=lambda tool: tool.pane.maps is not None)
    for name, values in tool.pane.maps.to_dict().items():
        found = names["shape_maps"].maps.to_dict()[name]
        np.testing.assert_allclose(found, values, atol=1e-6 * np.abs(values).max())
    assert names["spectra"][-1].name == "torus"


def test_training(script, tmp_path):
    for name, files in (("one", sc.samples()[:6]), ("two", sc.samples()[6:12])):
        folder = tmp_path / name
        folder.mkdir()
        for file in files:
            shutil.copy(file, folder)

    def choose(tool):
        tool.form.labels.set_data([str(tmp_path / "one"), str(tmp_path / "two")], "two folders")
        tool.form.out_edit.setText(str(tmp_path / "own.keras"))
        tool.form.learning.folds_box.setValue(0)
        tool.form.learning.epochs_box.setValue(2)
        tool.form.learning.seed_box.setValue(3)

    tool, names = script("training", choose)
    plan = tool.form.plan()
    assert (plan.epochs, plan.folds, plan.seed) == (2, 0, 3)
    assert names["done"].model == str(tmp_path / "own.keras")
    assert names["report"]["spectra"] == 12
    assert names["report"]["classes"] == ["one", "two"]


def test_a_plan_that_cannot_be_is_refused(tools):
    failures = []
    tools.exportFailed.connect(failures.append)
    tool = tools.open("training")
    tool.form.learning.folds_box.setValue(1)
    tool.window().python_button.click()
    assert "2 folds or more; found 1" in failures[0].sentence


def test_layer_lab(script):
    tool, names = script("layer_lab", shown=lambda tool: tool.result is not None)
    for found, shown in zip(names["outputs"], tool.result.traces, strict=True):
        close(found, shown.output)
