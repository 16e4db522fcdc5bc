"""What is trained on what: the choices of a training as controls."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QFormLayout, QLineEdit, QWidget

from spectracnn.core.training_plan import TrainingPlan
from spectracnn.errors import SpectraCNNError
from spectracnn.gui.tools.training.controls import announce, heading, row
from spectracnn.gui.tools.training.label_rows import LabelRows
from spectracnn.gui.tools.training.learning_rows import LearningRows
from spectracnn.gui.tools.training.network_rows import NetworkRows
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.resources import resource_root

if TYPE_CHECKING:
    from spectracnn.core.outputs import Task
    from spectracnn.state.training_choice import TrainingChoice

_NAME = "trained.keras"


class PlanForm(QWidget):
    """Shows a plan and gives it back, in three groups of rows and the file that is written.

    Signals
    -------
    edited : str
        The person chose something: what.
    """

    edited = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        form = QFormLayout(self)
        form.setContentsMargins(16, 8, 16, 8)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        self.labels = LabelRows(form, self)
        self.network = NetworkRows(form, self)
        self.learning = LearningRows(form, self)
        self.out_edit = QLineEdit()
        self.out_edit.setAccessibleName("File of the new model")
        self.out_button = tool_button("Save as\u2026", "Where the model is written")
        form.addRow(heading("What is written"))
        form.addRow("Model", row(self.out_edit, self.out_button))
        self.labels.changed.connect(self._on_rows_changed)
        self.network.changed.connect(self._on_rows_changed)
        self.out_button.clicked.connect(self._on_out_clicked)
        for rows in (self.labels, self.network, self.learning):
            rows.edited.connect(self.edited)
        announce(self.edited, {self.out_edit: "file of the model"})
        self._on_rows_changed()

    @property
    def task(self) -> Task:
        """What is learned."""
        return self.labels.task

    def plan(self) -> TrainingPlan:
        """Return the plan.

        Raises
        ------
        SpectraCNNError
            If there is nothing to learn from, or a number is out of its range.
        """
        if not self.labels.data:
            raise SpectraCNNError("Choose the spectra to learn from first.")
        return TrainingPlan(
            out=self.out_edit.text().strip(),
            **self.labels.fields(),
            **self.network.fields(),
            **self.learning.fields(self.task),
        ).checked()

    def chosen(self) -> dict[str, Any]:
        """Return what is chosen, as fields of a `TrainingChoice`."""
        return {
            **self.labels.chosen(),
            **self.network.chosen(),
            **self.learning.chosen(),
            "out": self.out_edit.text().strip(),
        }

    def show_choice(self, choice: TrainingChoice) -> None:
        """Show what is chosen."""
        for rows in (self.labels, self.network, self.learning):
            rows.show(choice)
        if choice.out:
            self.out_edit.setText(choice.out)
        self._on_rows_changed()

    @Slot()
    def _on_rows_changed(self) -> None:
        self.labels.refresh()
        self.network.refresh(self.task)
        self.learning.refresh(self.task)
        if self.labels.data and not self.out_edit.text():
            self.out_edit.setText(str(_folder_for(self.labels.data[0]) / _NAME))

    @Slot()
    def _on_out_clicked(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Write the model to", self.out_edit.text(), "Keras (*.keras)"
        )
        if name:
            self.out_edit.setText(name if name.endswith(".keras") else f"{name}.keras")
            self.edited.emit("file of the model")


def _folder_for(data: str) -> Path:
    """Return where the model is proposed to go: beside its data, or home where that is ours."""
    path = Path(data)
    folder = path if path.is_dir() else path.parent
    own = resource_root() in (folder, *folder.parents)
    return Path.home() if own or not os.access(folder, os.W_OK) else folder
