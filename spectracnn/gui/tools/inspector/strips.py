"""The window, the kernel and their products as rows of bars that stand above each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from spectracnn.gui.tools.inspector.paint import Scaled, draw_bar, figures, owner_colour
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from spectracnn.gui.theme import Theme
    from spectracnn.view.inspect.strips import Strip, StripSet

_CAPTION, _BARS, _NUMBER, _GAP, _HEADING = 18, 34, 15, 4, 14
_WIDEST = 84


class StripView(QWidget):
    """Draws strips.

    Signals
    -------
    sampleRequested : Sample
        A column was clicked.
    """

    sampleRequested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._set: StripSet | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Window, weights and products")
        self.setMouseTracking(True)

    def set_strips(self, strips: StripSet | None, theme: Theme) -> None:
        """Show these, or nothing."""
        before = self.sizeHint()
        self._set, self._theme = strips, theme
        self.setVisible(strips is not None)
        if strips is not None:
            descriptions = (
                f"{strip.symbol} {strip.caption}: {' '.join(short(v) for v in strip.values)}"
                for strip in strips.strips
            )
            self.setAccessibleDescription("; ".join(descriptions))
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = len(self._set.strips) if self._set is not None else 0
        return QSize(200, rows * (_CAPTION + _BARS + _NUMBER + _GAP) + _HEADING)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def column_at(self, x: float) -> int | None:
        """Return the column at a pixel."""
        if self._set is None:
            return None
        place = int(x // self._column_width())
        return place if 0 <= place < len(self._set.labels) else None

    def _column_width(self) -> float:
        columns = len(self._set.labels) if self._set is not None else 1
        return min(self.width() / max(columns, 1), _WIDEST)

    # --- painting ----------------------------------------------------------------------------

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._set is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0.0
        for place, strip in enumerate(self._set.strips):
            self._paint_caption(painter, strip, top)
            top += _CAPTION
            if place == 0:
                self._paint_labels(painter, self._set, top)
                top += _HEADING
            self._paint_strip(painter, self._set, strip, top)
            top += _BARS + _NUMBER + _GAP

    def _paint_caption(self, painter: QPainter, strip: Strip, top: float) -> None:
        left = 0.0
        line = Qt.AlignmentFlag.AlignVCenter
        if strip.symbol:
            font = self.font()
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor(self._theme.ink))
            painter.drawText(QRectF(0, top, 16, _CAPTION), line, strip.symbol)
            left = 16.0
        if strip.owner >= 0 and self._compares():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(owner_colour(strip.owner, self._theme))
            painter.drawEllipse(QPointF(left + 4, top + _CAPTION / 2), 4, 4)
            left += 14
        painter.setFont(figures(self))
        painter.setPen(QColor(self._theme.muted))
        room = QRectF(left, top, self.width() - left, _CAPTION)
        text = painter.fontMetrics().elidedText(
            strip.caption, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, line, text)

    def _compares(self) -> bool:
        return self._set is not None and any(strip.owner == 1 for strip in self._set.strips)

    def _paint_labels(self, painter: QPainter, strips: StripSet, top: float) -> None:
        width = self._column_width()
        painter.setFont(figures(self, 1))
        painter.setPen(QColor(self._theme.muted))
        widest = max((painter.fontMetrics().horizontalAdvance(t) for t in strips.labels), default=1)
        every = max(1, -int(-(widest + 6) // width))
        for column, label in enumerate(strips.labels):
            if column % every == 0:
                centre = (column + 0.5) * width
                room = QRectF(centre - 40, top, 80, _HEADING)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, label)

    def _paint_strip(self, painter: QPainter, strips: StripSet, strip: Strip, top: float) -> None:
        width = self._column_width()
        gap = 2.0 if width > 12 else 0.5
        scaled = Scaled(strip.top, strip.signed)
        painter.setFont(figures(self, 1))
        texts = self._numbers(painter, strip, width)
        for column, value in enumerate(strip.values):
            cell = QRectF(column * width + gap, top, width - 2 * gap, _BARS)
            inside = bool(strips.inside[column])
            hatched = not inside and strip.owner < 0
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.raised))
            painter.drawRect(cell)
            if hatched:
                painter.setBrush(QBrush(QColor(self._theme.muted), Qt.BrushStyle.BDiagPattern))
                painter.drawRect(cell)
            lost = strips.winner is not None and column != strips.winner
            painter.setOpacity(0.35 if lost else 1.0)
            draw_bar(painter, cell, float(value), scaled, self._theme)
            painter.setOpacity(1.0)
            if column == strips.winner:
                painter.setPen(QPen(QColor(self._theme.accent), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(cell)
            if texts:
                faded = lost or hatched
                painter.setPen(QColor(self._theme.muted if faded else self._theme.ink))
                room = QRectF(column * width - 4, top + _BARS, width + 8, _NUMBER)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, texts[column])

    def _numbers(self, painter: QPainter, strip: Strip, width: float) -> list[str]:
        """Return the numbers with as many digits as there is room for; none where there is none."""
        measure = painter.fontMetrics().horizontalAdvance
        between = measure("0")  # nearer, two numbers are read as one
        for digits in (3, 2):
            texts = [short(float(value), digits) for value in strip.values]
            if max(map(measure, texts), default=0) + between <= width:
                return texts
        return []

    # --- pointer -----------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(event.pos().x()), self)
            return True
        return super().event(event)

    def tip_at(self, x: float) -> str:
        """Return the numbers of a column in words."""
        column = self.column_at(x)
        if self._set is None or column is None:
            return ""
        label = self._set.labels[column]
        head = f"{self._set.heading} {label}" if label else "outside: padding"
        rows = (
            f"{strip.symbol} {float(strip.values[column]):.6g}".strip()
            for strip in self._set.strips
        )
        return "\n".join((head, *rows))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        column = self.column_at(event.position().x())
        if self._set is not None and column is not None:
            sample = self._set.samples[column]
            if sample is not None:
                self.sampleRequested.emit(sample)
