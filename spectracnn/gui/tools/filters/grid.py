"""Filters as small multiples: each tile has the weights and what frequencies they pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from spectracnn.gui.theme import number_font
from spectracnn.gui.tools.filters.images import paint_response, paint_weights
from spectracnn.state.tools import Ranking
from spectracnn.view.numbers import short
from spectracnn.view.palettes import curve_colour

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from spectracnn.gui.theme import Theme
    from spectracnn.view.filters import Filter, FilterBank

_TILE = QSize(204, 108)
_MOST_FAINT = 32
Index = QModelIndex | QPersistentModelIndex


class FilterModel(QAbstractListModel):
    """The filters in their order."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.bank: FilterBank | None = None
        self.filters: tuple[Filter, ...] = ()
        self.ranking = Ranking.NORM
        self.muted: frozenset[int] = frozenset()

    def show(
        self,
        bank: FilterBank | None,
        filters: tuple[Filter, ...],
        ranking: Ranking,
        muted: frozenset[int],
    ) -> None:
        """Show these; the muted ones are told."""
        same = len(filters) == len(self.filters)
        if not same:
            self.beginResetModel()
        self.bank, self.filters, self.ranking, self.muted = bank, filters, ranking, muted
        if not same:
            self.endResetModel()
        elif filters:
            self.dataChanged.emit(self.index(0), self.index(len(filters) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  (Qt's signature)
        return 0 if parent.isValid() else len(self.filters)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.filters[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return item
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return _words(item)
        return None


def _words(item: Filter) -> str:
    parts = [f"filter {item.channel}", f"size {short(item.norm)}"]
    if item.activation is not None:
        parts.append(f"mean activation {short(item.activation)}")
    if item.contribution is not None:
        parts.append(f"contribution {short(item.contribution)}")
    if item.kernel.shape[1] > 1:
        parts.append(f"largest weights on input channel {item.strongest}")
    return "\n".join(parts)


class FilterTile(QStyledItemDelegate):
    """Paints one tile."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.size = _TILE

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self.size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, item = index.model(), index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(model, FilterModel) or model.bank is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(option.rect).adjusted(4, 4, -4, -4)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(self.theme.accent if chosen else self.theme.line), 1))
        painter.setBrush(QColor(self.theme.hover if chosen else self.theme.ground))
        painter.drawRoundedRect(room, 4, 4)
        muted = item.channel in model.muted
        head = QRectF(room.left() + 8, room.top() + 4, room.width() - 16, 18)
        painter.setFont(number_font(option.font))
        painter.setPen(QColor(self.theme.muted if muted else self.theme.ink))
        name = f"{item.channel} (muted)" if muted else f"{item.channel}"
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, name)
        worth = item.worth(model.ranking)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(head, right, "\u2026" if worth is None else short(worth))
        plots = QRectF(room.left() + 8, head.bottom() + 2, room.width() - 16, 68)
        half = (plots.width() - 8) / 2
        weights, passed = plots.adjusted(0, 0, -half - 8, 0), plots.adjusted(half + 8, 0, 0, 0)
        bank, theme = model.bank, self.theme
        if bank.images:
            painter.fillRect(weights, QColor(theme.raised))
            paint_weights(painter, bank.image(item), bank.kernel_top, weights, theme)
            paint_response(painter, item.response, bank.response_top, passed, theme)
        else:
            self._paint_weights(painter, item, bank, weights)
            self._paint_response(painter, item, bank, passed)
        painter.restore()

    def _paint_weights(
        self, painter: QPainter, item: Filter, bank: FilterBank, room: QRectF
    ) -> None:
        painter.fillRect(room, QColor(self.theme.raised))
        zero = room.center().y()
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawLine(QPointF(room.left(), zero), QPointF(room.right(), zero))
        taps = item.kernel.shape[0]
        x = room.left() + (np.arange(taps) + 0.5) / taps * room.width()
        colour = QColor(curve_colour(0, self.theme.dark))
        faint = QColor(self.theme.muted)
        faint.setAlpha(70)
        sizes = np.square(item.kernel).sum(axis=0)
        order = np.argsort(-sizes)[:_MOST_FAINT][::-1]
        for channel in order[sizes[order] > 0].tolist():
            strongest = channel == item.strongest
            y = zero - item.kernel[:, channel] / bank.kernel_top * (room.height() / 2 - 4)
            points = [QPointF(float(a), float(b)) for a, b in zip(x, y, strict=True)]
            painter.setPen(QPen(colour, 2) if strongest else QPen(faint, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF(points))
            if strongest and taps <= 12:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                for point in points:
                    painter.drawEllipse(point, 2.5, 2.5)

    def _paint_response(
        self, painter: QPainter, item: Filter, bank: FilterBank, room: QRectF
    ) -> None:
        painter.fillRect(room, QColor(self.theme.raised))
        x = room.left() + bank.frequencies / 0.5 * room.width()
        y = room.bottom() - item.response / bank.response_top * (room.height() - 4)
        points = [QPointF(float(a), float(b)) for a, b in zip(x, y, strict=True)]
        colour = QColor(curve_colour(1, self.theme.dark))
        fill = QColor(colour)
        fill.setAlpha(50)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        corners = QPointF(room.left(), room.bottom()), room.bottomRight()
        painter.drawPolygon(QPolygonF([corners[0], *points, corners[1]]))
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))


class FilterGrid(QListView):
    """The tiles, as many in a row as there is room for.

    Signals
    -------
    filterRequested : int
        A channel was chosen.
    """

    filterRequested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSpacing(0)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Filters")
        self.filters = FilterModel(self)
        self.tile = FilterTile(theme, self)
        self.setModel(self.filters)
        self.setItemDelegate(self.tile)
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._on_selection_currentChanged)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self.tile.theme = theme
        self.viewport().update()

    def choose(self, channel: int | None) -> None:
        """Mark a filter's tile without telling anyone."""
        rows = [row for row, f in enumerate(self.filters.filters) if f.channel == channel]
        self._quiet = True
        if rows:
            self.setCurrentIndex(self.filters.index(rows[0]))
        else:
            self.selectionModel().clear()
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            event.ignore()  # the tool copies all of them, not this one's words
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Tiles share the width, so that no gap is left at the right.
        columns = max(1, self.viewport().width() // _TILE.width())
        self.tile.size = QSize((self.viewport().width() - 2) // columns, _TILE.height())
        self.setGridSize(self.tile.size)

    @Slot(QModelIndex, QModelIndex)
    def _on_selection_currentChanged(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and not self._quiet:
            self.filterRequested.emit(self.filters.filters[index.row()].channel)
