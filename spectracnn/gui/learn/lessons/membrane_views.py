"""A membrane that swings in a mode, and its eigenvalues as bars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.palettes import Palette, colour_table

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QShowEvent

    from spectracnn.view.theme import Theme

_FRAME_MS = 33
_PERIOD_S = 2.4


class ModeView(QWidget):
    """The membrane from above: red is up, blue is down, the ground colour is at rest."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._shape = np.zeros((2, 2), np.float32)
        self._phase = 0.0
        self.setMinimumSize(200, 200)
        self.setAccessibleName("The mode of the membrane")
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._on_timer_timeout)

    def show_mode(self, shape: np.ndarray) -> None:
        """Swing in this mode, from its largest extent on."""
        self._shape, self._phase = shape, 0.0
        self.update()

    def hold(self, phase: float) -> None:
        """Stand still at this phase, 0 for the largest extent, until it is shown again."""
        self._timer.stop()
        self._phase = phase
        self.update()

    @Slot()
    def _on_timer_timeout(self) -> None:
        self._phase += 2 * math.pi * _FRAME_MS / 1000 / _PERIOD_S
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        table = colour_table(Palette.SIGNED, self.theme.dark)
        height = self._shape * math.cos(self._phase)
        places = np.clip(np.nan_to_num((height + 1) / 2) * 255, 0, 255).astype(np.intp)
        pixels = np.array(table[places])
        ground = QColor(self.theme.raised)
        pixels[np.isnan(self._shape)] = (ground.red(), ground.green(), ground.blue())
        rows, columns, _ = pixels.shape
        image = QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        side = min(self.width(), self.height())
        room = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter.drawImage(room, image)
        painter.end()


class SpectrumBars(QWidget):
    """The eigenvalues as bars; a click or the arrow keys choose one.

    Signals
    -------
    chosen : int
    """

    chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.eigenvalues = np.zeros(1)
        self.place = 0
        self.unit = ""
        self.setMinimumSize(240, 200)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Eigenvalues of the membrane")

    def show_values(self, eigenvalues: np.ndarray, place: int, unit: str) -> None:
        """Show these bars, one of them chosen; the unit is what they are divided by."""
        self.eigenvalues, self.place, self.unit = eigenvalues, place, unit
        self.setAccessibleDescription(f"eigenvalue {place + 1}: {eigenvalues[place]:.1f}")
        self.update()

    def _room(self) -> QRectF:
        return QRectF(self.rect()).adjusted(8, 24, -8, -20)

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(number_font(self.font()))
        room = self._room()
        top = float(self.eigenvalues.max()) or 1.0
        width = room.width() / self.eigenvalues.size
        for place, value in enumerate(self.eigenvalues.tolist()):
            bar = QRectF(
                room.left() + place * width + 1,
                room.bottom() - value / top * room.height(),
                max(width - 2, 1),
                value / top * room.height(),
            )
            colour = self.theme.accent if place == self.place else self.theme.line
            painter.fillRect(bar, QColor(colour))
        painter.setPen(QPen(QColor(self.theme.ink)))
        words = f"\u03bb{self.place + 1} = {self.eigenvalues[self.place]:.1f} / {self.unit}"
        painter.drawText(QPointF(room.left(), 16), words)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self.theme.accent)))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        room = self._room()
        place = int((event.position().x() - room.left()) / room.width() * self.eigenvalues.size)
        self._choose(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        by = moves.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self._choose(self.place + by)

    def _choose(self, place: int) -> None:
        if 0 <= place < self.eigenvalues.size:
            self.chosen.emit(place)
