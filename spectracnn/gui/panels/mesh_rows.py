"""How meshes whose spectra are being computed look in the table, and how they are stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from spectracnn.view.columns import NAME
from spectracnn.view.shape_words import mesh_row_words

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint
    from PySide6.QtGui import QPainter

    from spectracnn.gui.panels.spectra_model import SpectraModel
    from spectracnn.gui.panels.table_rows import TableRows
    from spectracnn.state.mesh_rows import MeshRow

_BAR, _MARGIN = 2, 4
_STOPS = (Qt.Key.Key_Escape, Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class MeshRows(QObject):
    """Shows them below the spectra; Esc or Delete stops those that are selected.

    Signals
    -------
    stopRequested : list of int
        The numbers of the meshes.
    """

    stopRequested = Signal(object)

    def __init__(self, view: QTableView, rows: TableRows, spectra: SpectraModel) -> None:
        super().__init__(view)
        self._view, self._rows = view, rows
        self._painter = _MeshDelegate(view, rows, spectra)
        self._usual = view.itemDelegate()
        view.installEventFilter(self)
        # What is written over several cells goes to the edge of what is seen.
        view.horizontalScrollBar().valueChanged.connect(view.viewport().update)

    def show_rows(self, meshes: tuple[MeshRow, ...]) -> None:
        """Show these, and the last of them where new ones have come."""
        known = {mesh.number for mesh in self._rows.meshes}
        self._rows.set_meshes(meshes)
        # Every cell would be painted by Python otherwise, also where there is no mesh.
        self._view.setItemDelegate(self._painter if meshes else self._usual)
        if any(mesh.number not in known for mesh in meshes):
            self._view.scrollToBottom()

    def selected(self) -> list[MeshRow]:
        """Return those that are selected, from the top."""
        return self._rows.chosen_meshes(self._view.selectionModel().selection())

    def at(self, point: QPoint) -> MeshRow | None:
        """Return the mesh at a point of the view, None where there is none."""
        return self._rows.mesh(self._view.indexAt(point).row())

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() not in _STOPS:
            return False
        if event.type() == QEvent.Type.ShortcutOverride and self.selected():
            event.accept()  # else the key would be the window's, which releases the pin
            return True
        if event.type() != QEvent.Type.KeyPress or not (chosen := self.selected()):
            return False
        numbers = [mesh.number for mesh in chosen]
        if event.key() == Qt.Key.Key_Escape or not self._spectra_selected():
            self.stopRequested.emit(numbers)
            return True
        # Delete is about the selected spectra, too: these first, before other rows are selected.
        QTimer.singleShot(0, self, lambda: self.stopRequested.emit(numbers))
        return False

    def _spectra_selected(self) -> bool:
        return bool(self._rows.source_rows(self._view.selectionModel().selection()))


class _MeshDelegate(QStyledItemDelegate):
    """Paints a mesh's state over all cells behind its name, and its progress under them."""

    def __init__(self, view: QTableView, rows: TableRows, spectra: SpectraModel) -> None:
        super().__init__(view)
        self._view, self._rows, self._spectra = view, rows, spectra

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        mesh = self._rows.mesh(index.row())
        if mesh is None:
            return
        style: Any = option  # the bindings' types lack what every option has
        cell, palette = style.rect, style.palette
        painter.save()
        painter.setClipRect(cell)
        left, right = self._extent(behind_name=False)
        if mesh.running:
            reached = round((right - left) * mesh.share)
            bar = QRect(left, cell.bottom() + 1 - _BAR, reached, _BAR)
            painter.fillRect(bar, palette.link())
        name = self._spectra.column(NAME.name)
        if index.column() != name:
            left, right = self._extent(behind_name=True)
            whole = QRect(left + _MARGIN, cell.top(), right - left - 2 * _MARGIN, cell.height())
            text = style.fontMetrics.elidedText(
                mesh_row_words(mesh), Qt.TextElideMode.ElideRight, whole.width()
            )
            role = palette.linkVisited() if mesh.failure else palette.placeholderText()
            painter.setPen(role.color())
            painter.drawText(whole, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if self._rows.mesh(index.row()) and index.column() != self._spectra.column(NAME.name):
            style: Any = option
            style.text = ""  # it is written over several cells

    def _extent(self, *, behind_name: bool) -> tuple[int, int]:
        """Return where the row is seen to begin and end, or the part of it behind the name."""
        header = self._view.horizontalHeader()
        start = max(0, -header.offset())
        end = min(header.length() - header.offset(), self._view.viewport().width())
        if not behind_name:
            return start, end
        place = self._spectra.column(NAME.name)
        name = header.sectionViewportPosition(place)
        after = name + header.sectionSize(place)
        return (after, end) if end - after >= name - start else (start, name)
