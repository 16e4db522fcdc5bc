"""Rows of the training form: which spectra, and what is known of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QMenu

from spectracnn.core.outputs import Task
from spectracnn.core.training_plan import LOSSES
from spectracnn.gui.tools.training.controls import announce, combo, heading, row
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.resources import training_spectra
from spectracnn.state.training_choice import LabelSource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QFormLayout

    from spectracnn.core.participants import ParticipantsTable
    from spectracnn.state.training_choice import TrainingChoice

_TASKS = (Task.CLASSIFICATION, Task.REGRESSION)
_TABLES = "Tables (*.csv *.tsv *.txt *.parquet *.pq *.xlsx)"


NO_SITES = "not harmonised"
_SITE_TIP = (
    "Where each spectrum was measured: ComBat takes out what differs between the sites. It is "
    "fitted to the training part of each fold alone, and stands in the model's card."
)

_SOURCES = ("in the files, or folder names", "Label column of the window", "in a table")


class LabelRows(QObject):
    """Which spectra, whether a class or a number is learned, and from where.

    Signals
    -------
    changed : ()
        Other rows are needed, or other data were chosen.
    edited : str
        The person chose something: what.
    openRequested : ()
        The open spectra are wanted as the data.
    tableChosen : str
        A table whose columns are wanted.
    """

    changed = Signal()
    edited = Signal(str)
    openRequested = Signal()
    tableChosen = Signal(str)

    def __init__(self, form: QFormLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self.data: tuple[str, ...] = ()
        self.typed: tuple[tuple[str, str, str], ...] = ()
        self._columns: tuple[str, ...] = ("", "", "", "")  # to be chosen once the table is there
        self.data_label = QLabel(wordWrap=True)
        self.data_button = tool_button("Choose \u25be", "Choose the spectra to learn from")
        self.task_box = combo("Task", ("Classes", "A number (regression)"))
        self.source_box = combo("Where the labels are", _SOURCES)
        self.table_edit = QLineEdit(placeholderText="a CSV, TSV, Parquet or Excel file")
        self.table_edit.setAccessibleName("Table of labels")
        self.table_button = tool_button("Table\u2026", "Choose the table of labels")
        self.target_box = combo("Column that is learned", ())
        self.id_box = combo("Column with the participant's name", ())
        self.group_box = combo("Column whose rows stay together", ())
        self.site_box = combo("Column of the sites, which ComBat harmonises", ())
        self.site_box.setToolTip(_SITE_TIP)
        self.unit_edit = QLineEdit(placeholderText="such as years")
        self.unit_edit.setAccessibleName("Unit of the number")
        self.loss_box = combo("Loss", LOSSES)
        self._fill_menu()
        self._table_row = row(self.table_edit, self.table_button)
        form.addRow(heading("What is learned"))
        form.addRow("Spectra", row(self.data_label, self.data_button))
        form.addRow("Learn", self.task_box)
        form.addRow("Labels", self.source_box)
        form.addRow("Table", self._table_row)
        for text, widget in (
            ("Column", self.target_box),
            ("Subject", self.id_box),
            ("Group", self.group_box),
            ("Sites", self.site_box),
            ("Unit", self.unit_edit),
            ("Loss", self.loss_box),
        ):
            form.addRow(text, widget)
        self.task_box.currentIndexChanged.connect(self._on_choice_changed)
        self.source_box.currentIndexChanged.connect(self._on_choice_changed)
        self.table_button.clicked.connect(self._on_table_clicked)
        self.table_edit.editingFinished.connect(self._on_table_edited)
        announce(
            self.edited,
            {
                self.task_box: "task",
                self.source_box: "labels",
                self.target_box: "column",
                self.id_box: "column of subjects",
                self.group_box: "column of groups",
                self.site_box: "column of sites",
                self.unit_edit: "unit",
                self.loss_box: "loss",
                self.table_edit: "table",
            },
        )

    def _fill_menu(self) -> None:
        menu = QMenu(self.data_button)
        menu.addAction("The open spectra", self.openRequested.emit)
        menu.addAction("A folder\u2026", self._on_folder_chosen)
        menu.addAction("Files\u2026", self._on_files_chosen)
        menu.addAction("The 300 bundled spectra", self._on_bundled_chosen)
        self.data_button.setMenu(menu)
        self.data_button.setPopupMode(self.data_button.ToolButtonPopupMode.InstantPopup)

    @property
    def task(self) -> Task:
        """What is learned."""
        return _TASKS[self.task_box.currentIndex()]

    @property
    def source(self) -> LabelSource:
        """Where the labels are."""
        return LabelSource(self.source_box.currentIndex())

    def set_data(self, paths: Sequence[str], words: str) -> None:
        """Learn from these files and folders."""
        self.data = tuple(paths)
        self.data_label.setText(words)
        self.changed.emit()

    def choose_bundled(self) -> None:
        """Learn from what the bundled models learned from."""
        self.source_box.setCurrentIndex(LabelSource.FILES)
        self.set_data([str(training_spectra())], "300 bundled spectra of 20 classes of shapes")

    def set_typed(self, labels: Sequence[tuple[str, str, str]]) -> None:
        """Offer the labels of the window's table: file, name and label each."""
        if labels and not self.typed:
            self.source_box.setCurrentIndex(LabelSource.WINDOW)
        self.typed = tuple(labels)

    def set_table(self, table: ParticipantsTable | None) -> None:
        """Offer the columns of the table; None for no table."""
        names = () if table is None else table.names
        for box, first in (
            (self.target_box, None),
            (self.id_box, ""),
            (self.group_box, ""),
            (self.site_box, NO_SITES),
        ):
            chosen = box.currentText()
            box.clear()
            box.addItems([*([] if first is None else [first]), *names])
            box.setCurrentText(chosen)
        self._choose_columns()
        self.refresh()

    def _choose_columns(self) -> None:
        boxes = (self.target_box, self.id_box, self.group_box, self.site_box)
        for box, name in zip(boxes, self._columns, strict=True):
            if box.findText(name) >= 0:
                box.setCurrentText(name)

    def refresh(self) -> None:
        """Show the rows that are needed."""
        regression, table = self.task is Task.REGRESSION, self.source is LabelSource.TABLE
        self._form.setRowVisible(self._table_row, table)
        for box in (self.target_box, self.id_box, self.group_box, self.site_box):
            self._form.setRowVisible(box, table)
        for widget in (self.unit_edit, self.loss_box):
            self._form.setRowVisible(widget, regression)

    @property
    def _site(self) -> str:
        return self.site_box.currentText() if self.site_box.currentIndex() > 0 else ""

    def fields(self) -> dict[str, Any]:
        """Return these rows' part of a plan."""
        table, regression = self.source is LabelSource.TABLE, self.task is Task.REGRESSION
        site = self._site if table else ""
        return {
            "data": self.data,
            "task": self.task,
            "table": self.table_edit.text().strip() if table else "",
            "id_column": self.id_box.currentText() if table else "",
            "target": self.target_box.currentText() if table else "",
            "group": self.group_box.currentText() if table else "",
            "site": site,
            "combat": bool(site),
            "unit": self.unit_edit.text().strip() if regression else "",
            "loss": self.loss_box.currentText(),
            "labels": self.typed if self.source is LabelSource.WINDOW else (),
        }

    def chosen(self) -> dict[str, Any]:
        """Return what is chosen, as fields of a `TrainingChoice`."""
        return {
            "data": self.data or None,
            "data_words": self.data_label.text(),
            "task": self.task,
            "labels": self.source,
            "table": self.table_edit.text().strip(),
            "target": self.target_box.currentText(),
            "id_column": self.id_box.currentText(),
            "group": self.group_box.currentText(),
            "site": self._site,
            "unit": self.unit_edit.text().strip(),
            "loss": self.loss_box.currentText(),
        }

    def show(self, choice: TrainingChoice) -> None:
        """Show what is chosen; columns as soon as the table has been read."""
        self.task_box.setCurrentIndex(_TASKS.index(choice.task))
        self.source_box.setCurrentIndex(choice.labels)
        self.unit_edit.setText(choice.unit)
        self.loss_box.setCurrentText(choice.loss)
        self._columns = (choice.target, choice.id_column, choice.group, choice.site or NO_SITES)
        self._choose_columns()
        if choice.table != self.table_edit.text().strip():
            self.table_edit.setText(choice.table)
            self.tableChosen.emit(choice.table)
        if choice.data is not None:
            self.data = choice.data
            self.data_label.setText(choice.data_words)

    # --- slots -------------------------------------------------------------------------------

    @Slot(int)
    def _on_choice_changed(self, _index: int) -> None:
        self.refresh()
        self.changed.emit()

    def _on_folder_chosen(self) -> None:
        name = QFileDialog.getExistingDirectory(self.data_button, "Learn from a folder")
        if name:
            self.set_data([name], f"the folder {Path(name).name}")
            self.edited.emit("spectra")

    def _on_files_chosen(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self.data_button, "Learn from files")
        if names:
            words = Path(names[0]).name if len(names) == 1 else f"{len(names)} files"
            self.set_data(names, words)
            self.edited.emit("spectra")

    def _on_bundled_chosen(self) -> None:
        self.choose_bundled()
        self.edited.emit("spectra")

    @Slot()
    def _on_table_clicked(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self.data_button, "Table of labels", "", _TABLES)
        if name:
            self.table_edit.setText(name)
            self._on_table_edited()
            self.edited.emit("table")

    @Slot()
    def _on_table_edited(self) -> None:
        self.tableChosen.emit(self.table_edit.text().strip())
