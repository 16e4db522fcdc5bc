"""A sortable table of numbers over arrays: as quick with many rows as with few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from spectracnn.gui.theme import number_font

if TYPE_CHECKING:
    from PySide6.QtCore import QPersistentModelIndex

    from spectracnn.view.cohort.panels import Sheet

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WIDEST = 220
_MOST_STRETCHED = 12


class SheetModel(QAbstractTableModel):
    """A sheet, in an order of its rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sheet: Sheet | None = None
        self.order: np.ndarray = np.arange(0)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet, in its own order."""
        self.beginResetModel()
        self.sheet, self.order = sheet, np.arange(len(sheet))
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.order)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or self.sheet is None else len(self.sheet.headings)

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if self.sheet is None or not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.sheet.text(int(self.order[index.row()]), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if self._is_text(index.column()) else _RIGHT
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if self.sheet is None or orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.sheet.headings[section]
        if role == Qt.ItemDataRole.ToolTipRole and self.sheet.tips:
            return self.sheet.tips[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if self._is_text(section) else _RIGHT
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if self.sheet is None:
            return
        self.layoutAboutToBeChanged.emit()
        if column < 0:
            self.order = np.arange(len(self.sheet))
        else:
            values = self.sheet.columns[column]
            texts = values.dtype == object
            keys = np.array([str(text).casefold() for text in values]) if texts else values
            found = np.argsort(keys, kind="stable")
            if order == Qt.SortOrder.DescendingOrder:
                found = found[::-1]
            if not texts:  # cells without a number stay at the end
                empty = np.isnan(values[found].astype(float))
                found = np.concatenate([found[~empty], found[empty]])
            self.order = found
        self.layoutChanged.emit()

    def _is_text(self, column: int) -> bool:
        return self.sheet is not None and self.sheet.columns[column].dtype == object


class SheetView(QTableView):
    """Shows a sheet.

    Parameters
    ----------
    name : str
        For screen readers.
    stretched : bool
        Whether the columns fill the width; else they are as wide as their texts.

    Signals
    -------
    rowChosen : int
        A row of the sheet, wherever it is shown.
    """

    rowChosen = Signal(int)

    def __init__(self, name: str, *, stretched: bool = True) -> None:
        super().__init__()
        self._stretched = stretched
        self.sheet_model = SheetModel(self)
        self.setModel(self.sheet_model)
        self.setAccessibleName(name)
        self.setProperty("framed", True)
        self.setFont(number_font(self.font()))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(22)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.horizontalHeader().setMinimumSectionSize(40)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(self._on_currentRowChanged)

    @property
    def sheet(self) -> Sheet | None:
        """What is shown."""
        return self.sheet_model.sheet

    def show_sheet(self, sheet: Sheet) -> None:
        """Show another sheet; its columns are as wide as their first rows need."""
        self.sheet_model.show_sheet(sheet)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        header = self.horizontalHeader()
        stretch = self._stretched and len(sheet.headings) <= _MOST_STRETCHED
        modes = QHeaderView.ResizeMode
        header.setSectionResizeMode(modes.Stretch if stretch else modes.Interactive)
        if not stretch:
            header.setResizeContentsPrecision(40)
            self.resizeColumnsToContents()
            for column in range(len(sheet.headings)):
                self.setColumnWidth(column, min(self.columnWidth(column) + 8, _WIDEST))

    def choose(self, row: int) -> None:
        """Select a row of the sheet and scroll to it; nobody hears of it."""
        found = np.flatnonzero(self.sheet_model.order == row)
        if found.size:
            blocked = self.blockSignals(True)
            self.selectRow(int(found[0]))
            self.blockSignals(blocked)

    @Slot(QModelIndex, QModelIndex)
    def _on_currentRowChanged(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.rowChosen.emit(int(self.sheet_model.order[current.row()]))
