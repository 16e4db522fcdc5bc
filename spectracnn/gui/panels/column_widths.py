"""How wide the table's columns are: the names take the room that the others leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Slot

from spectracnn.view.columns import NAME
from spectracnn.view.table import badges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QTableView

    from spectracnn.gui.panels.spectra_model import SpectraModel
    from spectracnn.state.document import Entry

_LEAST_NAME, _PADDING, _MOST_BADGES, _NO_BADGES = 114, 14, 120, 22

_LOOKED_AT = 64
"""Of many entries the badges of so many are measured."""


class ColumnWidths(QObject):
    """Gives each column its width once; keeps the names as wide as the view allows.

    A person who drags the edge of the names' column decides its width from then on.
    """

    def __init__(self, view: QTableView, model: SpectraModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._own = False
        self._chosen = False
        self._badges: set[str] = set()
        header = view.horizontalHeader()
        header.sectionResized.connect(self._on_header_sectionResized)
        view.model().columnsInserted.connect(self._on_model_columnsInserted)
        view.model().columnsRemoved.connect(self._on_model_columnsRemoved)
        view.viewport().installEventFilter(self)
        self._set_first(0, model.columnCount() - 1)

    def fit_badges(self, entries: Sequence[Entry]) -> None:
        """Make the badges' column wide enough for those of these entries."""
        some = entries[:: max(1, len(entries) // _LOOKED_AT)]
        texts = {" ".join(text for text, _ in badges(entry)) for entry in some} - self._badges
        place = self._model.column("badges")
        if not texts or place < 0:
            return
        self._badges |= texts
        measure = self._view.fontMetrics().horizontalAdvance
        widest = max(measure(text) + _PADDING for text in texts)
        width = min(max(widest, self._view.columnWidth(place), _NO_BADGES), _MOST_BADGES)
        self._set(place, width)
        self._stretch()

    def _set_first(self, first: int, last: int) -> None:
        for place in range(first, last + 1):
            column = self._model.columns[place]
            self._set(place, column.width or _NO_BADGES)
        self._stretch()

    def _set(self, place: int, width: int) -> None:
        if self._view.columnWidth(place) != width:
            self._own = True
            self._view.setColumnWidth(place, width)
            self._own = False

    def _stretch(self) -> None:
        place = self._model.column(NAME.name)
        if self._chosen or place < 0:
            return
        others = self._view.horizontalHeader().length() - self._view.columnWidth(place)
        room = self._view.viewport().width() - others
        self._set(place, max(_LEAST_NAME, room))

    @Slot(int, int, int)
    def _on_header_sectionResized(self, place: int, _before: int, _after: int) -> None:
        if self._own:
            return
        if place == self._model.column(NAME.name):
            self._chosen = True
        else:
            self._stretch()

    @Slot(QModelIndex, int, int)
    def _on_model_columnsInserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._set_first(first, last)
        self._badges = set()

    @Slot(QModelIndex, int, int)
    def _on_model_columnsRemoved(self, _parent: QModelIndex, _first: int, _last: int) -> None:
        self._stretch()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._stretch()
        return False
