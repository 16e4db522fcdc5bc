"""One stage of the layer lab: the input or a layer's maps, painted on the axis of the input."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetrics,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.gui.learn.layer_lab.stage_paint import paint_numbers, to_image
from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.palettes import Palette, curve_colour

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

    from spectracnn.view.layer_lab import StagePicture
    from spectracnn.view.theme import Theme

_TITLE = 24
_ROW_LEAST, _ROW_MOST = 8, 22
_CURVE_HEIGHT = 84
_IMAGE_SIDE = 170
_LEFT, _RIGHT = 40, 16
_GAP = 10
Place = TypeVar("Place", float, np.ndarray)


class StageView(QWidget):
    """Paints a picture; says which sample the pointer is over.

    Parameters
    ----------
    theme : Theme
        Colours.
    fills : bool
        Whether it takes all the height there is, as where a lesson shows a few; else it has the
        height that suits its picture.

    Signals
    -------
    sampleHovered : (int, tuple of int)
        Channel and place.
    sampleLeft : ()
    """

    sampleHovered = Signal(int, tuple)
    sampleLeft = Signal()

    def __init__(self, theme: Theme, *, fills: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme, self._fills = theme, fills
        self.picture: StagePicture | None = None
        self._span = (0.0, 1.0)
        self._marked: tuple[np.ndarray, ...] | None = None
        self._image: QImage | None = None
        self.setMouseTracking(True)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding, policy.Expanding if fills else policy.Fixed)

    def show_picture(self, picture: StagePicture, span: tuple[float, float]) -> None:
        """Show a picture; the span is the axis that all stages of a spectrum share."""
        self.picture, self._span, self._marked, self._image = picture, span, None, None
        self.setAccessibleName(picture.title)
        self.setAccessibleDescription("; ".join(picture.captions))
        self.setToolTip("\n".join(picture.captions))
        self._fit_height()
        self.update()

    def _fit_height(self) -> None:
        height = self.sizeHint().height()
        if self._fills:
            self.setMinimumHeight(height)
        else:
            self.setFixedHeight(height)

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self.theme, self._image = theme, None
        self.update()

    def mark(self, places: tuple[np.ndarray, ...] | None) -> None:
        """Frame what a sample of the next layer reads; None for nothing."""
        self._marked = places
        self.update()

    def sizeHint(self) -> QSize:
        picture = self.picture
        if picture is None:
            return QSize(300, self._head)
        if picture.is_image:
            return QSize(300, self._head + _IMAGE_SIDE + _GAP)
        if self._is_curve:
            return QSize(300, self._head + _CURVE_HEIGHT + _GAP)
        return QSize(300, self._head + picture.values.shape[0] * self._row_height + _GAP)

    @property
    def _caption(self) -> str:
        captions = () if self.picture is None else self.picture.captions
        return "  \u00b7  ".join(caption.replace(" ", "\u00a0") for caption in captions)

    @property
    def _head(self) -> int:
        """The height of title and captions, which wrap where the view is narrow."""
        if not self._caption:
            return _TITLE
        room = QRect(0, 0, max(self.width() - _LEFT - _RIGHT, 60), 400)
        metrics = QFontMetrics(number_font(self.font()))
        needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self._caption).height()
        return _TITLE + needed + 4

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit_height()

    @property
    def _is_curve(self) -> bool:
        picture = self.picture
        return picture is not None and not picture.is_image and picture.values.shape[0] == 1

    @property
    def _row_height(self) -> int:
        channels = 1 if self.picture is None else self.picture.values.shape[0]
        return max(_ROW_LEAST, min(_ROW_MOST, 160 // max(channels, 1)))

    @property
    def _body_height(self) -> int:
        """Pixels for a curve: of a view that fills its place all below the title."""
        return (
            max(self.height() - self._head - _GAP, _CURVE_HEIGHT) if self._fills else _CURVE_HEIGHT
        )

    # --- places ------------------------------------------------------------------------------

    def _x(self, position: Place) -> Place:
        low, high = self._span
        room = max(self.width() - _LEFT - _RIGHT, 1)
        return _LEFT + (position - low) / (high - low) * room

    def _edges(self) -> np.ndarray:
        """Return where each step's cell begins and ends on the input's axis."""
        picture = self.picture
        if picture is None or picture.positions.size == 0:
            return np.zeros(0)
        at = picture.positions
        if at.size == 1:
            return np.array([self._span[0], self._span[1]])
        middle = (at[1:] + at[:-1]) / 2
        first, last = at[0] - (middle[0] - at[0]), at[-1] + (at[-1] - middle[-1])
        return np.concatenate(([first], middle, [last]))

    def _tiles(self) -> list[QRectF]:
        """Return where each channel's image stands."""
        picture = self.picture
        if picture is None:
            return []
        channels, rows, columns = picture.values.shape
        most = max(self.height() - self._head - _GAP, _IMAGE_SIDE) if self._fills else _IMAGE_SIDE
        side = min(most, (self.width() - _LEFT - _RIGHT) / channels - _GAP)
        cell = max(side / max(rows, columns), 0.5)
        return [
            QRectF(_LEFT + k * (side + _GAP), self._head, columns * cell, rows * cell)
            for k in range(channels)
        ]

    # --- painting ----------------------------------------------------------------------------

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        picture = self.picture
        if picture is None:
            return
        painter = QPainter(self)
        self._paint_head(painter, picture)
        if picture.is_image:
            self._paint_images(painter, picture)
        elif self._is_curve:
            self._paint_curve(painter, picture)
        else:
            self._paint_rows(painter, picture)
        painter.end()

    def _paint_head(self, painter: QPainter, picture: StagePicture) -> None:
        font = number_font(self.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.ink))
        painter.drawText(QRectF(_LEFT, 2, self.width() - _LEFT - _RIGHT, 20), picture.title)
        painter.setFont(number_font(self.font()))
        painter.setPen(QColor(self.theme.muted))
        room = QRectF(_LEFT, _TITLE - 3, self.width() - _LEFT - _RIGHT, self._head - _TITLE)
        painter.drawText(room, Qt.TextFlag.TextWordWrap, self._caption)

    def _paint_rows(self, painter: QPainter, picture: StagePicture) -> None:
        if self._image is None:
            self._image = to_image(picture.values, picture, self.theme.dark)
        edges = self._edges()
        left, right = self._x(float(edges[0])), self._x(float(edges[-1]))
        height = picture.values.shape[0] * self._row_height
        room = QRectF(left, self._head, right - left, height)
        painter.drawImage(room, self._image)
        painter.setPen(QColor(self.theme.muted))
        font = number_font(self.font())
        font.setPointSizeF(max(font.pointSizeF() - 2, 6))
        painter.setFont(font)
        every = max(1, -(-12 // self._row_height))
        for channel in range(0, picture.values.shape[0], every):
            row = QRectF(0, self._head + channel * self._row_height, _LEFT - 6, self._row_height)
            painter.drawText(
                row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(channel)
            )
        self._paint_marks(painter, picture, edges, QRectF(left, self._head, right - left, height))

    def _paint_curve(self, painter: QPainter, picture: StagePicture) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(_LEFT, self._head, self.width() - _LEFT - _RIGHT, self._body_height)
        signed = picture.palette is Palette.SIGNED
        zero = room.center().y() if signed else room.bottom()
        scale = (room.height() / 2 if signed else room.height()) / picture.top
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawLine(QPointF(room.left(), zero), QPointF(room.right(), zero))
        values = picture.values[0]
        shown = np.flatnonzero(np.isfinite(values[: picture.positions.size]))
        places = self._x(np.asarray(picture.positions, np.float64)[shown])
        heights = zero - values[shown].astype(np.float64) * scale
        if shown.size == 1:
            places, heights = np.array([room.left(), room.right()]), np.repeat(heights, 2)
        colour = QColor(curve_colour(0, self.theme.dark))
        painter.setPen(QPen(colour, 1.6))
        if shown.size:  # an empty polygon cannot be filled
            painter.drawPolyline(arrayToQPolygonF(places, heights))
        if shown.size <= 80:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            for at, height in zip(places.tolist(), heights.tolist(), strict=True):
                painter.drawEllipse(QPointF(at, height), 2.2, 2.2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._paint_marks(painter, picture, self._edges(), room)

    def _paint_marks(
        self, painter: QPainter, picture: StagePicture, edges: np.ndarray, room: QRectF
    ) -> None:
        """Hatch padding, strike out what is never read, frame what the pointer's sample reads."""
        width = edges[1] - edges[0] if edges.size > 1 else 1.0
        before, after = picture.padding
        hatch = QColor(self.theme.muted)
        for first, count in ((edges[0] - before * width, before), (edges[-1], after)):
            if count:
                left, right = self._x(float(first)), self._x(float(first + count * width))
                area = QRectF(left, room.top(), right - left, room.height())
                painter.fillRect(area, QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(QColor(self.theme.warning), 2))
        for step in picture.unread:
            if step + 1 < edges.size:
                at = self._x(float((edges[step] + edges[step + 1]) / 2))
                painter.drawLine(QPointF(at, room.bottom() + 2), QPointF(at, room.bottom() + 7))
        if self._marked is not None and self._marked and self._marked[0].size and edges.size > 1:
            shade = QColor(self.theme.accent)
            shade.setAlpha(70)
            for step in self._marked[0].tolist():
                left, right = self._x(float(edges[step])), self._x(float(edges[step + 1]))
                painter.fillRect(QRectF(left, room.top(), right - left, room.height()), shade)

    def _paint_images(self, painter: QPainter, picture: StagePicture) -> None:
        for channel, tile in enumerate(self._tiles()):
            painter.drawImage(tile, to_image(picture.values[channel], picture, self.theme.dark))
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.drawRect(tile)
            cell = tile.width() / picture.values.shape[2]
            if cell >= 16:
                paint_numbers(painter, picture, channel, tile, self.theme.dark)
            if self._marked is not None and len(self._marked) == 2:
                ys, xs = self._marked
                if ys.size and xs.size:
                    painter.setPen(QPen(QColor(self.theme.accent), 2))
                    painter.drawRect(
                        QRectF(
                            tile.left() + int(xs[0]) * cell,
                            tile.top() + int(ys[0]) * cell,
                            (int(xs[-1]) - int(xs[0]) + 1) * cell,
                            (int(ys[-1]) - int(ys[0]) + 1) * cell,
                        )
                    )

    # --- the pointer -------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._sample_at(event.position())
        if found is None:
            self.sampleLeft.emit()
        else:
            self.sampleHovered.emit(*found)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.sampleLeft.emit()

    def _sample_at(self, point: QPointF) -> tuple[int, tuple[int, ...]] | None:
        picture = self.picture
        if picture is None or point.y() < self._head:
            return None
        if picture.is_image:
            for channel, tile in enumerate(self._tiles()):
                if tile.contains(point):
                    cell = tile.width() / picture.values.shape[2]
                    row = int((point.y() - tile.top()) / cell)
                    return channel, (row, int((point.x() - tile.left()) / cell))
            return None
        edges = self._edges()
        low, high = self._span
        room = max(self.width() - _LEFT - _RIGHT, 1)
        at = low + (point.x() - _LEFT) / room * (high - low)
        step = int(np.searchsorted(edges, at)) - 1
        if not 0 <= step < picture.values.shape[1]:
            return None
        channel = 0 if self._is_curve else int((point.y() - self._head) / self._row_height)
        return (channel, (step,)) if channel < picture.values.shape[0] else None
