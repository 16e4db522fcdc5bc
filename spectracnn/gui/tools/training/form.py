"""What is trained on what: the choices of a training as controls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from spectracnn.core.outputs import Task
from spectracnn.core.training_plan import BUILT_IN, LOSSES, TrainingPlan
from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.core.participants import ParticipantsTable

_OWN = "the architecture's own"
_TASKS = (Task.CLASSIFICATION, Task.REGRESSION)
_TABLES = "Tables (*.csv *.tsv *.txt *.parquet *.pq *.xlsx)"


class PlanForm(QWidget):
    """Shows a plan and gives it back.

    Signals
    -------
    tableChosen : str
        A table whose columns are wanted.
    """

    tableChosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: tuple[str, ...] = ()
        self.data_label = QLabel(wordWrap=True)
        self.folder_button = tool_button("Folder\u2026", "Learn from the spectra of a folder")
        self.task_box = _combo("Task", ("Classes", "A number (regression)"))
        self.table_edit = QLineEdit(placeholderText="labels are in the files or folder names")
        self.table_edit.setAccessibleName("Table of labels")
        self.table_button = tool_button("Table\u2026", "Take the labels from a table")
        self.target_box = _combo("Column that is learned", ())
        self.id_box = _combo("Column that says whose row it is", ())
        self.group_box = _combo("Column whose rows stay together", ())
        self.unit_edit = QLineEdit(placeholderText="such as years")
        self.unit_edit.setAccessibleName("Unit of the number")
        self.loss_box = _combo("Loss", LOSSES)
        self.architecture_box = _combo("Architecture", (*BUILT_IN, "from a file\u2026"))
        self.epochs_box = _own("Epochs at most", 100_000)
        self.batch_box = _own("Spectra in a batch", 4096)
        self.rate_box = QDoubleSpinBox(minimum=0, maximum=10, decimals=5, singleStep=0.0005)
        self.rate_box.setSpecialValueText(_OWN)
        self.rate_box.setAccessibleName("Learning rate")
        self.folds_box = QSpinBox(minimum=0, maximum=50, value=5)
        self.folds_box.setSpecialValueText("no cross-validation")
        self.folds_box.setAccessibleName("Folds of the cross-validation")
        self.patience_box = QSpinBox(minimum=-1, maximum=10_000, value=-1)
        self.patience_box.setSpecialValueText(_OWN)
        self.patience_box.setAccessibleName("Epochs without progress until it ends")
        self.seed_box = QSpinBox(minimum=0, maximum=(1 << 31) - 1)
        self.seed_box.setAccessibleName("Seed")
        self.weights_box = QCheckBox("Rare classes weigh as much as frequent ones")
        self.augment_box = _combo("Varied spectra", (_OWN, "yes", "no"))
        self.out_edit = QLineEdit()
        self.out_edit.setAccessibleName("File of the new model")
        self.out_button = tool_button("Save as\u2026", "Where the model is written")
        self._arrange()
        self._connect()
        self._refresh()

    def _arrange(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(16, 8, 16, 8)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        self._form = form
        form.addRow("Spectra", _row(self.data_label, self.folder_button))
        form.addRow("Learn", self.task_box)
        form.addRow("Labels", _row(self.table_edit, self.table_button))
        for text, widget in (
            ("Column", self.target_box),
            ("Subject", self.id_box),
            ("Group", self.group_box),
            ("Unit", self.unit_edit),
            ("Loss", self.loss_box),
            ("Architecture", self.architecture_box),
            ("Epochs", self.epochs_box),
            ("Batch", self.batch_box),
            ("Learning rate", self.rate_box),
            ("Folds", self.folds_box),
            ("Early stopping", self.patience_box),
            ("Varied spectra", self.augment_box),
            ("", self.weights_box),
            ("Seed", self.seed_box),
        ):
            form.addRow(text, widget)
        form.addRow("Model", _row(self.out_edit, self.out_button))

    def _connect(self) -> None:
        self.task_box.currentIndexChanged.connect(self._on_choice_changed)
        self.folder_button.clicked.connect(self._on_folder_clicked)
        self.table_button.clicked.connect(self._on_table_clicked)
        self.table_edit.editingFinished.connect(self._on_table_edited)
        self.architecture_box.activated.connect(self._on_architecture_activated)
        self.out_button.clicked.connect(self._on_out_clicked)

    # --- what is shown -----------------------------------------------------------------------

    def set_data(self, paths: Sequence[str], words: str) -> None:
        """Learn from these files and folders."""
        self._data = tuple(paths)
        self.data_label.setText(words)
        if not self.out_edit.text() and paths:
            first = Path(paths[0])
            folder = first if first.is_dir() else first.parent
            self.out_edit.setText(str(folder / "trained.keras"))

    def set_table(self, table: ParticipantsTable | None) -> None:
        """Offer the columns of the table; None for no table."""
        names = () if table is None else table.names
        for box, extra in ((self.target_box, ()), (self.id_box, ("",)), (self.group_box, ("",))):
            chosen = box.currentText()
            box.clear()
            box.addItems([*extra, *names])
            box.setCurrentText(chosen)
        self._refresh()

    def _refresh(self) -> None:
        regression = self.task is Task.REGRESSION
        table = bool(self.table_edit.text().strip())
        shown = {
            self.target_box: table,
            self.id_box: table,
            self.group_box: table,
            self.unit_edit: regression,
            self.loss_box: regression,
            self.weights_box: not regression,
            self.augment_box: not regression,
        }
        for widget, visible in shown.items():
            self._form.setRowVisible(widget, visible)

    @property
    def task(self) -> Task:
        """What is learned."""
        return _TASKS[self.task_box.currentIndex()]

    def plan(self) -> TrainingPlan:
        """Return the plan.

        Raises
        ------
        SpectraCNNError
            If a number is out of its range.
        """
        table = self.table_edit.text().strip()
        regression = self.task is Task.REGRESSION
        augment = {0: None, 1: True, 2: False}[self.augment_box.currentIndex()]
        return TrainingPlan(
            self._data,
            self.out_edit.text().strip(),
            self.task,
            self.architecture_box.currentText(),
            table,
            self.id_box.currentText() if table else "",
            self.target_box.currentText() if table else "",
            self.group_box.currentText() if table else "",
            self.unit_edit.text().strip() if regression else "",
            epochs=self.epochs_box.value() or None,
            batch=self.batch_box.value() or None,
            learning_rate=self.rate_box.value() or None,
            seed=self.seed_box.value(),
            folds=self.folds_box.value(),
            patience=None if self.patience_box.value() < 0 else self.patience_box.value(),
            class_weights=self.weights_box.isChecked() and not regression,
            augmentation=None if regression else augment,
            loss=self.loss_box.currentText(),
        ).checked()

    # --- slots -------------------------------------------------------------------------------

    @Slot(int)
    def _on_choice_changed(self, _index: int) -> None:
        self._refresh()

    @Slot()
    def _on_folder_clicked(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Learn from a folder")
        if name:
            self.set_data([name], f"the folder {Path(name).name}")

    @Slot()
    def _on_table_clicked(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Table of labels", "", _TABLES)
        if name:
            self.table_edit.setText(name)
            self._on_table_edited()

    @Slot()
    def _on_table_edited(self) -> None:
        self._refresh()
        self.tableChosen.emit(self.table_edit.text().strip())

    @Slot(int)
    def _on_architecture_activated(self, index: int) -> None:
        if index < len(BUILT_IN):
            return
        name, _ = QFileDialog.getOpenFileName(self, "Architecture", "", "Keras JSON (*.json)")
        self.architecture_box.setCurrentIndex(0)
        if name:
            self.architecture_box.insertItem(len(BUILT_IN), name)
            self.architecture_box.setCurrentIndex(len(BUILT_IN))

    @Slot()
    def _on_out_clicked(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Write the model to", self.out_edit.text(), "Keras (*.keras)"
        )
        if name:
            self.out_edit.setText(name if name.endswith(".keras") else f"{name}.keras")


def _combo(name: str, words: Sequence[str]) -> QComboBox:
    box = QComboBox()
    box.addItems(list(words))
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box


def _own(name: str, most: int) -> QSpinBox:
    box = QSpinBox(minimum=0, maximum=most)
    box.setSpecialValueText(_OWN)
    box.setAccessibleName(name)
    return box


def _row(widget: QWidget, button: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(widget, 1)
    row.addWidget(button)
    return row
