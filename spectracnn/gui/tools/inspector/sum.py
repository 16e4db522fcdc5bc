"""From the sum to the network's value: lines of numbers, the activation, and the check."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.gui.tools.inspector.paint import figures, owner_colour
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.inspect.picture import activation_curve
from spectracnn.view.inspect.records import line_texts

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from spectracnn.gui.theme import Theme
    from spectracnn.view.inspect.picture import ActivationCurve
    from spectracnn.view.inspect.records import Inspection, Line

_ROW, _SYMBOL, _NARROW = 22, 16, 230
_GLYPH_WIDTH, _GLYPH_HEIGHT = 96, 56


class SumView(QWidget):
    """Draws the lines of one inspection, and of a second one beside it.

    Signals
    -------
    sampleRequested : Sample
        A line that says where its number is from was clicked.
    """

    sampleRequested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns: tuple[tuple[Line, ...], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Sum")

    def set_lines(self, inspections: tuple[Inspection, ...], theme: Theme) -> None:
        """Show these side by side; the first one's labels are used."""
        before = self.sizeHint()
        self._columns = tuple(inspection.lines for inspection in inspections)
        self._theme = theme
        linked = any(line.sample is not None for line in self._lines())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if linked else Qt.FocusPolicy.NoFocus)
        descriptions = (f"{line.symbol} {line.label} {line.value:.6g}" for line in self._lines())
        self.setAccessibleDescription("; ".join(descriptions))
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def _lines(self) -> tuple[Line, ...]:
        return self._columns[0] if self._columns else ()

    def sizeHint(self) -> QSize:
        return QSize(200, _ROW * len(self._lines()) + (14 if len(self._columns) > 1 else 0))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        lines = self._lines()
        if not lines:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        digits = 6 if len(self._columns) == 1 else 4
        digits -= self.width() < _NARROW
        texts = [line_texts(column, digits) for column in self._columns]
        painter.setFont(figures(self))
        measure = painter.fontMetrics().horizontalAdvance
        widths = [max(map(measure, column), default=0) + 8 for column in texts]
        offset = 14.0 if len(self._columns) > 1 else 0.0
        if offset:
            self._paint_owners(painter, widths)
        for row, line in enumerate(lines):
            top = offset + row * _ROW
            self._paint_line(painter, line, top, self.width() - sum(widths))
            right = float(self.width())
            for column, width in zip(reversed(texts), reversed(widths), strict=True):
                room = QRectF(right - width, top, width, _ROW)
                if row < len(column):
                    painter.drawText(
                        room,
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                        column[row],
                    )
                right -= width

    def _paint_owners(self, painter: QPainter, widths: list[int]) -> None:
        right = float(self.width())
        painter.setPen(Qt.PenStyle.NoPen)
        for owner in reversed(range(len(widths))):
            painter.setBrush(owner_colour(owner, self._theme))
            painter.drawEllipse(QPointF(right - 5, 6), 4, 4)
            right -= widths[owner]

    def _paint_line(self, painter: QPainter, line: Line, top: float, right: float) -> None:
        font = figures(self)
        font.setBold(line.strong)
        painter.setFont(font)
        if line.symbol == "=":
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.drawLine(QPointF(0, top), QPointF(self.width(), top))
        painter.setPen(QColor(self._theme.ink))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, top, _SYMBOL, _ROW), middle, line.symbol)
        room = QRectF(_SYMBOL, top, right - _SYMBOL - 4, _ROW)
        linked = line.sample is not None
        plain = self._theme.ink if line.strong else self._theme.muted
        painter.setPen(QColor(self._theme.accent if linked else plain))
        if linked and self.hasFocus():
            font.setUnderline(True)
            painter.setFont(font)
        # Names of samples end in what tells them apart.
        where = Qt.TextElideMode.ElideMiddle if linked else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(line.label, where, int(room.width()))
        painter.drawText(room, middle, text)
        painter.setPen(QColor(self._theme.ink))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        links = [line.sample for line in self._lines() if line.sample is not None]
        if links and Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.sampleRequested.emit(links[-1])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        offset = 14 if len(self._columns) > 1 else 0
        row = int((event.position().y() - offset) // _ROW)
        lines = self._lines()
        if 0 <= row < len(lines) and lines[row].sample is not None:
            self.sampleRequested.emit(lines[row].sample)


class ActivationView(QWidget):
    """Draws an activation function, with the number that goes in and the one that comes out."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curve: ActivationCurve | None = None
        self.setFixedHeight(_GLYPH_HEIGHT + 8)
        self.setAccessibleName("Activation")

    def set_inspections(
        self, inspections: tuple[Inspection, ...], theme: Theme, largest: float = 0.0
    ) -> None:
        """Show the activation of these, with a dot for each.

        Parameters
        ----------
        inspections : tuple of Inspection
            Of one layer.
        theme : Theme
            Colours.
        largest : float
            The largest number that goes into the layer's activation.
        """
        self._theme, self._curve = theme, activation_curve(inspections, largest)
        self.setVisible(self._curve is not None)
        if self._curve is not None:
            self.setAccessibleDescription(self._curve.words)
        self.update()

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        curve = self._curve
        if curve is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide = min(_GLYPH_WIDTH, int(0.38 * self.width()))
        box = QRectF(0.5, 4.5, wide, _GLYPH_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.raised))
        painter.drawRect(box)
        reach = float(curve.x[-1])
        finite = np.abs(curve.y[np.isfinite(curve.y)])
        high = float(finite.max(initial=0.0)) or 1.0

        def at(value: float, result: float) -> QPointF:
            across = min(max(value / reach, -1.0), 1.0) if isfinite(value) else 0.0
            up = min(max(result / high, -1.0), 1.0) if isfinite(result) else 0.0
            x = box.center().x() + across * box.width() / 2
            return QPointF(x, box.center().y() - up * (box.height() / 2 - 4))

        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(at(-reach, 0), at(reach, 0))
        painter.drawLine(at(0, -high), at(0, high))
        painter.setPen(QPen(QColor(self._theme.muted), 1.5))
        painter.drawPolyline(QPolygonF([at(a, b) for a, b in zip(curve.x, curve.y, strict=True)]))
        painter.setPen(Qt.PenStyle.NoPen)
        for owner, point in reversed(list(enumerate(curve.points))):
            painter.setBrush(owner_colour(owner, self._theme))
            painter.drawEllipse(at(*point), 4, 4)
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(figures(self))
        room = QRectF(wide + 12, 4, self.width() - wide - 12, _GLYPH_HEIGHT)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), curve.words)
