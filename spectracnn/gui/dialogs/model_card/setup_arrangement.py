"""How several structures of one subject stand in the model's input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

from spectracnn.core.outputs import Arrangement
from spectracnn.errors import CardError
from spectracnn.gui.dialogs.base import GAP, muted, named
from spectracnn.view.arranged import arranged, arrangements

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription

_WORDS = {
    Arrangement.UNSPECIFIED: "One spectrum",
    Arrangement.CONCATENATED: "Several structures, one after the other",
    Arrangement.CHANNELS: "Structures as channels",
    Arrangement.ROWS: "Structures as rows",
}


class ArrangementEditor(QWidget):
    """One row; hidden where the shape of the input leaves no choice.

    Parameters
    ----------
    model : ModelDescription
        As it is open.
    known : int
        How many structures the subject on the screen has: the first suggestion.

    Signals
    -------
    changed : ()
        `model` or `problem` are others now.
    """

    changed = Signal()

    def __init__(self, model: ModelDescription, known: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._open, self.model, self.problem = model, model, ""
        self.choice = named(QComboBox(self), "How structures are arranged")
        for way in arrangements(model):
            self.choice.addItem(_WORDS[way], way)
        self.choice.setCurrentIndex(self.choice.findData(model.arrangement))
        self.count = named(QSpinBox(self), "Number of structures")
        values = model.input_shape[0]
        self.count.setRange(2, max(2, values))
        fits = known > 1 and values % known == 0
        self.count.setValue(len(model.structures) or (known if fits else 2))
        self.each = muted()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(QLabel("It reads"))
        for widget in (self.choice, self.count, self.each):
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setVisible(self.choice.count() > 0)
        self._follow()
        self.choice.currentIndexChanged.connect(self._on_edited)
        self.count.valueChanged.connect(self._on_edited)

    @property
    def arrangement(self) -> Arrangement:
        """As chosen."""
        chosen = self.choice.currentData()
        return self._open.arrangement if chosen is None else Arrangement(chosen)

    def choose(self, arrangement: Arrangement) -> None:
        """Choose as a person would; nothing where the shape leaves no such choice."""
        place = self.choice.findData(arrangement)
        if place >= 0:
            self.choice.setCurrentIndex(place)

    def _follow(self) -> None:
        several = self.arrangement is Arrangement.CONCATENATED
        self.count.setVisible(several)
        self.each.setVisible(several)
        number = self.count.value() if several else max(len(self._open.structures), 1)
        try:
            self.model, self.problem = arranged(self._open, self.arrangement, number), ""
        except CardError as error:
            self.problem = error.message
        self.each.setText("" if self.problem else f"{self.model.values_each} values each")

    @Slot()
    def _on_edited(self) -> None:
        self._follow()
        self.changed.emit()
