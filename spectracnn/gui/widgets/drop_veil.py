"""What lights up while files are dragged over the window."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from spectracnn.gui.widgets.painting import ends_painter

_MARGIN, _RADIUS = 12, 10


class DropVeil(QWidget):
    """Lies over the whole window, lets the mouse through, and says what can be dropped."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Drop files here")
        self.hide()

    def light_up(self) -> None:
        """Cover the window."""
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        shade = QColor(palette.base().color())
        shade.setAlpha(216)
        painter.fillRect(self.rect(), shade)
        accent = QColor(palette.highlight().color())
        tint = QColor(accent)
        tint.setAlpha(28)
        frame = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        painter.setBrush(tint)
        painter.setPen(QPen(accent, 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(palette.windowText().color())
        middle = QRectF(self.rect()).adjusted(0, -16, 0, -16)
        painter.drawText(middle, Qt.AlignmentFlag.AlignCenter, "Drop to open")
        painter.setFont(self.font())
        painter.setPen(palette.placeholderText().color())
        below = middle.translated(0, 32)
        painter.drawText(
            below,
            Qt.AlignmentFlag.AlignCenter,
            "spectra, meshes, folders, or a Keras model",
        )
