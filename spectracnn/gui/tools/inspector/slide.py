"""The filter on its way: its window on the input, and the feature map drawn so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.gui.tools.inspector.paint import figures, owner_colour
from spectracnn.gui.widgets.painting import ends_painter

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from spectracnn.gui.theme import Theme
    from spectracnn.view.inspect.tracks import Slide, Track

_CAPTION, _BAND, _BETWEEN = 16, 40, 6


class SlideView(QWidget):
    """Draws one channel of the input over one of the output, aligned.

    Signals
    -------
    stepRequested : int
        A place on the drawing was clicked or dragged to.
    """

    stepRequested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._slide: Slide | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(2 * (_CAPTION + _BAND) + _BETWEEN)
        self.setAccessibleName("Window on the input and the feature map so far")

    def set_slide(self, slide: Slide | None, theme: Theme) -> None:
        """Show this, or nothing."""
        self._slide, self._theme = slide, theme
        self.setVisible(slide is not None)
        if slide is not None:
            steps = slide.made.x.size
            self.setAccessibleDescription(f"{slide.made.name}: step {slide.step} of {steps}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def step_at(self, x: float) -> int | None:
        """Return the step whose centre is nearest to a pixel."""
        if self._slide is None:
            return None
        pixels = np.array([self._x(float(at)) for at in self._slide.made.x])
        return int(np.argmin(np.abs(pixels - x)))

    def _x(self, at: float) -> float:
        """Return the pixel of a place on the axis of the model's input."""
        assert self._slide is not None
        low, high = self._slide.span
        margin = 2.0
        return margin + (at - low) / max(high - low, 1e-9) * (self.width() - 2 * margin)

    # --- painting ----------------------------------------------------------------------------

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        slide = self._slide
        if slide is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        upper = QRectF(0, _CAPTION, self.width(), _BAND)
        lower = QRectF(0, 2 * _CAPTION + _BAND + _BETWEEN, self.width(), _BAND)
        self._caption(painter, f"{slide.given.name} \u00b7 stride {slide.stride}", upper)
        steps = slide.made.x.size
        self._caption(painter, f"{slide.made.name} \u00b7 step {slide.step} of {steps}", lower)
        for band in (upper, lower):
            painter.fillRect(band, QColor(self._theme.raised))
        self._window(painter, slide, upper, lower)
        low, high = _range(slide.given)
        ink = QPen(QColor(self._theme.muted), 1.2)
        self._curve(painter, slide.given, upper, (low, high), ink)
        tracks = [slide.made] if slide.other is None else [slide.made, slide.other]
        ranges = [_range(item) for item in tracks]
        shared = min(low for low, _ in ranges), max(high for _, high in ranges)
        for owner, item in reversed(list(enumerate(tracks))):
            self._so_far(painter, item, slide.step, lower, shared, owner)

    def _caption(self, painter: QPainter, text: str, band: QRectF) -> None:
        painter.setFont(figures(self))
        painter.setPen(QColor(self._theme.muted))
        room = QRectF(0, band.top() - _CAPTION, self.width(), _CAPTION)
        text = painter.fontMetrics().elidedText(
            text, Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)

    def _window(self, painter: QPainter, slide: Slide, upper: QRectF, lower: QRectF) -> None:
        """Draw the window, and the funnel from it to the sample it makes."""
        left, right = (self._x(at) for at in slide.window)
        at = self._x(float(slide.made.x[slide.step]))
        fill = QColor(self._theme.accent)
        fill.setAlpha(30)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        funnel = [
            QPointF(left, upper.bottom()),
            QPointF(right, upper.bottom()),
            QPointF(at + 1, lower.top()),
            QPointF(at - 1, lower.top()),
        ]
        painter.drawPolygon(QPolygonF(funnel))
        fill.setAlpha(60)
        painter.setBrush(fill)
        painter.setPen(QPen(QColor(self._theme.accent), 1.5))
        painter.drawRect(QRectF(left, upper.top(), right - left, upper.height()))
        painter.setPen(QPen(QColor(self._theme.accent), 1))
        painter.drawLine(QPointF(at, lower.top()), QPointF(at, lower.bottom()))

    def _points(self, track: Track, band: QRectF, values: tuple[float, float]) -> list[QPointF]:
        low, high = values
        height = band.height() - 8
        return [
            QPointF(self._x(float(x)), band.bottom() - 4 - (float(y) - low) / (high - low) * height)
            for x, y in zip(track.x, np.nan_to_num(track.y), strict=True)
        ]

    def _curve(
        self,
        painter: QPainter,
        track: Track,
        band: QRectF,
        values: tuple[float, float],
        pen: QPen,
    ) -> None:
        zero = band.bottom() - 4 + values[0] / (values[1] - values[0]) * (band.height() - 8)
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(QPointF(0, zero), QPointF(self.width(), zero))
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(self._points(track, band, values)))

    def _so_far(
        self,
        painter: QPainter,
        track: Track,
        step: int,
        band: QRectF,
        values: tuple[float, float],
        owner: int,
    ) -> None:
        """Draw a feature map up to a step, and the rest faintly."""
        colour = owner_colour(owner, self._theme)
        faint = QColor(colour)
        faint.setAlpha(60)
        self._curve(painter, track, band, values, QPen(faint, 1))
        points = self._points(track, band, values)
        painter.setPen(QPen(colour, 2))
        painter.drawPolyline(QPolygonF(points[: step + 1]))
        painter.setPen(QPen(QColor(self._theme.ground), 1.5))
        painter.setBrush(colour)
        painter.drawEllipse(points[step], 4.5, 4.5)

    # --- pointer -----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        step = self.step_at(event.position().x())
        if self._slide is not None and step is not None and step != self._slide.step:
            self.stepRequested.emit(step)


def _range(track: Track) -> tuple[float, float]:
    """Return the values at the edges of a band; zero is always among them."""
    finite = track.y[np.isfinite(track.y)]
    low, high = min(0.0, float(finite.min(initial=0))), max(0.0, float(finite.max(initial=0)))
    return (low, high) if high > low else (0.0, 1.0)
