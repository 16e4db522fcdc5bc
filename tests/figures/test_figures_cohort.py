"""The cohort's panels as figures: every kind of panel in every format."""

import numpy as np
import pytest

from spectracnn.figures.cohort import cohort_figure
from spectracnn.figures.style import make_style
from spectracnn.figures.tools import export_tool
from spectracnn.view.cohort.panels import GOOD, Bars, CohortPicture, Line, Matrix, Panel
from spectracnn.view.tool_pictures import ToolView

X = np.arange(5.0)
PANELS = (
    Panel("curves", "x", "y", (
        Line("a", X, X**2, X**2 - 1, X**2 + 1),
        Line("b", X, X, colour=GOOD, points=True, joined=False),
        Line("c", X, X, X - 1, X + 1, joined=False, points=True),
    ), diagonal=True, baselines=(0.0,), verticals=(2.0,), ticks=((0.0, "first"),)),
    Panel("bars", "share", bars=Bars(("one", "two"), np.array([0.2, 0.7]), np.array([0.1, 0.6]),
                                     np.array([0.3, 0.8]), (0, -1), ("20 %", "70 %"))),
    Panel("matrix", matrix=Matrix(np.array([[1.0, -2.0], [np.nan, 0.0]]), ("r1", "r2"),
                                  ("c1", "c2"), (("1", "2"), ("", "0")), signed=True)),
)  # fmt: skip


def test_every_panel_is_drawn_with_its_data():
    figure = cohort_figure(CohortPicture("Study", PANELS), make_style("light"))
    curves, bars, matrix = figure.axes
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["curves", "bars", "matrix"]
    drawn = [np.asarray(line.get_ydata()).tolist() for line in curves.lines]
    assert (X**2).tolist() in drawn
    assert [patch.get_width() for patch in bars.patches] == [0.2, 0.7]
    assert [text.get_text() for text in bars.get_yticklabels()] == ["one", "two"]
    assert matrix.images[0].get_array()[0, 1] == -2.0
    assert matrix.images[0].norm.vmin == -2.0


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_pages_are_written(tmp_path, kind):
    path = tmp_path / f"page.{kind}"
    export_tool(ToolView(CohortPicture("Study", PANELS), kind == "png"), path)
    assert path.stat().st_size > 5000
