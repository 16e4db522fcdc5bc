"""Graphics items of our own: bands over the whole height, and axes that know our scales."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from spectracnn.view.scales import LINEAR, AxisScale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.view.pictures import Range


class Bands(pg.GraphicsObject):
    """Vertical bands that reach over the whole height of the view, in display coordinates."""

    def __init__(self) -> None:
        super().__init__()
        self._ranges: tuple[Range, ...] = ()
        self._brush = QBrush(QColor("grey"))
        self._pen = QPen(Qt.PenStyle.NoPen)
        self.setZValue(-10)

    @property
    def ranges(self) -> tuple[Range, ...]:
        """Left and right edge of each band."""
        return self._ranges

    def set_ranges(self, ranges: Sequence[Range]) -> None:
        """Move the bands."""
        wanted = tuple(ranges)
        if wanted != self._ranges:
            self.prepareGeometryChange()
            self._ranges = wanted
            self.update()

    def set_colour(self, colour: QColor, edge: QColor | None = None) -> None:
        """Fill the bands with this colour, its transparency included; outline them or not."""
        self._brush = QBrush(colour)
        self._pen = QPen(Qt.PenStyle.NoPen) if edge is None else pg.mkPen(edge, width=1)
        self.update()

    def boundingRect(self) -> QRectF:
        view = self.viewRect()
        if not self._ranges or view is None:
            return QRectF()
        left = min(start for start, _ in self._ranges)
        right = max(stop for _, stop in self._ranges)
        return QRectF(left, view.top(), right - left, view.height())

    def viewTransformChanged(self) -> None:
        # The bands are as high as the view, so a new view is a new geometry; the base class
        # forgets the old view's rectangle here.
        super().viewTransformChanged()
        self.prepareGeometryChange()
        self.update()

    def dataBounds(self, *_args: Any, **_kwargs: Any) -> None:
        return None

    def paint(self, painter: QPainter, *_args: Any) -> None:
        view = self.viewRect()
        painter.setPen(self._pen)
        painter.setBrush(self._brush)
        for start, stop in self._ranges:
            painter.drawRect(QRectF(start, view.top(), stop - start, view.height()))


class Brackets(pg.GraphicsObject):
    """Marks ranges by lines along both edges of the view, and veils everything else.

    What is marked keeps its own colours, so that they go on saying what they say.
    """

    _WIDTH = 4

    def __init__(self) -> None:
        super().__init__()
        self._ranges: tuple[Range, ...] | None = None
        self._pen, self._veil = QPen(QColor("grey")), QBrush(QColor("grey"))
        self.setZValue(12)

    @property
    def ranges(self) -> tuple[Range, ...] | None:
        """Left and right edge of each range; None for no marks at all."""
        return self._ranges

    def set_ranges(self, ranges: tuple[Range, ...] | None) -> None:
        """Mark these; an empty tuple veils everything, None nothing."""
        if ranges != self._ranges:
            self.prepareGeometryChange()
            self._ranges = ranges
            self.update()

    def set_colours(self, line: QColor, veil: QColor) -> None:
        """Draw in these colours, their transparency included."""
        self._pen, self._veil = pg.mkPen(line, width=self._WIDTH), QBrush(veil)
        self._pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        self.update()

    def boundingRect(self) -> QRectF:
        view = self.viewRect()
        return QRectF() if view is None or self._ranges is None else QRectF(view)

    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()
        self.prepareGeometryChange()
        self.update()

    def dataBounds(self, *_args: Any, **_kwargs: Any) -> None:
        return None

    def paint(self, painter: QPainter, *_args: Any) -> None:
        view = self.viewRect()
        if self._ranges is None:
            return
        left = view.left()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._veil)
        for start, stop in (*self._ranges, (view.right(), view.right())):
            painter.drawRect(QRectF(left, view.top(), max(start - left, 0.0), view.height()))
            left = max(left, stop)
        painter.setPen(self._pen)
        for start, stop in self._ranges:
            for edge in (view.top(), view.bottom()):
                painter.drawLine(QPointF(start, edge), QPointF(stop, edge))


class StruckRows(pg.GraphicsObject):
    """Lines through rows of a heat map, over the whole width of the view."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[int, ...] = ()
        self._upright = False
        self._pen = QPen(QColor("grey"))
        self.setZValue(18)

    @property
    def rows(self) -> tuple[int, ...]:
        """Which rows are struck through."""
        return self._rows

    def set_rows(self, rows: tuple[int, ...], *, upright: bool = False) -> None:
        """Strike these through; with ``upright`` columns instead, as of a vector."""
        if (rows, upright) != (self._rows, self._upright):
            self.prepareGeometryChange()
            self._rows, self._upright = rows, upright
            self.update()

    def set_colour(self, colour: QColor) -> None:
        """Draw the lines in this colour."""
        self._pen = pg.mkPen(colour, width=1.5)
        self.update()

    def boundingRect(self) -> QRectF:
        view = self.viewRect()
        return QRectF() if view is None or not self._rows else QRectF(view)

    def viewTransformChanged(self) -> None:
        super().viewTransformChanged()
        self.prepareGeometryChange()
        self.update()

    def dataBounds(self, *_args: Any, **_kwargs: Any) -> None:
        return None

    def paint(self, painter: QPainter, *_args: Any) -> None:
        view = self.viewRect()
        painter.setPen(self._pen)
        for row in self._rows:
            if self._upright:
                painter.drawLine(QPointF(row, view.top()), QPointF(row, view.bottom()))
            else:
                painter.drawLine(QPointF(view.left(), row), QPointF(view.right(), row))


class ScaledAxis(pg.AxisItem):
    """An axis whose ticks are values of a `AxisScale`, and whose index ticks are whole numbers."""

    def __init__(self, orientation: str, *, whole: bool = False) -> None:
        super().__init__(orientation)
        self._scale_of_axis = LINEAR
        self._whole = whole
        self.enableAutoSIPrefix(False)

    def set_axis_scale(self, scale: AxisScale) -> None:
        """Show values of another scale."""
        if scale != self._scale_of_axis:
            self._scale_of_axis = scale
            self.picture = None
            self.update()

    def resizeEvent(self, event: Any = None) -> None:
        super().resizeEvent(event)
        if self.orientation == "left":  # the base class lets a turned label begin outside
            self.label.setX(0)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        scale = self._scale_of_axis
        if scale.is_linear:
            levels = super().tickValues(low, high, size)
            if self._whole:
                levels = [(gap, list(ticks)) for gap, ticks in levels if gap >= 1] or levels[:1]
            return levels
        room = max(3, int(size // (70 if self.orientation in ("top", "bottom") else 34)))
        values = scale.ticks(low, high, room)
        return [(1.0, [float(place) for place in scale.forward(values)])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self._scale_of_axis.is_linear:
            strings: list[str] = super().tickStrings(values, scale, spacing)
        else:
            strings = [f"{value:g}" for value in self._scale_of_axis.inverse(values)]
        return [text.replace("-", "\u2212") for text in strings]
