"""The page that says how right the network is about the cohort."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QComboBox, QSplitter, QVBoxLayout, QWidget

from spectracnn.gui.tools.cohort.page import CohortPage, fill_box, labelled
from spectracnn.gui.tools.cohort.panel_plot import PanelPlot
from spectracnn.gui.tools.cohort.sheet_view import SheetView
from spectracnn.gui.widgets.background import Background
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.view.cohort import prediction_panels as panels
from spectracnn.view.cohort.columns import answers, column, group_names, label_name, number_names
from spectracnn.view.cohort.from_document import command_source
from spectracnn.view.cohort.paragraphs import predictions_paragraph
from spectracnn.view.cohort.predictions import PredictionRequest, PredictionSummary, members
from spectracnn.view.filtering import OWN_NAMES

if TYPE_CHECKING:
    from spectracnn.gui.workspace.context import ToolContext
    from spectracnn.jobs.worker import Worker
    from spectracnn.state.document import Document

_NONE = "no label"
_PAUSE_MS = 300


class PredictionsPage(CohortPage):
    """Distribution, confusion matrix, curves and reliability, with a table of classes."""

    title = "Predictions"
    record = "cohort_predictions"

    def __init__(self, context: ToolContext, worker: Worker) -> None:
        super().__init__(context, worker)
        self.summary: PredictionSummary | None = None
        self._key: tuple[object, ...] | None = None
        self._class = -1
        self._usual = ""
        self._names = Background(self._receive_names, self)
        self._columns_of: object = None
        self._later = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._later.timeout.connect(self._request)
        self.label_box = QComboBox()
        self.label_box.setMinimumWidth(140)
        self.label_box.setToolTip("Column with the true labels")
        self.view_choice = SegmentedControl(panels.VIEWS[1:], "What the curves show")
        self.view_choice.set_index(0)
        labelled(self.head, "Label", self.label_box)
        self.head.addStretch(1)
        self.head.addWidget(self.view_choice)
        self.head.addWidget(self.cancel_button)
        theme = context.themes.theme
        self.left = PanelPlot(theme, "Labels against predictions")
        self.right = PanelPlot(theme, "Curves")
        self.plots = [self.left, self.right]
        self.table = SheetView("Classes")
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        upper = QSplitter()
        upper.setChildrenCollapsible(False)
        upper.addWidget(self.left)
        upper.addWidget(self.right)
        upper.setSizes([560, 560])
        lower = QWidget()
        column_layout = QVBoxLayout(lower)
        column_layout.setContentsMargins(0, 0, 0, 0)
        column_layout.addWidget(self.table)
        self.table.setFixedHeight(190)
        self.body.addWidget(upper, 1)
        self.body.addWidget(lower)

    def _connect(self) -> None:
        self.chosen.bind_text(
            "label", self.label_box, "label", lambda: self._usual or _NONE, nothing=_NONE
        )
        self.chosen.bind_places("curve", self.view_choice, range(3), "curves")
        self.chosen.changed.connect(self._on_chosen_changed)
        self.left.cellClicked.connect(self._on_left_cellClicked)
        self.left.barClicked.connect(self._on_left_barClicked)
        self.left.pointClicked.connect(self._on_left_pointClicked)
        self.table.rowChosen.connect(self._on_table_rowChosen)

    # --- asking ------------------------------------------------------------------------------

    def offer(self) -> None:
        """Look for columns that can be labels, in a thread: there may be many rows."""
        document = self._workspace.document
        key = (len(document.entries), id(document.participants), document.opened)
        if key != self._columns_of:
            self._columns_of = key
            self._names.run(partial(_labels, document))

    def _receive_names(self, found: tuple[tuple[str, ...], str]) -> None:
        names, self._usual = found
        fill_box(self.label_box, names, _NONE)
        self.chosen.show("label")
        self._request()

    def refresh(self) -> None:
        """Ask again a moment after the last change: answers come in parts."""
        if not self._later.isActive():
            self._later.start()

    @Slot()
    def _request(self) -> None:
        document = self._workspace.document
        if not self.isVisible() or not self.label_box.count():
            return
        if document.model is None or not document.entries:
            self.say("Open spectra and a model first.")
            return
        name = self.label_box.currentText()
        key = (document.entries, document.model, document.participants, name)
        if key == self._key:
            return
        if self.runner.running and self._key is not None and self._key[-1] == name:
            self._later.start()  # answers come in parts: cancelling for each would never end
            return
        if self._key is None or name != self._key[-1]:
            self._class = -1
        self._key = key
        self.compute(partial(_make, document, "" if name == _NONE else name), "Counting \u2026")

    # --- showing -----------------------------------------------------------------------------

    def show_result(self, result: PredictionSummary) -> None:
        """Show a summary."""
        self.summary = result
        notes = result.labelled.notes if result.labelled is not None else ()
        self.say(" ".join((panels.sentence(result), *notes)))
        if not result.answers.classes:
            self.table.hide()
        else:
            self.table.show()
            self.table.show_sheet(panels.class_sheet(result))
        self._draw()

    def _draw(self) -> None:
        found = self.summary
        if found is None:
            return
        classes = found.answers.classes
        self.view_choice.setEnabled(found.labelled is not None)
        if not classes:
            self.left.show_panel(
                panels.scatter(found) if found.regressed is not None else panels.histogram(found)
            )
            self.right.setVisible(found.regressed is not None)
            if found.regressed is not None:
                self.right.show_panel(panels.histogram(found))
            return
        if found.labelled is None:
            self.left.show_panel(panels.distribution(found))
            self.right.hide()
            return
        self.right.show()
        self.left.show_panel(panels.confusion(found.labelled, classes))
        draw = (panels.roc, panels.precision, panels.reliability)[max(self.view_choice.index, 0)]
        self.right.show_panel(draw(found.labelled, classes, self._class))

    def values_tsv(self) -> str:
        """Return classes, and the confusion matrix."""
        found = self.summary
        if found is None:
            return ""
        if not found.answers.classes:
            return panels.scatter_tsv(found)
        text = panels.class_sheet(found).tsv()
        if found.labelled is not None:
            head = "\t".join((f"{found.labelled.name} \\ predicted", *found.answers.classes))
            rows = [
                "\t".join((name, *map(str, row)))
                for name, row in zip(found.labelled.names, found.labelled.confusion, strict=True)
            ]
            text += "\n" + "\n".join((head, *rows)) + "\n"
        return text

    def script(self) -> str:
        """Return the call that computes this again."""
        if self.summary is None:
            return ""
        labelled = self.summary.labelled or self.summary.regressed
        return f"predictions({labelled.name!r})" if labelled is not None else "predictions()"

    def methods(self) -> str:
        """Return what was done, and the command that predicts again."""
        if self.summary is None:
            return ""
        document = self._workspace.document
        source, why_not = command_source(document, ())
        return predictions_paragraph(document, self.summary, source, why_not)

    # --- what happens ------------------------------------------------------------------------

    @Slot()
    def _on_chosen_changed(self) -> None:
        self._request()
        self._draw()

    @Slot(int, int)
    def _on_left_cellClicked(self, row: int, predicted: int) -> None:
        found, panel = self.summary, self.left.panel
        if found is None or found.labelled is None or panel is None or panel.matrix is None:
            return
        truth = found.labelled.names.index(panel.matrix.rows[row])
        label = found.labelled.name
        conditions = (
            (label, found.labelled.names[truth]),
            ("class", found.answers.classes[predicted]),
        )
        known = label.casefold() not in OWN_NAMES
        self.choose_spectra(members(found, truth, predicted), conditions if known else ())

    @Slot(int)
    def _on_left_barClicked(self, predicted: int) -> None:
        if self.summary is not None:
            conditions = (("class", self.summary.answers.classes[predicted]),)
            self.choose_spectra(members(self.summary, predicted=predicted), conditions)

    @Slot(int)
    def _on_left_pointClicked(self, place: int) -> None:
        if self.summary is not None:
            self._workspace.set_current(int(self.summary.answers.ids[place]))

    @Slot(int)
    def _on_table_rowChosen(self, row: int) -> None:
        self._class = -1 if row == self._class else row
        self._draw()


def _labels(document: Document) -> tuple[tuple[str, ...], str]:
    """Return the columns that can be labels, and the one that plainly is."""
    model = document.model
    if model is not None and model.reading.is_values:
        return number_names(document), ""
    names = group_names(document)
    return names, label_name(document, names)


def _make(document: Document, label: str) -> PredictionRequest:
    return PredictionRequest(answers(document), column(document, label) if label else None)
