"""Which rows of the table are shown, and what is said where none is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from spectracnn.gui.panels.spectra_model import SORT_ROLE, SpectraModel

if TYPE_CHECKING:
    from PySide6.QtCore import QPersistentModelIndex


class SpectraFilterModel(QSortFilterProxyModel):
    """Keeps rows whose texts hold all words typed."""

    def __init__(self, model: SpectraModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._model = model
        self.setSourceModel(model)
        self.setSortRole(SORT_ROLE)

    def set_text(self, text: str) -> None:
        """Keep the rows that hold these words."""
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        if not self._words:
            return True
        whole = self._model.words(row)
        return all(word in whole for word in self._words)


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
