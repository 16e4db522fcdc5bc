"""A filter as points that can be dragged, one a weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.numbers import short
from spectracnn.view.palettes import sign_colours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.view.theme import Theme

_FOOT, EDGE = 20, 12
_RADIUS = 5.0
KEY_STEP = 0.05


class FilterEditor(QWidget):
    """Drag a point, or choose one with the arrow keys and move it up and down.

    Parameters
    ----------
    theme : Theme
        Colours.
    name : str
        For screen readers.

    Signals
    -------
    weightsChanged : ndarray
        After each change by the person, shape (size,).
    gestureBegun : ()
        A drag begins, or a key is pressed: what follows is one step of an undo history.
    gestureFinished : ()
        The mouse button was let go, or the key did its work.
    """

    weightsChanged = Signal(object)
    gestureBegun = Signal()
    gestureFinished = Signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.weights: NDArray[np.float64] = np.zeros(3)
        self.chosen = 0
        self._top = 1.0
        self._dragging = False
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Drag a weight; or arrow keys: left and right choose, up and down change")

    def sizeHint(self) -> QSize:
        return QSize(220, 132)

    def set_weights(self, weights: NDArray[np.float64]) -> None:
        """Show other weights without saying that they changed."""
        self.weights = np.array(weights, np.float64)
        self.chosen = min(self.chosen, self.weights.size - 1)
        if not self._dragging:  # the scale must not run away under the pointer
            self._top = max(float(np.abs(self.weights).max(initial=0)) * 1.15, 1e-3)
        self.setAccessibleDescription(", ".join(short(float(w)) for w in self.weights))
        self.update()

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self.theme = theme
        self.update()

    # --- places ------------------------------------------------------------------------------

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(EDGE, EDGE, -EDGE, -_FOOT)

    def _point(self, place: int) -> QPointF:
        room = self._room()
        x = room.left() + (place + 0.5) / self.weights.size * room.width()
        height = room.height() / 2 * self.weights[place] / self._top
        return QPointF(x, room.center().y() - float(np.clip(height, -1e4, 1e4)))

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self.theme.ground))
        edge = self.theme.accent if self.hasFocus() else self.theme.line
        painter.setPen(QPen(QColor(edge), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        room = self._room()
        zero = room.center().y()
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawLine(QPointF(room.left(), zero), QPointF(room.right(), zero))
        points = [self._point(place) for place in range(self.weights.size)]
        painter.setPen(QPen(QColor(self.theme.muted), 1))
        painter.drawPolyline(QPolygonF(points))
        below, above = (QColor(colour) for colour in sign_colours(self.theme.dark))
        for place, point in enumerate(points):
            colour = above if self.weights[place] >= 0 else below
            painter.setPen(QPen(colour, 2))
            painter.drawLine(QPointF(point.x(), zero), point)
            ring = self.theme.ink if place == self.chosen and self.hasFocus() else self.theme.ground
            painter.setPen(QPen(QColor(ring), 1.5))
            painter.setBrush(colour)
            painter.drawEllipse(point, _RADIUS, _RADIUS)
        self._paint_numbers(painter, points)
        painter.end()

    def _paint_numbers(self, painter: QPainter, points: list[QPointF]) -> None:
        width = self._room().width() / max(self.weights.size, 1)
        if width < 34:
            return
        painter.setFont(number_font(self.font()))
        painter.setPen(QColor(self.theme.muted))
        for point, weight in zip(points, self.weights.tolist(), strict=True):
            room = QRectF(point.x() - width / 2, self.height() - _FOOT, width, _FOOT - 2)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, short(weight, 2))

    # --- the hand ----------------------------------------------------------------------------

    def _place_at(self, point: QPointF) -> int:
        room = self._room()
        place = int((point.x() - room.left()) / max(room.width(), 1) * self.weights.size)
        return min(max(place, 0), self.weights.size - 1)

    def _drag_to(self, point: QPointF) -> None:
        room = self._room()
        value = (room.center().y() - point.y()) / (room.height() / 2) * self._top
        self._change(self.chosen, float(np.clip(value, -2 * self._top, 2 * self._top)))

    def _change(self, place: int, value: float) -> None:
        weights = self.weights.copy()
        weights[place] = value
        self.set_weights(weights)
        self.weightsChanged.emit(weights)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.weights.size:
            self.chosen = self._place_at(event.position())
            self._dragging = True
            self.gestureBegun.emit()
            self._drag_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._drag_to(event.position())

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self.set_weights(self.weights)
            self.gestureFinished.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = KEY_STEP * self._top
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        changes = {Qt.Key.Key_Up: step, Qt.Key.Key_Down: -step, Qt.Key.Key_0: None}
        key = Qt.Key(event.key())
        if key in moves:
            self.chosen = min(max(self.chosen + moves[key], 0), self.weights.size - 1)
            self.update()
        elif key in changes and self.weights.size:
            by = changes[key]
            self.gestureBegun.emit()
            self._change(self.chosen, 0.0 if by is None else float(self.weights[self.chosen] + by))
            self.gestureFinished.emit()
        else:
            super().keyPressEvent(event)
