"""The row over the shapes: what is shown, which mode, and which shape stands beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QSpinBox, QWidget

from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.state.entry import Entry

_SHOWN = (
    ("Eigenfunction", "mode"),
    ("Mode energy", "mode_energy"),
    ("Shape sensitivity", "sensitivity"),
    ("Morph", "morph"),
)
_MOST_BESIDE = 30


class ShapeControls(QWidget):
    """Boxes and buttons; whoever uses them connects to their signals."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_box = QComboBox()
        for text, name in _SHOWN:
            self.show_box.addItem(text, name)
        self.show_box.setAccessibleName("What is shown on the shape")
        self.mode_box = QSpinBox(minimum=0, maximum=0, prefix="mode ")
        self.mode_box.setAccessibleName("Number of the eigenfunction")
        self.mode_box.setToolTip("Number of the eigenfunction; or hover an eigenvalue in the plot")
        self.animate_button = tool_button("Animate", "Animate the mode", checkable=True)
        self.beside_box = QComboBox()
        self.beside_box.setAccessibleName("Which shape is shown beside this one")
        self.beside_box.setToolTip("Another of the spectra that are ticked in the table")
        self.beside_box.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.beside_box.setMinimumContentsLength(10)
        self.beside_box.addItem("One shape", None)
        self.reset_button = tool_button("Reset view", "Restore the initial view")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 16, 8)
        row.setSpacing(8)
        for widget in (self.show_box, self.mode_box, self.animate_button):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.beside_box)
        row.addWidget(self.reset_button)
        self.show_state(solved=False)

    @property
    def shown(self) -> str:
        """What is shown, by its name."""
        return str(self.show_box.currentData())

    @property
    def beside(self) -> int | None:
        """The entry whose shape is shown beside, None for none."""
        found: int | None = self.beside_box.currentData()
        return found

    def offer(self, entries: Sequence[Entry]) -> None:
        """Offer these to be shown beside; a choice that is still there stays."""
        wanted = [(entry.id, f"Beside: {entry.spectrum.name}") for entry in entries[:_MOST_BESIDE]]
        box = self.beside_box
        held = [(box.itemData(at), box.itemText(at)) for at in range(1, box.count())]
        if held == wanted:
            return
        chosen = self.beside
        box.blockSignals(True)
        while box.count() > 1:
            box.removeItem(1)
        for entry_id, text in wanted:
            box.addItem(text, entry_id)
        box.setCurrentIndex(max(0, box.findData(chosen)) if chosen is not None else 0)
        box.blockSignals(False)

    def usual_mode(self) -> int:
        """Return the first mode that is not constant."""
        return min(1, self.mode_box.maximum())

    def set_modes(self, count: int) -> None:
        """Offer so many modes; the first time, that behind the constant is chosen."""
        fresh = self.mode_box.maximum() == 0
        self.mode_box.setMaximum(count - 1)
        if fresh:
            self.mode_box.setValue(min(1, count - 1))

    def show_state(self, *, solved: bool) -> None:
        """Enable what can be used."""
        mode = solved and self.shown == "mode"
        self.show_box.setEnabled(solved)
        self.mode_box.setEnabled(mode)
        self.animate_button.setEnabled(mode)
        self.reset_button.setEnabled(solved)
        self.beside_box.setEnabled(solved and self.shown != "morph" and self.beside_box.count() > 1)
