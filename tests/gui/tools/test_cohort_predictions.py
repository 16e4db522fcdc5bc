"""The cohort's first page, on the fake engine and a real child process."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from spectracnn.core.participants import Column, ParticipantsTable
from spectracnn.gui.tools.cohort.tool import CohortTool
from spectracnn.gui.workspace.context import ToolContext
from spectracnn.state.participants import Participants

pytestmark = pytest.mark.slow

PATIENCE = 60_000


@pytest.fixture
def cohort(program, make_spectrum, tmp_path, qtbot):
    """Six spectra with a table of labels; the network has spoken."""
    spectra = [make_spectrum(f"shape {place}", slope=1.0 + place) for place in range(6)]
    program.fill(spectra)
    program.engine.answer_predictions()
    names = Column("name", None, np.arange(6, dtype=np.int32), tuple(s.name for s in spectra))
    labels = Column(
        "shape", None, np.array([0, 1, 1, 2, -1, 0], np.int32), ("cup", "teddy", "cupp")
    )
    numbers = Column("age", np.array([60.0, 61, 59, np.nan, 70, 71]))
    table = ParticipantsTable(tmp_path / "people.csv", (names, labels, numbers))
    program.workspace.set_participants(Participants(table))
    context = ToolContext(program.workspace, program.broker, program.themes, program.settings)
    tool = CohortTool(context)
    qtbot.addWidget(tool)
    tool.show()
    yield tool
    tool.close_job()


def test_labels_are_compared_and_cells_choose_spectra(program, cohort, qtbot):
    page = cohort.pages["predictions"]
    qtbot.waitUntil(lambda: page.label_box.count() == 2, timeout=PATIENCE)
    assert page.label_box.currentText() == "shape"  # it holds the network's classes
    qtbot.waitUntil(
        lambda: page.summary is not None and page.summary.labelled is not None, timeout=PATIENCE
    )
    entries = program.workspace.document.entries
    predicted = [int(np.argmax(entry.probabilities)) for entry in entries]
    found = page.summary.labelled
    assert found.names == ("cup", "human", "teddy", "cupp")
    assert found.confusion.sum() == 5
    assert "Label 'cupp' of 'shape' (1) is no class of the network" in page.note.text()
    assert "Did you mean 'cup'?" in page.note.text()
    page.left.cellClicked.emit(2, predicted[1])
    wanted = [e.id for e, label, s in zip(entries, [0, 2, 2, 3, -1, 0], predicted, strict=True)
              if label == 2 and s == predicted[1]]  # fmt: skip
    assert program.ui.table.selected_ids() == wanted
    assert page.values_tsv().startswith("class\tlabelled\tpredicted")
    assert cohort.figure_view() is not None


def test_without_a_label_classes_are_counted(program, cohort, qtbot):
    page = cohort.pages["predictions"]
    qtbot.waitUntil(lambda: page.summary is not None, timeout=PATIENCE)
    page.label_box.setCurrentIndex(0)
    page.label_box.activated.emit(0)
    qtbot.waitUntil(lambda: page.left.panel.bars is not None, timeout=PATIENCE)
    assert page.summary.counts.sum() == 6
    predicted = int(np.argmax(page.summary.counts))
    page.left.barClicked.emit(predicted)
    assert len(program.ui.table.selected_ids()) == page.summary.counts[predicted]


def test_a_click_on_a_cell_is_heard(program, cohort, qtbot):
    page = cohort.pages["predictions"]
    qtbot.waitUntil(lambda: page.left.panel is not None, timeout=PATIENCE)
    box = page.left.getPlotItem().getViewBox()
    spot = page.left.mapFromScene(box.mapViewToScene(box.viewRect().center()))
    with qtbot.waitSignal(page.left.cellClicked, timeout=PATIENCE) as heard:
        qtbot.mouseClick(page.left.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert heard.args == [2, 1]


def test_a_cell_of_very_many_filters_the_table(program, cohort, qtbot, monkeypatch):
    from spectracnn.gui.tools.cohort import page as page_module

    monkeypatch.setattr(page_module, "MOST_SELECTED", 0)
    page = cohort.pages["predictions"]
    qtbot.waitUntil(lambda: page.left.panel is not None, timeout=PATIENCE)
    found = page.summary.labelled.confusion
    truth, predicted = (int(place) for place in np.argwhere(found[:3] > 0)[0])
    page.left.cellClicked.emit(truth, predicted)
    names = page.summary.answers.classes
    text = f'"shape" = "{names[truth]}" "class" = "{names[predicted]}"'
    assert program.ui.table.filter_edit.text() == text
    assert program.ui.table.count_label.text().startswith(f"{found[truth, predicted]} of 6")
