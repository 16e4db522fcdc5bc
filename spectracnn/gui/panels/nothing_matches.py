"""What is shown in the table's place while no row matches the filter."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget


class NothingMatches(QWidget):
    """Stands in the table's place while no row matches the filter.

    Signals
    -------
    clearRequested : ()
    """

    clearRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setProperty("muted", True)
        self.clear_button = QPushButton("Clear the filter")
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(self.sentence)
        layout.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        self.clear_button.clicked.connect(self.clearRequested)

    def explain(self, text: str, count: int) -> None:
        """Name what was looked for, and in how many spectra."""
        spectra = "The open spectrum does" if count == 1 else f"None of the {count} open spectra"
        verb = "not match" if count == 1 else "matches"
        self.sentence.setText(f"{spectra} {verb} \u201c{text.strip()}\u201d.")
