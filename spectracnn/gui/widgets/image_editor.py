"""A filter that has rows and columns, as cells whose colours are its weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.filter_editor import EDGE, KEY_STEP, FilterEditor
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.numbers import short
from spectracnn.view.palettes import signed_colours

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from spectracnn.view.theme import Theme

_CELL = 64
"""Pixels that a cell is high or wide at most."""

_TEXT = (34, 16)
"""Pixels of a cell that has room for its number."""

_STRONG = 0.5
_MOVES = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_CHANGES = {
    Qt.Key.Key_Plus: 1,
    Qt.Key.Key_Equal: 1,
    Qt.Key.Key_PageUp: 1,
    Qt.Key.Key_Minus: -1,
    Qt.Key.Key_PageDown: -1,
    Qt.Key.Key_0: 0,
}


class ImageEditor(FilterEditor):
    """Press a cell and drag up or down; or arrow keys to choose, + and - to change, 0 for zero.

    Signals are those of a `FilterEditor`; weights are in memory's order, row by row.
    """

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__(theme, name)
        self.window_shape = (1, 3)
        self._pressed: tuple[float, float] | None = None
        self.setToolTip(
            "Press a weight and drag it up or down; or arrow keys to choose, + and \u2212 to "
            "change, 0 for zero"
        )

    def sizeHint(self) -> QSize:
        return QSize(320, 2 * EDGE + min(40 * self.window_shape[0], 260))

    def set_window(self, rows: int, columns: int) -> None:
        """Have so many cells."""
        if (rows, columns) != self.window_shape:
            self.window_shape = (rows, columns)
            self.updateGeometry()

    def set_weights(self, weights: NDArray[np.float64]) -> None:
        super().set_weights(weights)
        rows, columns = self.window_shape
        row, column = divmod(self.chosen, columns)
        self.setAccessibleDescription(
            f"{rows} rows of {columns} weights; row {row}, column {column}: "
            f"{short(float(self.weights[self.chosen])) if self.weights.size else ''}"
        )

    # --- places ------------------------------------------------------------------------------

    def cell(self, place: int) -> QRectF:
        """Return where a weight is painted."""
        rows, columns = self.window_shape
        room = QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        width = min(room.width() / columns, _CELL)
        height = min(room.height() / rows, _CELL)
        left = room.left() + (room.width() - width * columns) / 2
        top = room.top() + (room.height() - height * rows) / 2
        row, column = divmod(place, columns)
        return QRectF(left + column * width, top + row * height, width, height)

    def _place_at(self, point: QPointF) -> int:
        rows, columns = self.window_shape
        first = self.cell(0)
        row = int((point.y() - first.top()) // max(first.height(), 1))
        column = int((point.x() - first.left()) // max(first.width(), 1))
        return min(max(row, 0), rows - 1) * columns + min(max(column, 0), columns - 1)

    # --- painting ----------------------------------------------------------------------------

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.ground))
        edge = self.theme.accent if self.hasFocus() else self.theme.line
        painter.setPen(QPen(QColor(edge), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(number_font(self.font()))
        colours = signed_colours(self.weights, self._top, self.theme.dark)
        for place, weight in enumerate(self.weights.tolist()):
            cell = self.cell(place)
            painter.fillRect(cell, QColor(*colours[place].tolist()))
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.drawRect(cell)
            if cell.width() >= _TEXT[0] and cell.height() >= _TEXT[1]:
                strong = abs(weight) > _STRONG * self._top
                painter.setPen(QColor(self.theme.ground if strong else self.theme.ink))
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, short(weight, 2))
        if self.hasFocus() and self.weights.size:
            painter.setPen(QPen(QColor(self.theme.accent), 2))
            painter.drawRect(self.cell(self.chosen))
        painter.end()

    # --- the hand ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.weights.size:
            self.chosen = self._place_at(event.position())
            self._pressed = (event.position().y(), float(self.weights[self.chosen]))
            self._dragging = True
            self.gestureBegun.emit()
            self.set_weights(self.weights)

    def _drag_to(self, point: QPointF) -> None:
        if self._pressed is not None:
            start, value = self._pressed
            # As far as half of the widget is high changes a weight from zero to the largest one.
            by = (start - point.y()) / max(self.height() / 2, 1) * self._top
            self._change(self.chosen, value + by)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self.weights.size or key not in (*_MOVES, *_CHANGES):
            QKeyEvent.ignore(event)
            return
        if key in _MOVES:
            rows, columns = self.window_shape
            down, along = _MOVES[key]
            row, column = divmod(self.chosen, columns)
            row = min(max(row + down, 0), rows - 1)
            self.chosen = row * columns + min(max(column + along, 0), columns - 1)
            self.set_weights(self.weights)
            return
        step = _CHANGES[key]
        value = 0.0 if step == 0 else float(self.weights[self.chosen]) + step * KEY_STEP * self._top
        self.gestureBegun.emit()
        self._change(self.chosen, value)
        self.gestureFinished.emit()
