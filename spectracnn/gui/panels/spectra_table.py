"""The table of spectra with its filter box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.panels.column_widths import ColumnWidths
from spectracnn.gui.panels.mesh_rows import MeshRows
from spectracnn.gui.panels.nothing_matches import NothingMatches
from spectracnn.gui.panels.spectra_filter import spans
from spectracnn.gui.panels.spectra_model import SpectraModel
from spectracnn.gui.panels.table_rows import TableRows
from spectracnn.gui.theme import number_font

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spectracnn.gui.theme import Theme
    from spectracnn.state.document import Document
    from spectracnn.state.mesh_rows import MeshRow
    from spectracnn.state.selection import Selection

_MOST_KEPT = 2000
"""Of so many selected rows the selection outlives that columns come and go."""


class SpectraTable(QWidget):
    """Chooses the current spectrum and the overlaid ones.

    Signals
    -------
    currentRequested : int
        Entry id.
    overlayRequested : frozenset of int
    removalRequested : list of int
    orderRequested : list of int
    labelRequested : (int, str)
        Entry id, and the label that was typed.
    selectionChanged : ()
        Other rows are selected.
    """

    labelRequested = Signal(int, str)
    currentRequested = Signal(int)
    overlayRequested = Signal(object)
    removalRequested = Signal(object)
    orderRequested = Signal(object)
    selectionChanged = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._selection: Selection | None = None
        self._losing_rows = False
        self.model = SpectraModel(self)
        self._proxy = TableRows(self.model, self)
        self.filter_edit = QLineEdit(placeholderText="Filter by name, class, subject or file")
        self.filter_edit.setClearButtonEnabled(True)
        self.filter_edit.setAcceptDrops(False)
        self.filter_edit.setAccessibleName("Filter the spectra")
        self.count_label = QLabel()
        self.count_label.setProperty("muted", True)
        self.view = QTableView()
        self._set_up_view()
        self.widths = ColumnWidths(self.view, self.model)
        self.meshes = MeshRows(self.view, self._proxy, self.model)
        self.nothing = NothingMatches()
        self._arrange()
        self.nothing.clearRequested.connect(self.filter_edit.clear)
        self._proxy.matchesChanged.connect(self._show_count)
        self.filter_edit.textChanged.connect(self._on_filter_textChanged)
        self.model.overlayRequested.connect(self.overlayRequested)
        self.model.orderRequested.connect(self.orderRequested)
        self.model.labelRequested.connect(self.labelRequested)
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
        view.setTabKeyNavigation(False)  # Tab leaves the table; arrows move within
        view.setWordWrap(False)
        view.setSortingEnabled(True)
        view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(24)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._proxy.selection = view.selectionModel()
        header = view.horizontalHeader()
        # Else it would look through all rows to see whether a column is selected.
        header.setSelectionModel(QItemSelectionModel(self._proxy, header))
        header.setSortIndicatorClearable(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(22)

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
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.nothing)
        layout.addWidget(self._pages, 1)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour the swatches."""
        self._theme = theme
        if self._selection is not None:
            self.show_selection(self._selection)

    def reset(self, document: Document) -> None:
        """Show other rows."""
        known, columns = self.model.rowCount(), self.model.columns
        chosen = self.selected_ids() if self.selected_count <= _MOST_KEPT else []
        self.model.reset(document)
        if [column.name for column in columns] != [column.name for column in self.model.columns]:
            self._select_rows(chosen)  # Qt leaves new columns out of what was selected
        self.widths.fit_badges(document.entries[known:] or document.entries)
        self._show_count()
        if self._selection is not None:
            self.show_selection(self._selection)

    def show_meshes(self, meshes: tuple[MeshRow, ...]) -> None:
        """Show what is being computed below the spectra."""
        on_mesh = self._proxy.mesh(self.view.currentIndex().row()) is not None
        # Qt goes to the neighbour of a row that is lost, which nobody chose.
        self._losing_rows = on_mesh
        self.meshes.show_rows(meshes)
        self._losing_rows = False
        if on_mesh and self._selection is not None:
            if self._proxy.mesh(self.view.currentIndex().row()) is None:
                self.show_selection(self._selection)
        self._show_count()

    def update_answers(self, document: Document, first: int, last: int) -> None:
        """Show new answers."""
        self.model.update(document, first, last)
        self.widths.fit_badges(document.entries[first : last + 1])
        if self.filter_edit.text():
            self._show_count()

    def show_selection(self, selection: Selection) -> None:
        """Show what is current and what is overlaid."""
        before = None if self._selection is None else self._selection.current
        self._selection = selection
        self.model.set_selection(selection, self._theme.dark)
        if selection.current is None:
            return
        if selection.current == before and self._proxy.mesh(self.view.currentIndex().row()):
            return  # someone looks at a mesh, while others become spectra
        row = self.model.row(selection.current)
        index = self._proxy.mapFromSource(self.model.index(row, 0))
        if index.isValid() and self.view.currentIndex().row() != index.row():
            self.view.setCurrentIndex(index)

    def select(self, ids: Iterable[int]) -> None:
        """Select these rows, and scroll to the first of them; the current one stays."""
        rows = self._select_rows(ids)
        if rows:
            top = self._proxy.mapFromSource(self.model.index(rows[0], 0))
            self.view.scrollTo(top, QAbstractItemView.ScrollHint.PositionAtCenter)

    def _select_rows(self, ids: Iterable[int]) -> list[int]:
        rows = sorted(row for item in ids if (row := self.model.row(item)) >= 0)
        flags = QItemSelectionModel.SelectionFlag
        self.view.selectionModel().select(
            self._proxy.selection_of(rows), flags.ClearAndSelect | flags.Rows
        )
        return rows

    def selected_ids(self) -> list[int]:
        """Return the ids of the selected rows, from the top."""
        rows = self._proxy.source_rows(self.view.selectionModel().selection())
        ids = self.model.document.answers.ids
        return [] if not rows else ids[rows].tolist()

    @property
    def selected_count(self) -> int:
        """How many spectra are selected."""
        parts = spans(self.view.selectionModel().selection())
        count, reached = 0, -1
        last = self._proxy.spectra - 1
        for top, bottom in sorted(parts):  # they overlap where columns came or went
            count += max(0, min(bottom, last) - max(top - 1, reached))
            reached = max(reached, bottom)
        return count

    def selected_text(self) -> tuple[str, int]:
        """Return the selected rows as tab-separated text with their headings, and how many."""
        header = self.view.horizontalHeader()
        columns = sorted(range(self.model.columnCount()), key=header.visualIndex)
        role = Qt.ItemDataRole.DisplayRole
        lines = [
            [str(self.model.headerData(c, Qt.Orientation.Horizontal, role) or "") for c in columns]
        ]
        chosen = self.view.selectionModel().selectedRows()
        rows = sorted(row for index in chosen if (row := index.row()) < self._proxy.spectra)
        for row in rows:
            cells = [self._proxy.index(row, column).data(role) for column in columns]
            lines.append(["" if cell is None else str(cell) for cell in cells])
        return "\n".join("\t".join(line) for line in lines), len(rows)

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removalRequested.emit(self.selected_ids())
        else:
            super().keyPressEvent(event)

    def _on_filter_textChanged(self, text: str) -> None:
        self._proxy.set_text(text)
        self._show_count()

    def _show_count(self) -> None:
        """Say how many there are, and where none is shown, why."""
        count, shown, chosen = self.model.rowCount(), self._proxy.spectra, self.selected_count
        text = f"{count} open" if count else ""
        if shown < count:
            text = f"{shown} of {count} shown"
        elif chosen > 1:
            text = f"{chosen} of {count} selected"
        self.count_label.setText(text)
        self.filter_edit.setToolTip(self._proxy.problem)
        nothing = count > 0 and self._proxy.rowCount() == 0
        if nothing:
            self.nothing.explain(self.filter_edit.text(), count)
        self._pages.setCurrentWidget(self.nothing if nothing else self.view)

    def _on_view_currentRowChanged(self, current: QModelIndex, _before: QModelIndex) -> None:
        row = self._proxy.source_row(current.row()) if current.isValid() else -1
        if row >= 0 and not self._losing_rows:
            self.currentRequested.emit(self.model.entry(row).id)

    def _on_view_selectionChanged(self, _on: QItemSelection, _off: QItemSelection) -> None:
        self._show_count()
        self.selectionChanged.emit()
