"""Keeps what is chosen in the training form in step with its record of state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from spectracnn.gui.tools.chosen import Chosen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QCheckBox

    from spectracnn.gui.tools.training.form import PlanForm
    from spectracnn.gui.workspace.workspace import Workspace


class FormChoice(QObject):
    """Makes each change of the form a step of the history, and shows what is undone or restored.

    Parameters
    ----------
    workspace : Workspace
        Holds the record.
    form : PlanForm
        Draws it.
    follow_box : QCheckBox
        Whether the panels follow each epoch.
    parent : QObject
        Qt's.
    """

    def __init__(
        self, workspace: Workspace, form: PlanForm, follow_box: QCheckBox, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._form = workspace, form
        self._chosen = Chosen(workspace, "training", "Training", self)
        self._gestures: dict[str, int] = {}
        self._chosen.bind("follows", follow_box, "panels follow")
        self._chosen.changed.connect(self._on_chosen_changed)
        form.edited.connect(self._on_form_edited)

    def restore(self) -> bool:
        """Show what was chosen before the form was there, and return whether there was anything."""
        self._chosen.show()
        if self._chosen.record.data is None:
            return False
        self._on_chosen_changed()
        return True

    @Slot(str)
    def _on_form_edited(self, caption: str) -> None:
        """Keep what the person chose; what is stepped through is one choice."""
        if caption not in self._gestures:
            self._gestures[caption] = self._workspace.editing.new_gesture()
        self._chosen.choose(caption, self._gestures[caption], **self._form.chosen())

    @Slot()
    def _on_chosen_changed(self) -> None:
        record = self._chosen.record
        if any(getattr(record, name) != value for name, value in self._form.chosen().items()):
            with self._chosen.quiet():
                self._form.show_choice(record)
