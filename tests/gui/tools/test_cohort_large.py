"""Fifty thousand rows: the pages stay arrays, and are drawn from few things."""

import numpy as np
import pytest

from spectracnn.gui.tools.cohort.panel_plot import PanelPlot
from spectracnn.gui.tools.cohort.sheet_view import SheetView
from spectracnn.state.answers import text_column
from spectracnn.view.cohort import prediction_panels as panels
from spectracnn.view.cohort.columns import Answers
from spectracnn.view.cohort.panels import Sheet
from spectracnn.view.cohort.predictions import members, summarise

pytestmark = pytest.mark.slow

N = 50_000
CLASSES = tuple(f"class {place:02}" for place in range(20))


@pytest.fixture(scope="module")
def summary():
    draw = np.random.default_rng(0)
    truth = draw.integers(0, 20, N)
    scores = draw.normal(size=(N, 20)) + 2 * np.eye(20)[truth]
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    predicted = shares.argmax(axis=1)
    answers = Answers(
        np.arange(N) + 1, CLASSES, predicted, shares.astype(np.float32), np.full(N, np.nan),
        np.zeros(N, bool),
    )  # fmt: skip
    return summarise(answers, text_column("shape", [CLASSES[code] for code in truth]))


def test_pages_of_many_rows_are_drawn_from_few_things(qtbot, themes, summary):
    plot = PanelPlot(themes.theme, "plot")
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    plot.show()
    matrix = panels.confusion(summary.labelled, CLASSES)
    plot.show_panel(matrix)
    assert len(plot.getPlotItem().items) <= 402  # a cell with a number has one item
    curves = panels.roc(summary.labelled, CLASSES, -1)
    assert max(len(line.x) for line in curves.lines) <= 400
    ids = members(summary, 3, 3)
    assert 1000 < len(ids) < 2500


def test_a_table_of_many_rows_is_sorted_as_arrays(qtbot):
    draw = np.random.default_rng(0)
    names = np.array([f"s{place:05}" for place in range(N)], object)
    sheet = Sheet(("name", "p"), (names, draw.random(N)), ("", ".3f"))
    view = SheetView("rows")
    qtbot.addWidget(view)
    view.show_sheet(sheet)
    view.sortByColumn(1, view.horizontalHeader().sortIndicatorOrder().AscendingOrder)
    order = view.sheet_model.order
    assert (np.diff(sheet.columns[1][order]) >= 0).all()
    assert view.sheet_model.index(0, 0).data() == names[order[0]]
