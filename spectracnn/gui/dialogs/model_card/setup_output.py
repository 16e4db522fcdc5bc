"""What the card says of the output: the threshold of probabilities, or the unit of a value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QLineEdit, QWidget

from spectracnn.core.outputs import Task
from spectracnn.gui.dialogs.base import GAP, named

if TYPE_CHECKING:
    from spectracnn.core.card import ModelCard
    from spectracnn.core.trace import ModelDescription


class OutputEditor(QWidget):
    """One row; hidden for a network whose output needs neither.

    Signals
    -------
    changed : ()
    outputChosen : int
        Another of several outputs shall be read.
    """

    changed = Signal()
    outputChosen = Signal(int)

    def __init__(self, model: ModelDescription, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        reading = model.reading
        self.threshold = named(QDoubleSpinBox(self, decimals=3, singleStep=0.05), "Threshold")
        self.threshold.setRange(0.0, 1.0)
        self.threshold.setValue(model.card.threshold)
        self.threshold.setToolTip("Probability from which it is predicted")
        self.unit = named(QLineEdit(model.card.unit, self), "Unit")
        self.unit.setPlaceholderText("such as years")
        self._has_threshold = reading.single or reading.task is Task.MULTILABEL
        self._has_unit = reading.is_values
        words = f"{model.classes[1]} from" if reading.single else "Predicted from a probability of"
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        self.which = named(QComboBox(self), "Output that is read")
        self.which.addItems([output.name for output in model.outputs])
        self.which.setCurrentIndex(model.output)
        several = len(model.outputs) > 1
        self.which.setVisible(several)
        if several:
            layout.addWidget(QLabel("Output"))
            layout.addWidget(self.which)
        self.which.activated.connect(self.outputChosen)
        pairs = (
            (self._has_threshold, words, self.threshold),
            (self._has_unit, "Unit", self.unit),
        )
        for shown, text, widget in pairs:
            widget.setVisible(shown)
            if shown:
                layout.addWidget(QLabel(text))
                layout.addWidget(widget)
        layout.addStretch(1)
        if not (self._has_threshold or self._has_unit or several):
            self.hide()
        self.threshold.valueChanged.connect(self._on_edited)
        self.unit.textChanged.connect(self._on_edited)

    def _on_edited(self, _value: object) -> None:
        self.changed.emit()

    def applied(self, card: ModelCard) -> ModelCard:
        """Return the card with what stands here."""
        if self._has_threshold:
            card = replace(card, threshold=round(self.threshold.value(), 3))
        return replace(card, unit=self.unit.text().strip()) if self._has_unit else card
