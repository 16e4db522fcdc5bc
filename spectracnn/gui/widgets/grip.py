"""A thin bar that is dragged to change a height; also with the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from spectracnn.gui.widgets.painting import ends_painter

_HEIGHT = 5
_KEY_STEP = 12


class Grip(QWidget):
    """Tells by how many pixels it was dragged."""

    dragged = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self._last: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is not None:
            here = event.globalPosition().toPoint()
            self.dragged.emit(here.y() - self._last.y())
            self._last = here

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._last = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        change = {Qt.Key.Key_Up: -_KEY_STEP, Qt.Key.Key_Down: _KEY_STEP}.get(Qt.Key(event.key()))
        if change is None:
            super().keyPressEvent(event)
        else:
            self.dragged.emit(change)

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        role = self.palette().highlight() if self.hasFocus() else self.palette().mid()
        painter.fillRect(0, _HEIGHT // 2, self.width(), 1, role.color())
