"""By what many rows are sorted, where each row must be asked: gathered in small slices of time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from spectracnn.view.sorting import quick_keys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from spectracnn.gui.panels.spectra_model import SpectraModel
    from spectracnn.view.table_column import TableColumn

_SLICE_SECONDS = 0.008
_BETWEEN_LOOKS = 64
AT_ONCE = 2000
"""Of so many rows the keys are gathered while one waits."""


class RowKeys(QObject):
    """Keys of one column at a time.

    Signals
    -------
    gathered : ()
        Those that were missing are there.
    """

    gathered = Signal()

    def __init__(self, model: SpectraModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._name = ""
        self._known: list[Any] = []
        self._new: list[Any] = []
        self._stale = True
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._on_timer_timeout)

    def forget(self) -> None:
        """Gather anew when they are wanted again: rows say something else."""
        self._stale = True

    def of(self, column: TableColumn) -> Sequence[Any] | NDArray[Any] | None:
        """Return a column's keys, or those of a moment ago; None while there are none."""
        document = self._model.document
        keys = quick_keys(document, column)
        if keys is not None:
            self._timer.stop()
            return keys
        if len(document.entries) <= AT_ONCE:
            return [column.key(document, entry) for entry in document.entries]
        if column.name != self._name or self._stale:
            if column.name != self._name:
                self._known = []
            self._name, self._new, self._stale = column.name, [], False
            self._timer.start()
        return self._known if len(self._known) == len(document.entries) else None

    @Slot()
    def _on_timer_timeout(self) -> None:
        place = self._model.column(self._name)
        if place < 0:
            self._timer.stop()
            return
        column, document = self._model.columns[place], self._model.document
        due = time.perf_counter() + _SLICE_SECONDS
        while (start := len(self._new)) < len(document.entries):
            part = document.entries[start : start + _BETWEEN_LOOKS]
            self._new += [column.key(document, entry) for entry in part]
            if time.perf_counter() > due:
                return
        self._timer.stop()
        self._known = self._new
        self.gathered.emit()
