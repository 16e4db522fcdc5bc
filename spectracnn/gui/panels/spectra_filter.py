"""Which rows of the table are shown, and in which order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import (
    QAbstractProxyModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from spectracnn.gui.panels.row_keys import RowKeys
from spectracnn.view.filtering import Filter, fulfilled, parsed
from spectracnn.view.sorting import order_of
from spectracnn.view.table import runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.panels.spectra_model import SpectraModel

Index = QModelIndex | QPersistentModelIndex
_AT_ONCE = 2000
"""With more rows, order and filter follow the answers after a while, and not at each of them."""
_REMEMBERED = 100
"""So many selected rows may Qt follow by itself when rows move: it does so cell by cell."""
_REST_MS = 700
_SLICE_SECONDS = 0.008
_NOWHERE = QModelIndex()


def spans(selection: QItemSelection) -> list[tuple[int, int]]:
    """Return the first and last row of each part of a selection."""
    parts = (selection.at(place) for place in range(selection.size()))
    return [(part.top(), part.bottom()) for part in parts]


class SpectraFilterModel(QAbstractProxyModel):
    """Shows the rows that match what is typed, in the order of a column.

    Qt's own proxy asks for the texts of each row again and again; here the rows are an array, made
    anew by NumPy.

    Signals
    -------
    matchesChanged : ()
        Other rows are shown, though nothing was typed.
    """

    matchesChanged = Signal()

    def __init__(self, model: SpectraModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._filter = Filter()
        self._sorted: tuple[str, bool] | None = None
        self._rows: NDArray[np.int64] = np.arange(0)
        self._places: NDArray[np.int64] = np.arange(0)
        self._order: NDArray[np.int64] = np.arange(0)
        self._keys = RowKeys(model, self)
        self._keys.gathered.connect(self._on_keys_gathered)
        self._words: list[str | None] = []
        self.problem = ""
        self.selection: QItemSelectionModel | None = None
        self._later = QTimer(self, singleShot=True, interval=_REST_MS)
        self._later.timeout.connect(self._on_later_timeout)
        self._reading = QTimer(self, interval=0)
        self._reading.timeout.connect(self._on_reading_timeout)
        self._soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._soon.timeout.connect(self._reading.start)
        self._next = 0
        self.setSourceModel(model)
        model.modelAboutToBeReset.connect(self.beginResetModel)
        model.modelReset.connect(self._on_model_modelReset)
        model.rowsInserted.connect(self._on_model_rowsInserted)
        model.dataChanged.connect(self._on_model_dataChanged)
        model.columnsAboutToBeInserted.connect(self._on_model_columnsAboutToBeInserted)
        model.columnsInserted.connect(self._on_model_columnsInserted)
        model.columnsAboutToBeRemoved.connect(self._on_model_columnsAboutToBeRemoved)
        model.columnsRemoved.connect(self._on_model_columnsRemoved)
        model.headerDataChanged.connect(self.headerDataChanged)

    # --- what is shown -----------------------------------------------------------------------

    def set_text(self, text: str) -> None:
        """Keep the rows that hold the words, and fulfil the conditions, of a text."""
        wanted = parsed(text)
        if wanted != self._filter:
            self._filter = wanted
            if wanted.words and self._next < len(self._words):
                self._reading.start()
            self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Put rows in the order of a column; -1 for the order in which they were opened."""
        known = 0 <= column < len(self._model.columns)
        descending = order == Qt.SortOrder.DescendingOrder
        self._sorted = (self._model.columns[column].name, descending) if known else None
        self._arrange()

    @property
    def plain(self) -> bool:
        """Whether all rows are shown in the order in which they were opened."""
        return self._sorted is None and not self._filter

    def source_row(self, row: int) -> int:
        """Return the row of the document that is shown in a row."""
        return int(self._rows[row])

    def source_rows(self, selection: QItemSelection) -> list[int]:
        """Return the rows of the document that are selected, from the top."""
        shown = np.zeros(len(self._rows), np.bool_)
        for top, bottom in spans(selection):
            shown[top : bottom + 1] = True  # rows behind the last spectrum are none
        return self._rows[shown].tolist()

    def selection_of(self, rows: Iterable[int]) -> QItemSelection:
        """Return what selects these rows of the document."""
        wanted = np.fromiter(rows, np.int64)
        places = self._places[wanted]
        last = max(0, self.columnCount() - 1)
        found = QItemSelection()
        for top, bottom in runs(np.sort(places[places >= 0]).tolist()):
            found.select(self.index(top, 0), self.index(bottom, last))
        return found

    def _arranged(self) -> NDArray[np.int64]:
        document = self._model.document
        rows = self._ordered()
        self.problem = ""
        if self._filter.conditions:
            mask, self.problem = fulfilled(document, self._filter.conditions)
            rows = rows[mask[rows]]
        return rows[self._holding(rows)] if self._filter.words else rows

    def _ordered(self) -> NDArray[np.int64]:
        """Return all rows in their order; the one before while keys are being gathered."""
        count = self._model.rowCount()
        column = self._model.column(self._sorted[0]) if self._sorted is not None else -1
        if self._sorted is None or column < 0:
            self._order = np.arange(count)
            return self._order
        keys = self._keys.of(self._model.columns[column])
        if keys is not None:
            self._order = order_of(keys, self._sorted[1])
        elif len(self._order) != count:
            self._order = np.arange(count)
        return self._order

    def _holding(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which rows hold all words; of a large table, among those read so far."""
        if len(self._words) <= _AT_ONCE:
            self._read_words(len(self._words))
        words, texts = self._filter.words, self._words
        first, *more = words
        found = [(text := texts[row]) is not None and first in text for row in rows.tolist()]
        mask = np.array(found, np.bool_)
        for word in more:
            for place in np.flatnonzero(mask):
                mask[place] = word in (texts[rows[place]] or "")
        return mask

    def _take(self, rows: NDArray[np.int64]) -> None:
        self._rows = rows
        self._places = np.full(self._model.rowCount(), -1, np.int64)
        self._places[rows] = np.arange(len(rows))

    def _arrange(self) -> None:
        """Show what should be shown now; what was selected stays selected."""
        rows = self._arranged()
        if np.array_equal(rows, self._rows):
            return
        chosen = self._let_go()
        self._change_layout(rows)
        if chosen:
            self._choose_again(chosen)

    def _let_go(self) -> list[int]:
        """Deselect very many rows, of which Qt would remember each, and return them."""
        if self.selection is None:
            return []
        selected = self.selection.selection()
        rows = sum(bottom + 1 - top for top, bottom in spans(selected))
        if rows <= _REMEMBERED or rows == len(self._rows):
            return []
        chosen = self.source_rows(selected)
        self.selection.select(QItemSelection(), QItemSelectionModel.SelectionFlag.Clear)
        return chosen

    def _choose_again(self, rows: list[int]) -> None:
        """Select these rows again, unless they lie in too many pieces."""
        assert self.selection is not None
        chosen = self.selection_of(sorted(rows))
        if chosen.size() <= _AT_ONCE:
            flags = QItemSelectionModel.SelectionFlag
            self.selection.select(chosen, flags.Select | flags.Rows)

    def _change_layout(self, rows: NDArray[np.int64]) -> None:
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        sources = [(self._origin(index.row()), index.column()) for index in kept]
        self._take(rows)
        moved = []
        for origin, column in sources:
            place = self._place(origin)
            moved.append(self.createIndex(place, column) if place >= 0 else QModelIndex())
        self.changePersistentIndexList(kept, moved)
        self.layoutChanged.emit()

    def _origin(self, row: int) -> int:
        """Return what is shown in a row, for as long as rows change their places."""
        return int(self._rows[row])

    def _place(self, origin: int) -> int:
        """Return the row in which that is shown now, -1 for none."""
        return int(self._places[origin])

    # --- words of rows -----------------------------------------------------------------------

    def _read_words(self, stop: int, seconds: float = float("inf")) -> None:
        due = time.perf_counter() + seconds
        while self._next < stop:
            if self._words[self._next] is None:
                self._words[self._next] = self._model.words(self._next)
            self._next += 1
            if self._next % 32 == 0 and time.perf_counter() > due:
                return

    @Slot()
    def _on_reading_timeout(self) -> None:
        self._read_words(len(self._words), _SLICE_SECONDS)
        if self._next >= len(self._words):
            self._reading.stop()
            if self._filter.words:
                self._on_later_timeout()
        elif self._filter.words and not self._later.isActive():
            self._later.start()

    # --- following the source ----------------------------------------------------------------

    @Slot()
    def _on_later_timeout(self) -> None:
        self._arrange()
        self.matchesChanged.emit()

    @Slot()
    def _on_keys_gathered(self) -> None:
        self._arrange()

    @Slot()
    def _on_model_modelReset(self) -> None:
        self._keys.forget()
        self._words = [None] * self._model.rowCount()
        self._next = 0
        self._take(self._arranged())
        self.endResetModel()
        self._read_soon()

    def _read_soon(self) -> None:
        """Read the words of many rows before someone types, but not while rows still come."""
        if self._filter.words:
            self._reading.start()
        elif len(self._words) > _AT_ONCE and not self._reading.isActive():
            self._soon.start()

    @Slot(QModelIndex, int, int)
    def _on_model_rowsInserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._keys.forget()
        self._words[first:first] = [None] * (last + 1 - first)
        self._next = min(self._next, first)
        if self.plain:
            self.beginInsertRows(QModelIndex(), first, last)
            self._take(np.arange(self._model.rowCount()))
            self.endInsertRows()
        else:
            self._places = np.concatenate([self._places, np.full(last + 1 - first, -1, np.int64)])
            if len(self._words) > _AT_ONCE:
                self._later.start()
            else:
                self._arrange()
        self._read_soon()

    @Slot(QModelIndex, QModelIndex, list)
    def _on_model_dataChanged(self, first: QModelIndex, last: QModelIndex, roles: Any) -> None:
        rows = slice(first.row(), last.row() + 1)
        if not roles:
            self._keys.forget()
            self._words[rows] = [None] * (last.row() + 1 - first.row())
            self._next = min(self._next, first.row())
            self._read_soon()
        if not roles and not self.plain:
            if len(self._words) > _AT_ONCE:
                if not self._later.isActive():
                    self._later.start()
            else:
                self._arrange()
        places = self._places[rows]
        places = places[places >= 0]
        if len(places):
            top = self.index(int(places.min()), first.column())
            self.dataChanged.emit(top, self.index(int(places.max()), last.column()), roles)

    @Slot(QModelIndex, int, int)
    def _on_model_columnsAboutToBeInserted(self, _parent: QModelIndex, a: int, b: int) -> None:
        self.beginInsertColumns(QModelIndex(), a, b)

    @Slot()
    def _on_model_columnsInserted(self) -> None:
        self.endInsertColumns()
        self._forget_words()

    @Slot(QModelIndex, int, int)
    def _on_model_columnsAboutToBeRemoved(self, _parent: QModelIndex, a: int, b: int) -> None:
        self.beginRemoveColumns(QModelIndex(), a, b)

    @Slot()
    def _on_model_columnsRemoved(self) -> None:
        self.endRemoveColumns()
        self._forget_words()

    def _forget_words(self) -> None:
        self._words, self._next = [None] * len(self._words), 0
        self._read_soon()

    # --- Qt's interface ----------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._model.columnCount()

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        known = not parent.isValid() and 0 <= row < len(self._rows)
        if not known or not 0 <= column < self._model.columnCount():
            return QModelIndex()
        return self.createIndex(row, column)

    def parent(self, _index: Index = _NOWHERE) -> QModelIndex:  # type: ignore[override]
        return QModelIndex()

    def mapToSource(self, index: Index) -> QModelIndex:
        if not index.isValid() or index.row() >= len(self._rows):
            return QModelIndex()
        return self._model.index(int(self._rows[index.row()]), index.column())

    def mapFromSource(self, index: Index) -> QModelIndex:
        if not index.isValid() or index.row() >= len(self._places):
            return QModelIndex()
        return self.index(int(self._places[index.row()]), index.column())

    def mapSelectionFromSource(self, selection: QItemSelection) -> QItemSelection:
        rows = {row for top, bottom in spans(selection) for row in range(top, bottom + 1)}
        return self.selection_of(sorted(rows))

    def flags(self, index: Index) -> Qt.ItemFlag:
        # The selection asks for those of each row whenever rows change their places.
        return self._model.flags_of(index.column() if index.isValid() else -1)

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        return self._model.cell(int(self._rows[index.row()]), index.column(), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        return self._model.headerData(section, orientation, role)
