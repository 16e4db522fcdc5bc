"""What is seen until the window is there."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QLabel

from spectracnn.gui.start.desktop import application_icon

_WIDTH, _HEIGHT = 336, 112
_ICON, _MARGIN = 64, 24
# Those of the icon, which look the same on a light and on a dark desktop.
_GROUND, _INK, _QUIET = "#1C3763", "#FFFFFF", "#86B4FF"
_PATIENCE_MS = 100


class Splash(QLabel):
    """Icon and name in the middle of the screen.

    Not a QSplashScreen, which stops the program for a second where no window manager answers.
    """

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint)
        screen = QGuiApplication.primaryScreen()
        self.setWindowTitle("SpectraCNN")
        self.setAccessibleName("SpectraCNN is starting")
        self.setPixmap(_card(screen.devicePixelRatio()))
        self.setFixedSize(_WIDTH, _HEIGHT)
        self.move(screen.availableGeometry().center() - self.rect().center())

    def show_at_once(self) -> None:
        """Show it, although the event loop does not run yet."""
        self.show()
        handle, patience = self.windowHandle(), QDeadlineTimer(_PATIENCE_MS)
        while not handle.isExposed() and not patience.hasExpired():
            QGuiApplication.processEvents()
        self.repaint()
        QGuiApplication.processEvents()


def _card(ratio: float) -> QPixmap:
    card = QPixmap(round(_WIDTH * ratio), round(_HEIGHT * ratio))
    card.setDevicePixelRatio(ratio)
    card.fill(QColor(_GROUND))
    painter = QPainter(card)
    application_icon().paint(painter, _MARGIN, _MARGIN, _ICON, _ICON)
    left = 2 * _MARGIN + _ICON
    room = QRectF(left, _MARGIN, _WIDTH - left - _MARGIN, _ICON)
    font = painter.font()
    font.setPixelSize(24)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(_INK))
    painter.drawText(room, Qt.AlignmentFlag.AlignTop, "SpectraCNN")
    font.setPixelSize(14)
    font.setBold(False)
    painter.setFont(font)
    painter.setPen(QColor(_QUIET))
    painter.drawText(room, Qt.AlignmentFlag.AlignBottom, "Starting\u2026")
    painter.end()
    return card
