"""The table of spectra as a Qt model over the frozen document."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPixmap

from spectracnn.gui.panels.other_cells import SORT_ROLE, OtherCells
from spectracnn.state.document import Document, Entry
from spectracnn.view.palettes import curve_colour
from spectracnn.view.table import badges, drawn_entries, predicted_class, probability, runs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.state.others import OtherModel

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-spectracnn-rows"


class Column(IntEnum):
    """The table's columns."""

    NAME = 0
    BADGES = 1
    CLASS = 2
    PROBABILITY = 3
    COUNT = 4
    FILE = 5


_HEADINGS = ("Name", "", "Class", "p", "n", "File")
_TIPS = (
    "Name of the spectrum; ticked ones are drawn together",
    "Oddities of the file",
    "Predicted class",
    "Probability of the predicted class",
    "Number of eigenvalues",
    "File it came from",
)


class SpectraModel(QAbstractTableModel):
    """One row an entry.

    Signals
    -------
    overlayRequested : frozenset of int
        The ids that should be overlaid, after a tick.
    orderRequested : list of int
        The ids in the order they were dragged to.
    """

    overlayRequested = Signal(object)
    orderRequested = Signal(object)

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self._document = Document()
        self._overlaid: frozenset[int] = frozenset()
        self._current: int | None = None
        self._colours: dict[int, int] = {}
        self._looks: dict[int, tuple[int, bool, bool]] = {}
        self._dark = False
        self._cells = OtherCells()

    def entry(self, row: int) -> Entry:
        """Return the entry of a row."""
        return self._document.entries[row]

    def words(self, row: int) -> str:
        """Return what the filter looks at, in small letters."""
        entry = self._document.entries[row]
        texts = (self._text(entry, column) for column in (Column.NAME, Column.CLASS, Column.FILE))
        return " ".join(texts).casefold()

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
        """Have a pair of columns for each of the other models: its class and the probability."""
        change = 2 * (len(document.others) - len(self._document.others))
        last = self.columnCount() - 1
        if change > 0:
            self.beginInsertColumns(QModelIndex(), last + 1, last + change)
        elif change < 0:
            self.beginRemoveColumns(QModelIndex(), last + change + 1, last)
        self._document = replace(self._document, others=document.others)
        if change > 0:
            self.endInsertColumns()
        elif change < 0:
            self.endRemoveColumns()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def update(self, document: Document, first: int, last: int) -> None:
        """Show new answers in these rows."""
        self._document = document
        self.dataChanged.emit(self.index(first, 0), self.index(last, self.columnCount() - 1))

    def set_overlaid(self, overlaid: frozenset[int], current: int | None, dark: bool) -> None:
        """Show which entries are drawn, in which colours."""
        self._overlaid, self._dark, self._current = overlaid, dark, current
        self._cells.dark = dark
        self._recolour()

    def _recolour(self) -> None:
        """Give the drawn entries their colours, and tell of the rows that look different now.

        Of each row that is told of, the filter is asked again: with thousands of rows that takes
        seconds, so rows that are not drawn cost nothing here.
        """
        rows = self._document.rows
        drawn = drawn_entries(self._document, self._overlaid, self._current)
        self._colours = {entry_id: place for place, entry_id in enumerate(drawn)}
        looks = {
            item: (place, item in self._overlaid, self._dark)
            for item, place in self._colours.items()
        }
        changed = {item for item, _ in looks.items() ^ self._looks.items()} & rows.keys()
        self._looks = looks
        roles = [Qt.ItemDataRole.CheckStateRole, Qt.ItemDataRole.DecorationRole]
        for first, last in runs(sorted(rows[item] for item in changed)):
            self.dataChanged.emit(self.index(first, 0), self.index(last, 0), roles)

    # --- Qt's interface ----------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._document.entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column) + 2 * len(self._document.others)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is Qt.Orientation.Horizontal:
            other = self._other(section)
            if other is not None:
                return self._cells.heading(other[0].model, other[1], role)
            if role == Qt.ItemDataRole.DisplayRole:
                return _HEADINGS[section]
            if role == Qt.ItemDataRole.ToolTipRole:
                return _TIPS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        if index.column() == Column.NAME:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = 0) -> Any:
        entry = self._document.entries[index.row()]
        other = self._other(index.column())
        if other is not None:
            return self._cells.data(self._document, entry, *other, role)
        column = Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, column)
        if role == SORT_ROLE:
            return self._sort_key(entry, column)
        if role == Qt.ItemDataRole.CheckStateRole and column is Column.NAME:
            ticked = entry.id in self._overlaid
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DecorationRole and column is Column.NAME:
            return self._swatch(entry.id)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(entry, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (
            Column.COUNT,
            Column.PROBABILITY,
        ):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def setData(self, index: Index, value: Any, role: int = 0) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        entry_id = self._document.entries[index.row()].id
        ticked = Qt.CheckState(value) is Qt.CheckState.Checked
        changed = self._overlaid | {entry_id} if ticked else self._overlaid - {entry_id}
        self.overlayRequested.emit(frozenset(changed))
        return True

    def _other(self, column: int) -> tuple[OtherModel, bool] | None:
        """Return whose column that is, and whether it is the class; None for one of our own."""
        place, second = divmod(column - len(Column), 2)
        if not 0 <= place < len(self._document.others):
            return None
        return self._document.others[place], not second

    def _text(self, entry: Entry, column: Column) -> str:
        classes = self._document.model.classes if self._document.model else ()
        match column:
            case Column.NAME:
                return entry.spectrum.name
            case Column.CLASS:
                return predicted_class(entry, classes)
            case Column.PROBABILITY:
                share = probability(entry)
                return "" if share is None else f"{share:.2f}"
            case Column.COUNT:
                return str(len(entry.spectrum))
            case Column.BADGES:
                return " ".join(text for text, _ in badges(entry))
        return entry.spectrum.source.name if entry.spectrum.source else "pasted"

    def _sort_key(self, entry: Entry, column: Column) -> Any:
        if column is Column.PROBABILITY:
            return probability(entry) or -1.0
        if column is Column.COUNT:
            return len(entry.spectrum)
        return self._text(entry, column).casefold()

    def _swatch(self, entry_id: int) -> QPixmap:
        swatch = QPixmap(10, 10)
        place = self._colours.get(entry_id)
        swatch.fill(
            Qt.GlobalColor.transparent if place is None else QColor(curve_colour(place, self._dark))
        )
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


def _tip(entry: Entry, column: Column) -> str:
    if column is Column.BADGES:
        return "\n".join(tip for _, tip in badges(entry))
    if column is Column.FILE:
        return str(entry.spectrum.source or "")
    if column is Column.CLASS:
        return entry.refusal
    return entry.spectrum.name
