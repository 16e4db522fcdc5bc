"""Figures of a training: curves over the epochs, and what came of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from spectracnn.core.outputs import Task
from spectracnn.core.training import EpochDone
from spectracnn.figures.style import make_style
from spectracnn.figures.tools import export_tool, tool_figure
from spectracnn.view.tool_pictures import ToolView
from spectracnn.view.training_picture import curves_picture, result_picture

REPORT = {"classes": ["ant", "cup"], "confusion": [[5, 1], [0, 6]]}


def state(task=Task.CLASSIFICATION, held_back=None):
    epochs = tuple(
        EpochDone(0, number, 3, 1 / number, 0.5, held_back, None, snapshot="")
        for number in (1, 2, 3)
    )
    return SimpleNamespace(epochs=epochs, plan=SimpleNamespace(task=task))


@pytest.mark.parametrize("width", [89, 183])
def test_curves_and_confusion_fit_a_journals_column(tmp_path, width):
    for picture in (curves_picture(state()), result_picture(REPORT, "Accuracy 0.9")):
        path = tmp_path / "training.pdf"
        export_tool(ToolView(picture, dark=False), path, width=width)
        assert path.stat().st_size > 1000


def test_the_curves_are_the_epochs(tmp_path):
    loss, metric = tool_figure(curves_picture(state(held_back=0.7)), make_style("light")).axes
    curves = {line.get_label(): line.get_ydata() for line in loss.lines}
    np.testing.assert_allclose(curves["training"], [1, 1 / 2, 1 / 3])
    np.testing.assert_allclose(curves["validation"], [0.7] * 3)
    assert [line.get_label() for line in metric.lines] == ["training"]
    assert set(loss.get_xticks()) <= {0, 1, 2, 3, 4}
    assert metric.get_title(loc="left") == "Accuracy"


def test_a_regression_names_its_error():
    assert curves_picture(state(Task.REGRESSION)).panels[1].title == "Mean absolute error"


def test_cells_of_the_confusion_matrix_are_counts():
    axes = tool_figure(result_picture(REPORT, "Accuracy 0.9"), make_style("light")).axes[0]
    assert [text.get_text() for text in axes.texts] == ["5", "1", "", "6"]


def test_nothing_learned_yet_is_no_figure():
    empty = SimpleNamespace(epochs=(), plan=SimpleNamespace(task=Task.CLASSIFICATION))
    assert curves_picture(empty) is None
    assert result_picture({}, "") is None
