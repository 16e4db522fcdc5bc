"""The reliability diagram: how often the class is right, at each probability, out of fold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.reliability import ReliabilityPicture, reliability_words

if TYPE_CHECKING:
    from spectracnn.core.calibration import Reliability

SIDE = 132
_LEFT, _ABOVE, _BELOW, _DOT = 44, 12, 30, 9.0


class ReliabilityDiagram(QWidget):
    """Draws the calibrated probabilities as dots, the network's own as rings.

    Parameters
    ----------
    picture : ReliabilityPicture
        What is drawn.
    parent : QWidget, optional
        Where it stands.
    """

    def __init__(self, picture: ReliabilityPicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Reliability diagram")
        self.setAccessibleDescription(reliability_words(picture))
        self.setToolTip(
            "Of the training spectra, each judged by a network that was not trained on it: mean "
            "probability of the class, and how often it is right. On the line is well calibrated."
        )

    def sizeHint(self) -> QSize:
        return QSize(420, SIDE + _ABOVE + _BELOW)

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        ink, grey = palette.text().color(), palette.placeholderText().color()
        frame = QRectF(_LEFT, _ABOVE, SIDE, SIDE)
        painter.setPen(QPen(palette.mid().color(), 1))
        painter.drawRect(frame)
        painter.setPen(QPen(grey, 1, Qt.PenStyle.DashLine))
        painter.drawLine(frame.bottomLeft(), frame.topRight())
        accent = palette.highlight().color()
        self._dots(painter, frame, self._picture.raw, QPen(grey, 1.4), None)
        self._dots(painter, frame, self._picture.calibrated, QPen(accent, 1), accent)
        painter.setPen(grey)
        right, centre = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignCenter
        for share, text in ((0.0, "0"), (0.5, "0.5"), (1.0, "1")):
            y, x = frame.bottom() - share * SIDE, frame.left() + share * SIDE
            painter.drawText(QRectF(0, y - 9, _LEFT - 6, 18), right, text)
            painter.drawText(QRectF(x - 20, frame.bottom() + 2, 40, 14), centre, text)
        painter.drawText(QRectF(_LEFT, frame.bottom() + 14, SIDE, 16), centre, "probability")
        painter.setPen(ink)
        words = QRectF(frame.right() + 16, _ABOVE, self.width() - frame.right() - 20, SIDE)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(words, int(flags), reliability_words(self._picture))

    @staticmethod
    def _dots(
        painter: QPainter, frame: QRectF, found: Reliability, pen: QPen, fill: QColor | None
    ) -> None:
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
        largest = max(int(found.count.max()), 1) if found.count.size else 1
        rows = zip(found.confidence, found.accuracy, found.count, strict=True)
        for confidence, accuracy, count in rows:
            place = QPointF(frame.left() + confidence * SIDE, frame.bottom() - accuracy * SIDE)
            radius = max(2.0, _DOT * (count / largest) ** 0.5 / 1.5)
            painter.drawEllipse(place, radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
