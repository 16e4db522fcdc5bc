"""A tool's view is written as a picture or as numbers, with where they come from, or not at all."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QFileDialog, QLabel, QMainWindow, QTabWidget

from spectracnn.core.edits import Scale
from spectracnn.errors import ExportError
from spectracnn.gui.export.view_export import begin_export
from spectracnn.gui.settings import Settings
from spectracnn.gui.tools.export_button import ExportButton, FitsCorner
from spectracnn.gui.tools.registry import ToolInfo
from spectracnn.gui.tools.shelf import Tools
from spectracnn.gui.tools.what_if.what_if import WhatIfTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.view.tool_pictures import PointsPicture, ToolView


def export_view(tool, workspace, path):
    begin_export(tool, workspace, path)()


@pytest.fixture
def tool(qtbot, filled, themes, settings):
    tool = WhatIfTool(ToolContext(filled, None, themes, settings))
    qtbot.addWidget(tool)
    tool.resize(280, 400)
    tool.show()
    return tool


def test_numbers_with_their_origin(tool, filled, engine, tmp_path):
    filled.editing.make(Scale(factor=2, first=3))
    engine.answer_trace()
    export_view(tool, filled, tmp_path / "what.csv")
    lines = (tmp_path / "what.csv").read_text().splitlines()
    origin = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    (shown, *_) = json.loads(origin["spectra"])
    assert shown["edits"] == ["scale by 2: eigenvalues from 3"]
    assert json.loads(origin["model"])["sha256"] == "ab" * 32
    table = list(csv.reader(line for line in lines if not line.startswith("#")))
    prediction = filled.contents.prediction
    assert table[0] == ["class", "probability", "probability before"]
    assert table[1][0] == prediction.classes[0]
    assert float(table[1][1]) == float(prediction.probabilities[0])
    assert table[-1] == ["scale by 2: eigenvalues from 3"]


def test_a_view_without_a_figure_of_its_own_is_painted(qtbot, filled, tmp_path):
    tool = QLabel("a view that Qt paints")
    qtbot.addWidget(tool)
    tool.resize(280, 400)
    tool.show()
    for kind in ("png", "svg", "pdf"):
        export_view(tool, filled, tmp_path / f"view.{kind}")
    image = QImage(str(tmp_path / "view.png"))
    assert (image.width(), image.height()) == (2 * tool.width(), 2 * tool.height())
    assert "ab" * 32 in image.text("Description")
    assert QSvgRenderer(str(tmp_path / "view.svg")).isValid()
    assert (tmp_path / "view.pdf").read_bytes().startswith(b"%PDF")


def test_refusals_leave_nothing(tool, filled, tmp_path):
    with pytest.raises(ExportError, match="is written as"):
        export_view(tool, filled, tmp_path / "view.docx")
    label = QLabel("no numbers here")
    with pytest.raises(ExportError, match="no numbers"):
        export_view(label, filled, tmp_path / "view.csv")
    with pytest.raises(ExportError):
        export_view(tool, filled, tmp_path / "nowhere" / "view.png")
    assert list(tmp_path.iterdir()) == []


def test_the_shelf_asks_where_to_and_tells(qtbot, filled, themes, settings, tmp_path, monkeypatch):
    window, tabs = QMainWindow(), QTabWidget()
    qtbot.addWidget(window)
    window.setCentralWidget(tabs)
    infos = (
        ToolInfo("near", "Near", "&Near", WhatIfTool),
        ToolInfo("far", "Far", "&Far", lambda context: QLabel("far"), window=True),
    )
    context = ToolContext(filled, None, themes, settings)
    shelf = Tools(context, tabs, window, infos)
    target = tmp_path / "near.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(target), ""))
    with qtbot.waitSignal(shelf.exported, timeout=30_000) as told:
        tabs.cornerWidget().click()
    assert told.args == [str(target)]
    assert target.exists()
    far = shelf.open("far")
    target = tmp_path / "far.csv"
    with qtbot.waitSignal(shelf.exportFailed, timeout=30_000) as failed:
        far.window().export_button.click()
    assert "no numbers" in failed.args[0].sentence
    assert not target.exists()
    shelf.close_windows()


def test_what_if_is_drawn_as_the_panels_are(tool, filled, engine, settings, tmp_path):
    filled.editing.make(Scale(factor=2, first=3))
    engine.answer_trace()
    begin_export(tool, filled, tmp_path / "what.svg", width=89)()
    text = (tmp_path / "what.svg").read_text()
    assert "scale by 2: eigenvalues from 3" in text  # as text, not as outlines
    assert "ab" * 32 in text
    assert abs(float(text.split('width="')[1].split("pt")[0]) - 89 / 25.4 * 72) < 0.5


def test_the_width_of_figures_is_chosen_in_the_menu_and_remembered(qtbot, filled, themes, settings):
    button = ExportButton(ToolContext(filled, None, themes, settings))
    qtbot.addWidget(button)
    button.width_actions[89].trigger()
    assert Settings().view_width == 89
    button.menu().aboutToShow.emit()
    Settings().change(view_width=12345)
    assert Settings().view_width == 0


def test_titles_of_tabs_are_whole_where_the_button_leaves_no_room(qtbot, filled, themes, settings):
    tabs = QTabWidget(documentMode=True)
    qtbot.addWidget(tabs)
    for title in ("Inspector", "Why", "What if"):
        tabs.addTab(QLabel(), title)
    button = ExportButton(ToolContext(filled, None, themes, settings))
    tabs.setCornerWidget(button)
    FitsCorner(tabs, button)
    tabs.resize(600, 200)
    tabs.show()
    icon = Qt.ToolButtonStyle.ToolButtonIconOnly
    assert button.toolButtonStyle() is not icon
    titles = sum(tabs.tabBar().tabSizeHint(place).width() for place in range(3))
    tabs.resize(titles + 50, 200)
    qtbot.waitUntil(lambda: button.toolButtonStyle() is icon)
    assert tabs.tabBar().width() >= titles


def test_a_view_that_draws_figures_is_not_painted_by_qt(filled, themes, tmp_path):
    picture = PointsPicture(
        np.array([[0.0, 1.0], [1.0, 0.0]]),
        ("a", "b"),
        ("#0072B2", "#D55E00"),
        ("\u25cf", "\u25a0"),
        (("a", "#0072B2", "\u25cf"),),
        ("x", "y"),
    )

    class Tool(QLabel):
        view = None

        def figure_view(self):
            return self.view

    tool = Tool()
    with pytest.raises(ExportError, match="nothing to draw"):
        export_view(tool, filled, tmp_path / "view.svg")
    tool.view = ToolView(picture, dark=False)
    export_view(tool, filled, tmp_path / "view.svg")
    text = (tmp_path / "view.svg").read_text()
    assert "ab" * 32 in text
    assert "Qt" not in text
