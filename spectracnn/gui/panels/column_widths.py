"""Which of the table's columns have room, and how wide they are: the names take what is left."""

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

_LEAST_NAME, _PADDING, _MOST_BADGES, _NO_BADGES = 96, 14, 120, 22
_LOOKED_AT = 64
"""Of many entries the badges of so many are measured."""


class ColumnWidths(QObject):
    """Gives each column its width once; keeps the names as wide as the view allows.

    Columns that can be spared are left out where the view is too narrow for them, so that none is
    cut and nothing must be scrolled, unless all are wanted. A person who drags the edge of the
    names' column decides its width from then on.
    """

    def __init__(self, view: QTableView, model: SpectraModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._own = False
        self._chosen = False
        self._badges: set[str] = set()
        self._unsure = False  # whether rows were not looked at, which may have badges
        self._all = False
        self._widths: dict[str, int] = {}  # the view says 0 of a hidden column
        header = view.horizontalHeader()
        header.sectionResized.connect(self._on_header_sectionResized)
        view.model().columnsInserted.connect(self._on_model_columnsInserted)
        view.model().columnsRemoved.connect(self._on_model_columnsRemoved)
        view.viewport().installEventFilter(self)
        self._set_first(0, model.columnCount() - 1)

    @property
    def all_shown(self) -> bool:
        """Whether columns are shown that there is no room for."""
        return self._all

    def show_all(self, wanted: bool) -> None:
        """Show every column, or only those that there is room for."""
        self._all = wanted
        self._stretch()

    def fit_badges(self, entries: Sequence[Entry]) -> None:
        """Make the badges' column wide enough for those of these entries."""
        some = entries[:: max(1, len(entries) // _LOOKED_AT)]
        self._unsure |= len(some) < len(entries)
        texts = {" ".join(text for text, _ in badges(entry)) for entry in some} - self._badges
        place = self._model.column("badges")
        if not texts or place < 0:
            return
        self._badges |= texts
        measure = self._view.fontMetrics().horizontalAdvance
        widest = max(measure(text) + _PADDING for text in texts)
        width = min(max(widest, self._widths.get("badges", 0), _NO_BADGES), _MOST_BADGES)
        self._set(place, width)
        self._stretch()

    def _set_first(self, first: int, last: int) -> None:
        for place in range(first, last + 1):
            column = self._model.columns[place]
            self._set(place, column.width or _NO_BADGES)
        self._stretch()

    def _set(self, place: int, width: int) -> None:
        self._widths[self._model.columns[place].name] = width
        if self._view.columnWidth(place) != width:
            self._own = True
            self._view.setColumnWidth(place, width)
            self._own = False

    def _stretch(self) -> None:
        place = self._model.column(NAME.name)
        if place < 0:
            return
        least = self._view.columnWidth(place) if self._chosen else _LEAST_NAME
        room = self._view.viewport().width() - self._leave_out(least)
        if not self._chosen:
            self._set(place, max(_LEAST_NAME, room))

    def _leave_out(self, names: int) -> int:
        """Hide what there is no room for beside the names; return the width of what is shown."""
        columns, shown = self._model.columns, set[int]()
        room = self._view.viewport().width() - names
        by_need = sorted(range(len(columns)), key=lambda place: columns[place].spare)
        for place in by_need:
            column = columns[place]
            width = self._widths.get(column.name, 0)
            if column is NAME or (column.name == "badges" and not self._has_badges):
                continue
            if column.spare and not self._all and width > room:
                break  # the order in which columns go does not depend on how wide they are
            shown.add(place)
            room -= width
        header = self._view.horizontalHeader()
        for place, column in enumerate(columns):
            hidden = column is not NAME and place not in shown
            if header.isSectionHidden(place) != hidden:
                self._own = True
                header.setSectionHidden(place, hidden)
                self._own = False
        return self._view.viewport().width() - names - room

    @property
    def _has_badges(self) -> bool:
        return self._unsure or any(self._badges)

    @Slot(int, int, int)
    def _on_header_sectionResized(self, place: int, _before: int, after: int) -> None:
        if self._own:
            return
        if place == self._model.column(NAME.name):
            self._chosen = True
        else:
            self._widths[self._model.columns[place].name] = after
            self._stretch()

    @Slot(QModelIndex, int, int)
    def _on_model_columnsInserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._set_first(first, last)

    @Slot(QModelIndex, int, int)
    def _on_model_columnsRemoved(self, _parent: QModelIndex, _first: int, _last: int) -> None:
        self._stretch()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._stretch()
        return False
