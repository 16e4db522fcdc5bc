"""The table of spectra as a Qt model over the frozen document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QBrush, QColor, QPixmap

from spectracnn.gui.theme import DARK, LIGHT
from spectracnn.state.document import Document, Entry
from spectracnn.view.columns import LABEL, NAME, columns
from spectracnn.view.palettes import curve_colour, tint_colour
from spectracnn.view.table import drawn_entries, runs
from spectracnn.view.tints import tints_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.state.selection import Selection
    from spectracnn.view.table_column import TableColumn

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-spectracnn-rows"
SORT_ROLE = Qt.ItemDataRole.UserRole
"""What rows are sorted by, as the view asks for it."""


_CELL = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemNeverHasChildren
    | Qt.ItemFlag.ItemIsDragEnabled
)
_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.EditRole,
        SORT_ROLE,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.TextAlignmentRole,
        Qt.ItemDataRole.ForegroundRole,
        Qt.ItemDataRole.CheckStateRole,
        Qt.ItemDataRole.DecorationRole,
    }
)


class SpectraModel(QAbstractTableModel):
    """One row an entry.

    Signals
    -------
    overlayRequested : frozenset of int
        The ids that should be overlaid, after a tick.
    orderRequested : list of int
        The ids in the order they were dragged to.
    labelRequested : (int, str)
        The label that was typed for an entry.
    """

    labelRequested = Signal(int, str)
    overlayRequested = Signal(object)
    orderRequested = Signal(object)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._document = Document()
        self._overlaid: frozenset[int] = frozenset()
        self._current: int | None = None
        self._coloured_by = ""
        self._colours: dict[int, str] = {}
        self._looks: dict[int, tuple[str, bool]] = {}
        self._dark = False
        self.columns: tuple[TableColumn, ...] = columns(self._document)

    @property
    def document(self) -> Document:
        """What is shown."""
        return self._document

    def entry(self, row: int) -> Entry:
        """Return the entry of a row."""
        return self._document.entries[row]

    def words(self, row: int) -> str:
        """Return what the filter looks at, in small letters."""
        entry = self._document.entries[row]
        texts = (c.text(self._document, entry) for c in self.columns if c.searched)
        return " ".join(texts).casefold()

    def column(self, name: str) -> int:
        """Return the place of a column, -1 where it is not shown."""
        return next((at for at, column in enumerate(self.columns) if column.name == name), -1)

    def row(self, entry_id: int) -> int:
        """Return the row of an entry, -1 if it is gone."""
        return self._document.rows.get(entry_id, -1)

    def reset(self, document: Document) -> None:
        """Show other rows; appending, the usual case, keeps selection and scroll position."""
        self._fit_columns(document)
        before, after = self._document.entries, document.entries
        first = len(before)
        grown = len(after) > first > 0 and after[first - 1].id == before[-1].id
        if grown and after[0].id == before[0].id:
            self.beginInsertRows(QModelIndex(), first, len(after) - 1)
            self._document = document
            self.endInsertRows()
        else:
            self.beginResetModel()
            self._document = document
            self.endResetModel()
        self._recolour()

    def _fit_columns(self, document: Document) -> None:
        """Take away columns that have nothing to show any more, and put in those that now have."""
        wanted = {column.name: column for column in columns(document)}
        for place in reversed(range(len(self.columns))):
            if self.columns[place].name not in wanted:
                self.beginRemoveColumns(QModelIndex(), place, place)
                self.columns = self.columns[:place] + self.columns[place + 1 :]
                self.endRemoveColumns()
        # The rows are still the old ones; what the other models said of them is there already.
        self._document = self._document.with_shown(others=document.others)
        self.columns = tuple(wanted[column.name] for column in self.columns)
        for place, column in enumerate(wanted.values()):
            if place >= len(self.columns) or self.columns[place].name != column.name:
                self.beginInsertColumns(QModelIndex(), place, place)
                self.columns = (*self.columns[:place], column, *self.columns[place:])
                self.endInsertColumns()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(wanted) - 1)

    def update(self, document: Document, first: int, last: int) -> None:
        """Show new answers in these rows."""
        self._document = document
        self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))
        if self._coloured_by:
            self._recolour()

    def set_selection(self, selection: Selection, dark: bool) -> None:
        """Show which entries are drawn, in which colours."""
        self._overlaid, self._current = selection.overlaid, selection.current
        self._dark, self._coloured_by = dark, selection.coloured_by
        self._recolour()

    def _recolour(self) -> None:
        """Give the drawn entries their colours, and tell of the rows that look different now.

        Of each row that is told of, the filter is asked again: with thousands of rows that takes
        seconds, so rows that are not drawn cost nothing here.
        """
        rows = self._document.rows
        drawn = drawn_entries(self._document, self._overlaid, self._current)
        self._colours = self._colours_of(drawn)
        looks = {item: (name, item in self._overlaid) for item, name in self._colours.items()}
        changed = {item for item, _ in looks.items() ^ self._looks.items()} & rows.keys()
        self._looks = looks
        roles = [Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.DecorationRole]
        for first, last in runs(sorted(rows[item] for item in changed)):
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0), roles)

    def _colours_of(self, drawn: Sequence[int]) -> dict[int, str]:
        """Return the colours of the curves that are drawn."""
        dark = self._dark
        if self._coloured_by:
            entries = [self._document.entries[self._document.rows[item]] for item in drawn]
            tints = tints_of(self._document, self._coloured_by, entries).of
            if tints:
                return {
                    item: tint_colour(tint, dark) for item, tint in zip(drawn, tints, strict=True)
                }
        return {item: curve_colour(place, dark) for place, item in enumerate(drawn)}

    # --- Qt's interface ----------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._document.entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and self.columns[section].right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return self.columns[section].about if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return self.flags_of(index.column() if index.isValid() else -1)

    def flags_of(self, column: int) -> Qt.ItemFlag:
        """Return what can be done with the cells of a column; -1 stands for beside all rows."""
        if not 0 <= column < len(self.columns):
            return Qt.ItemFlag.ItemIsDropEnabled
        if self.columns[column] is NAME:
            return _CELL | Qt.ItemFlag.ItemIsUserCheckable
        return _CELL | Qt.ItemFlag.ItemIsEditable if self.columns[column] is LABEL else _CELL

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self._document.entries):
            return None
        return self.cell(index.row(), index.column(), role)

    def cell(self, row: int, place: int, role: int) -> Any:
        """Return what a cell is in one of Qt's roles."""
        if role not in _ROLES:
            return None
        document, column = self._document, self.columns[place]
        entry = document.entries[row]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return column.text(document, entry)
        if role == SORT_ROLE:
            return column.key(document, entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.tip(document, entry)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column.stands_out(document, entry):
            return QBrush(QColor((DARK if self._dark else LIGHT).warning))
        if column is not NAME:
            return None
        if role == Qt.ItemDataRole.CheckStateRole:
            ticked = entry.id in self._overlaid
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return self._swatch(entry.id) if role == Qt.ItemDataRole.DecorationRole else None

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        entry_id = self._document.entries[index.row()].id
        if role == Qt.ItemDataRole.EditRole and self.columns[index.column()] is LABEL:
            # Later: the rows are made anew, which no editor that is still open survives.
            QTimer.singleShot(0, self, lambda: self.labelRequested.emit(entry_id, str(value)))
            return True
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        ticked = Qt.CheckState(value) is Qt.CheckState.Checked
        changed = self._overlaid | {entry_id} if ticked else self._overlaid - {entry_id}
        self.overlayRequested.emit(frozenset(changed))
        return True

    def _swatch(self, entry_id: int) -> QPixmap:
        swatch = QPixmap(10, 10)
        name = self._colours.get(entry_id)
        swatch.fill(Qt.GlobalColor.transparent if name is None else QColor(name))
        return swatch

    # --- dragging rows -----------------------------------------------------------------------

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = sorted({index.row() for index in indexes})
        mime = QMimeData()
        mime.setData(MIME, ",".join(str(self.entry(row).id) for row in rows).encode())
        return mime

    def dropMimeData(
        self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: Index
    ) -> bool:
        if not data.hasFormat(MIME):
            return False
        moved = [int(part) for part in bytes(data.data(MIME).data()).split(b",")]
        place = row if row >= 0 else parent.row() if parent.isValid() else self.rowCount()
        ids = [entry.id for entry in self._document.entries]
        before = [i for i in ids[:place] if i not in moved]
        after = [i for i in ids[place:] if i not in moved]
        self.orderRequested.emit([*before, *moved, *after])
        return False  # the rows come back in their new order; the view must not remove any
