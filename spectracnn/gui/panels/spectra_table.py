"""The table of spectra with its filter box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelection, QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.panels.other_cells import SORT_ROLE
from spectracnn.gui.panels.spectra_model import Column, SpectraModel
from spectracnn.gui.theme import number_font

if TYPE_CHECKING:
    from PySide6.QtCore import QPersistentModelIndex

    from spectracnn.gui.theme import Theme
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection


_WIDTHS = {
    Column.NAME: 114,
    Column.BADGES: 22,
    Column.CLASS: 78,
    Column.PROBABILITY: 48,
    Column.COUNT: 42,
    Column.FILE: 120,
}


class _FilterModel(QSortFilterProxyModel):
    """Keeps rows whose name, class or file holds all words typed."""

    def __init__(self, model: SpectraModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self._model = model
        self.setSourceModel(model)
        self.setSortRole(SORT_ROLE)

    def set_text(self, text: str) -> None:
        self.beginFilterChange()
        self._words = text.casefold().split()
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def filterAcceptsRow(self, row: int, _parent: QModelIndex | QPersistentModelIndex) -> bool:
        if not self._words:
            return True
        whole = self._model.words(row)
        return all(word in whole for word in self._words)


class SpectraTable(QWidget):
    """Chooses the current spectrum and the overlaid ones.

    Signals
    -------
    currentRequested : int
        Entry id.
    overlayRequested : frozenset of int
    removalRequested : list of int
    orderRequested : list of int
    selectionChanged : ()
        Other rows are selected.
    """

    currentRequested = Signal(int)
    overlayRequested = Signal(object)
    removalRequested = Signal(object)
    orderRequested = Signal(object)
    selectionChanged = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._selection: Selection | None = None
        self.model = SpectraModel(self)
        self._proxy = _FilterModel(self.model, self)
        self.filter_edit = QLineEdit(placeholderText="Filter by name, class or file")
        self.filter_edit.setClearButtonEnabled(True)
        self.filter_edit.setAcceptDrops(False)
        self.filter_edit.setAccessibleName("Filter the spectra")
        self.count_label = QLabel()
        self.count_label.setProperty("muted", True)
        self.view = QTableView()
        self._set_up_view()
        self._arrange()
        self._proxy.columnsInserted.connect(self._on_proxy_columnsInserted)
        self.filter_edit.textChanged.connect(self._on_filter_textChanged)
        self.model.overlayRequested.connect(self.overlayRequested)
        self.model.orderRequested.connect(self.orderRequested)
        self.view.selectionModel().currentRowChanged.connect(self._on_view_currentRowChanged)
        self.view.selectionModel().selectionChanged.connect(self._on_view_selectionChanged)

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self._proxy)
        view.setAccessibleName("Spectra")
        view.setFont(number_font(view.font()))
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        view.setDragDropOverwriteMode(False)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setSortingEnabled(True)
        view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(24)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        header.setSortIndicatorClearable(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(22)
        for column, width in _WIDTHS.items():
            view.setColumnWidth(column, width)
        header.setStretchLastSection(True)

    def _arrange(self) -> None:
        title = QLabel("Spectra")
        title.setProperty("title", True)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.count_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 0)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.filter_edit)
        layout.addWidget(self.view, 1)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the swatches."""
        self._theme = theme
        if self._selection is not None:
            self.show_selection(self._selection)

    def reset(self, document: Document) -> None:
        """Show other rows."""
        self.model.reset(document)
        count = len(document.entries)
        self.count_label.setText(f"{count} open" if count else "")
        if self._selection is not None:
            self.show_selection(self._selection)

    def update_answers(self, document: Document, first: int, last: int) -> None:
        """Show new answers."""
        self.model.update(document, first, last)

    def show_selection(self, selection: Selection) -> None:
        """Show what is current and what is overlaid."""
        self._selection = selection
        self.model.set_overlaid(selection.overlaid, selection.current, self._theme.dark)
        if selection.current is None:
            return
        row = self.model.row(selection.current)
        index = self._proxy.mapFromSource(self.model.index(row, 0))
        if index.isValid() and self.view.currentIndex().row() != index.row():
            self.view.setCurrentIndex(index)

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected rows, from the top."""
        rows = self.view.selectionModel().selectedRows()
        return [self.model.entry(self._proxy.mapToSource(index).row()).id for index in rows]

    @property
    def selected_count(self) -> int:
        """How many rows are selected."""
        return len(self.view.selectionModel().selectedRows())

    def selected_text(self) -> tuple[str, int]:
        """Return the selected rows as tab-separated text with their headings, and how many."""
        header = self.view.horizontalHeader()
        columns = sorted(range(self.model.columnCount()), key=header.visualIndex)
        role = Qt.ItemDataRole.DisplayRole
        lines = [
            [str(self.model.headerData(c, Qt.Orientation.Horizontal, role) or "") for c in columns]
        ]
        rows = sorted(index.row() for index in self.view.selectionModel().selectedRows())
        for row in rows:
            cells = [self._proxy.index(row, column).data(role) for column in columns]
            lines.append(["" if cell is None else str(cell) for cell in cells])
        return "\n".join("\t".join(line) for line in lines), len(rows)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removalRequested.emit(self.selected_ids())
        else:
            super().keyPressEvent(event)

    def _on_proxy_columnsInserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Put another model's columns beside those of the current one."""
        header = self.view.horizontalHeader()
        after = header.visualIndex(Column.PROBABILITY) + 1
        for column in range(first, last + 1):
            place = column - len(Column)
            like = Column.PROBABILITY if place % 2 else Column.CLASS
            self.view.setColumnWidth(column, _WIDTHS[like])
            header.moveSection(header.visualIndex(column), after + place)

    def _on_filter_textChanged(self, text: str) -> None:
        self._proxy.set_text(text)

    def _on_view_currentRowChanged(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            row = self._proxy.mapToSource(current).row()
            self.currentRequested.emit(self.model.entry(row).id)

    def _on_view_selectionChanged(self, _on: QItemSelection, _off: QItemSelection) -> None:
        count, chosen = self.model.rowCount(), len(self.view.selectionModel().selectedRows())
        text = f"{count} open" if count else ""
        self.count_label.setText(f"{chosen} of {text}" if chosen > 1 else text)
        self.selectionChanged.emit()
