"""Asks for the steps from a file's eigenvalues to a network's input, before a training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from spectracnn.core.steps import Standardise
from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog, button_row, muted, primary
from spectracnn.gui.dialogs.model_card.setup_steps import StepsEditor

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spectracnn.core.steps import Step

_ABOUT = (
    "Applied to every spectrum in this order. Behind them each value is standardised, with mean "
    "and scale that are fitted to the training part of each fold alone."
)
_FITTED = "The step 'standardise' is fitted by the training itself; remove it here."


class TrainingStepsDialog(Dialog):
    """The steps as in the dialog about a card.

    Parameters
    ----------
    steps : tuple of Step
        What is proposed.
    """

    def __init__(self, steps: tuple[Step, ...], parent: QWidget | None = None) -> None:
        super().__init__("From eigenvalues to input", parent)
        self.editor = StepsEditor(steps)
        self.problem_label = muted()
        self.problem_label.setProperty("error", True)
        self.use_button, cancel_button = primary("Use these steps"), QPushButton("Cancel")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addWidget(muted(_ABOUT))
        layout.addWidget(self.editor, 1)
        layout.addWidget(self.problem_label)
        layout.addLayout(button_row(cancel_button, self.use_button))
        self.editor.changed.connect(self._on_editor_changed)
        self.use_button.clicked.connect(self.accept)
        cancel_button.clicked.connect(self.reject)
        self._on_editor_changed()
        self.resize(560, 460)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was chosen."""
        return self.editor.steps

    @Slot()
    def _on_editor_changed(self) -> None:
        fitted = any(isinstance(step, Standardise) for step in self.editor.steps)
        problem = self.editor.problem or (_FITTED if fitted else "")
        self.problem_label.setText(problem)
        self.problem_label.setVisible(bool(problem))
        self.use_button.setEnabled(not problem)
