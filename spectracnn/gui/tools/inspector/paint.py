"""Colours and shapes that the inspector's drawings share."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPen, QPixmap, QPolygonF

from spectracnn.gui.theme import number_font
from spectracnn.view.palettes import curve_colour, sign_tone

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.theme import Theme


def sign_colour(value: float, top: float, theme: Theme) -> QColor:
    """Return the colour of a number in the signed map of the feature maps, never too pale."""
    return QColor(sign_tone(value, top, theme.dark))


def owner_colour(owner: int, theme: Theme) -> QColor:
    """Return the colour of the inspected filter, 0, or of the one compared with it, 1."""
    return QColor(curve_colour(owner, theme.dark))


def figures(widget: QWidget, smaller: int = 0) -> QFont:
    """Return the widget's font with figures of equal width, some points smaller."""
    font = number_font(widget.font())
    font.setPointSizeF(max(font.pointSizeF() - smaller, 6.5))
    return font


@dataclass(frozen=True)
class Scaled:
    """Over which range bars are drawn.

    Parameters
    ----------
    top : float
        Magnitude that fills the cell.
    signed : bool
        Whether the zero line is in the middle.
    """

    top: float
    signed: bool


def draw_bar(painter: QPainter, cell: QRectF, value: float, strip: Scaled, theme: Theme) -> None:
    """Draw a number as a bar from the zero line of its cell."""
    zero = cell.center().y() if strip.signed else cell.bottom()
    room = cell.height() / 2 if strip.signed else cell.height()
    height = room * min(abs(value) / strip.top, 1.0) if isfinite(value) else 0.0
    top = zero - height if value >= 0 else zero
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(sign_colour(value, strip.top, theme))
    painter.drawRect(QRectF(cell.left(), top, cell.width(), max(height, 1.0)))
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.drawLine(QPointF(cell.left(), zero), QPointF(cell.right(), zero))


_TRIANGLE = ((0.28, 0.18), (0.28, 0.82), (0.82, 0.5))
_SHAPES: dict[str, tuple[tuple[tuple[float, float], ...], ...]] = {
    "play": (_TRIANGLE,),
    "next": (((0.36, 0.26), (0.36, 0.74), (0.68, 0.5)),),
    "last": (
        ((0.26, 0.26), (0.26, 0.74), (0.58, 0.5)),
        ((0.62, 0.26), (0.62, 0.74), (0.72, 0.74), (0.72, 0.26)),
    ),
    "pause": (
        ((0.26, 0.2), (0.26, 0.8), (0.42, 0.8), (0.42, 0.2)),
        ((0.58, 0.2), (0.58, 0.8), (0.74, 0.8), (0.74, 0.2)),
    ),
}
_MIRRORED = {"previous": "next", "first": "last"}


def shape_icon(name: str, theme: Theme) -> QIcon:
    """Return ``play``, ``pause``, ``first``, ``previous``, ``next`` or ``last`` as an icon."""
    icon = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.ink), (QIcon.Mode.Disabled, theme.line)):
        icon.addPixmap(_pixmap(name, QColor(colour)), mode)
    return icon


def _pixmap(name: str, colour: QColor, size: int = 32) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    mirrored = name in _MIRRORED
    for shape in _SHAPES[_MIRRORED.get(name, name)]:
        points = [QPointF(size * (1 - x if mirrored else x), size * y) for x, y in shape]
        painter.drawPolygon(QPolygonF(points))
    painter.end()
    return pixmap
