"""A filter's weights as numbers that can be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from spectracnn.printable import printable

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROW = 26
_MOST_ROWS_SHOWN = 4


class WeightTable(QTableWidget):
    """One row of numbers, or the rows of a two-dimensional window.

    Signals
    -------
    refused : str
        What was typed is no finite number, and the weight is as it was: a sentence.
    numberEdited : (int, float)
        Place within the window, in memory's order, and its new value.
    """

    numberEdited = Signal(int, float)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._values: NDArray[np.float64] = np.zeros(0)
        self.setAccessibleName("Weights as numbers")
        self.setProperty("framed", True)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().setDefaultSectionSize(72)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.cellChanged.connect(self._on_cellChanged)

    def set_window(self, window: tuple[int, ...]) -> None:
        """Make as many cells as the window has weights."""
        rows, columns = (1, window[0]) if len(window) == 1 else window
        self.blockSignals(True)
        self.setRowCount(rows)
        self.setColumnCount(columns)
        self.setHorizontalHeaderLabels([str(column) for column in range(columns)])
        self.setVerticalHeaderLabels([str(row) for row in range(rows)])
        self.verticalHeader().setVisible(rows > 1)
        self.blockSignals(False)
        shown = min(rows, _MOST_ROWS_SHOWN)
        self.setFixedHeight(_ROW * shown + 46)

    def show_values(self, values: NDArray[np.float64]) -> None:
        """Show the weights, shape (taps,)."""
        self._values = values
        self.blockSignals(True)
        columns = max(self.columnCount(), 1)
        for place, value in enumerate(values.tolist()):
            row, column = divmod(place, columns)
            item = self.item(row, column)
            if item is None:
                item = QTableWidgetItem()
                self.setItem(row, column, item)
            text = f"{value:.4g}"
            if item.text() != text:  # each new text is painted
                item.setText(text)
        self.blockSignals(False)

    @Slot(int, int)
    def _on_cellChanged(self, row: int, column: int) -> None:
        place = row * self.columnCount() + column
        item = self.item(row, column)
        if item is None or place >= self._values.size:
            return
        try:
            value = float(item.text().replace("\u2212", "-").replace(",", "."))
        except ValueError:
            value = float("nan")
        if not np.isfinite(value) or abs(value) > 1e30:
            typed = item.text().strip()
            self.show_values(self._values)
            self.refused.emit(
                f"'{printable(typed)}' is no finite number; the weight stays {item.text()}."
            )
        else:
            self.numberEdited.emit(place, value)
