"""Rows of the training form: how spectra become the input, and which network reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QLabel

from spectracnn.core.input_presets import OWN, PRESETS, own_preset, preset
from spectracnn.core.outputs import Task
from spectracnn.core.preprocessing import Preprocessing
from spectracnn.core.training_plan import BUILT_IN, STACK
from spectracnn.gui.dialogs.training_steps import TrainingStepsDialog
from spectracnn.gui.tools.training.controls import announce, combo, described, heading, own, row
from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QFormLayout

    from spectracnn.core.step import Step
    from spectracnn.state.training_choice import TrainingChoice

_ABOUT = {
    "plain": "Two Conv1D layers with pools, Flatten, Dense: the bundled model's",
    "tutorial": "Conv1D(64, 3) four times with one pool and a global average",
    "ensemble": "Three networks side by side in one; for classes only",
}
_CUSTOM = "steps of your own"
_FILE = "from a file\u2026"
_LENGTH = 100


class NetworkRows(QObject):
    """Preprocessing and architecture.

    Signals
    -------
    changed : ()
        Another architecture or preprocessing was chosen.
    edited : str
        The person chose something: what.
    """

    changed = Signal()
    edited = Signal(str)

    def __init__(self, form: QFormLayout, parent: QObject) -> None:
        super().__init__(parent)
        self.steps: tuple[Step, ...] = ()
        self.layers: tuple[str, ...] = ()
        self._task = Task.CLASSIFICATION
        names = [item.name for item in PRESETS]
        self.preprocessing_box = described(
            combo("Preprocessing", ("", *names, _CUSTOM)),
            ("What suits the task", *(item.about for item in PRESETS), "As in a model's card"),
        )
        self.steps_button = tool_button("Steps\u2026", "Look at the steps, and change them")
        self.steps_label = QLabel(wordWrap=True)
        self.steps_label.setProperty("muted", True)
        self.eigenvalues_box = own("Eigenvalues that are read", 100_000)
        self.eigenvalues_box.setSpecialValueText("100, or as many as all have")
        self.architecture_box = described(
            combo("Architecture", (*BUILT_IN, _FILE)), [_ABOUT[name] for name in BUILT_IN]
        )
        self.layers_label = QLabel(wordWrap=True)
        self.layers_label.setProperty("muted", True)
        self._form = form
        form.addRow(heading("The network"))
        form.addRow("Input", row(self.preprocessing_box, self.steps_button))
        form.addRow("", self.steps_label)
        form.addRow("Eigenvalues", self.eigenvalues_box)
        form.addRow("Architecture", self.architecture_box)
        form.addRow("", self.layers_label)
        self.preprocessing_box.currentIndexChanged.connect(self._on_choice_changed)
        self.architecture_box.currentIndexChanged.connect(self._on_choice_changed)
        self.architecture_box.activated.connect(self._on_architecture_activated)
        self.steps_button.clicked.connect(self._on_steps_clicked)
        announce(
            self.edited,
            {
                self.preprocessing_box: "preprocessing",
                self.eigenvalues_box: "eigenvalues",
                self.architecture_box: "architecture",
            },
        )

    @property
    def preprocessing(self) -> str:
        """Name of the chosen preset; empty for the task's own, and for custom steps."""
        place = self.preprocessing_box.currentIndex()
        return PRESETS[place - 1].name if 1 <= place <= len(PRESETS) else OWN

    @property
    def custom(self) -> bool:
        """Whether the steps are the person's own."""
        return self.preprocessing_box.currentIndex() > len(PRESETS)

    @property
    def architecture(self) -> str:
        """As a plan names it."""
        data = self.architecture_box.currentData()
        return str(data) if data else self.architecture_box.currentText()

    def refresh(self, task: Task) -> None:
        """Show what suits the task."""
        self._task = task
        self.preprocessing_box.setItemText(0, f"{own_preset(task)} (usual)")
        chosen = preset(self.preprocessing or own_preset(task))
        words = ", ".join(step.label for step in self.steps)
        self.steps_label.setText(words if self.custom else chosen.about)
        self.layers_label.setText("\n".join(self.layers))
        self._form.setRowVisible(self.layers_label, self.architecture == STACK)

    def set_layers(self, lines: tuple[str, ...]) -> None:
        """Offer layers of one's own as the architecture, and choose them."""
        self._offer_layers(lines)
        self.architecture_box.setCurrentIndex(self.architecture_box.findData(STACK))
        self.changed.emit()
        self.edited.emit("architecture")

    def _offer_layers(self, lines: tuple[str, ...]) -> None:
        self.layers = lines
        if self.architecture_box.findData(STACK) < 0:
            self.architecture_box.insertItem(len(BUILT_IN), "layers of the layer lab", STACK)

    def fields(self) -> dict[str, Any]:
        """Return these rows' part of a plan."""
        stack = self.architecture == STACK
        return {
            "architecture": self.architecture,
            "layers": self.layers if stack else (),
            "preprocessing": self.preprocessing,
            "steps": tuple(step.to_json() for step in self.steps) if self.custom else (),
            "eigenvalues": self.eigenvalues_box.value() or None,
        }

    def chosen(self) -> dict[str, Any]:
        """Return what is chosen, as fields of a `TrainingChoice`."""
        steps = tuple(json.dumps(step.to_json()) for step in self.steps) if self.custom else ()
        return {**self.fields(), "layers": self.layers, "steps": steps}

    def show(self, choice: TrainingChoice) -> None:
        """Show what is chosen."""
        names = [item.name for item in PRESETS]
        place = 1 + names.index(choice.preprocessing) if choice.preprocessing in names else 0
        if choice.steps:
            steps = [json.loads(step) for step in choice.steps]
            self.steps, place = Preprocessing.from_json(steps).steps, len(PRESETS) + 1
        self.preprocessing_box.setCurrentIndex(place)
        self.eigenvalues_box.setValue(choice.eigenvalues or 0)
        if choice.layers:
            self._offer_layers(choice.layers)
        self.architecture_box.setCurrentIndex(self._place_of(choice.architecture))

    def _place_of(self, architecture: str) -> int:
        """Return where an architecture is offered; a file that is not yet, is from here on."""
        box = self.architecture_box
        place = max(box.findText(architecture), box.findData(architecture))
        if place < 0 and architecture != STACK:
            place = box.count() - 1
            box.insertItem(place, architecture, architecture)
        return max(place, 0)

    # --- slots -------------------------------------------------------------------------------

    @Slot(int)
    def _on_choice_changed(self, _index: int) -> None:
        if self.custom and not self.steps:
            self.steps = self._preset_steps(own_preset(self._task))
        self.changed.emit()

    @Slot()
    def _on_steps_clicked(self) -> None:
        """Show the steps; once they are changed they are the person's own."""
        name = self.preprocessing or own_preset(self._task)
        shown = self.steps if self.custom else self._preset_steps(name)
        dialog = TrainingStepsDialog(shown, self.steps_button.window())
        if dialog.exec() and dialog.steps != shown:
            self.steps = dialog.steps
            self.preprocessing_box.setCurrentIndex(len(PRESETS) + 1)
            self.changed.emit()
            self.edited.emit("preprocessing")

    def _preset_steps(self, name: str) -> tuple[Step, ...]:
        return preset(name).steps(self.eigenvalues_box.value() or _LENGTH).steps

    @Slot(int)
    def _on_architecture_activated(self, index: int) -> None:
        if self.architecture_box.itemText(index) != _FILE:
            return
        name, _ = QFileDialog.getOpenFileName(
            self.architecture_box, "Architecture", "", "Keras JSON (*.json)"
        )
        self.architecture_box.setCurrentIndex(0)
        if name:
            self.architecture_box.setCurrentIndex(self._place_of(name))
        self.edited.emit("architecture")
