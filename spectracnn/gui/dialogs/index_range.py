"""Asks for a range of eigenvalues, for those who do not drag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout

from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog, button_row, primary

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class IndexRangeDialog(Dialog):
    """First and last index, both inclusive.

    Parameters
    ----------
    last : int
        The greatest index there is.
    span : (int, int)
        What is proposed.
    """

    def __init__(self, last: int, span: tuple[int, int], parent: QWidget | None = None) -> None:
        super().__init__("Trace a range forward", parent)
        self.first_box, self.last_box = QSpinBox(), QSpinBox()
        for box, value, name in zip(
            (self.first_box, self.last_box), span, ("First index", "Last index"), strict=True
        ):
            box.setRange(0, last)
            box.setValue(value)
            box.setAccessibleName(name)
        text = QLabel("Everything in the network that depends on these eigenvalues is marked.")
        text.setProperty("muted", True)
        form = QFormLayout()
        form.setHorizontalSpacing(MARGIN)
        form.setVerticalSpacing(GAP)
        form.addRow("&First index", self.first_box)
        form.addRow("&Last index", self.last_box)
        trace_button, cancel_button = primary("Trace"), QPushButton("Cancel")
        trace_button.clicked.connect(self.accept)
        cancel_button.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(text)
        layout.addLayout(form)
        layout.addLayout(button_row(cancel_button, trace_button))

    @property
    def span(self) -> tuple[int, int]:
        """The range that was chosen, in ascending order."""
        first, last = sorted((self.first_box.value(), self.last_box.value()))
        return first, last
