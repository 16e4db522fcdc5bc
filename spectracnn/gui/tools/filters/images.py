"""Paints a filter that has rows and columns as a small image, and what it passes as another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from spectracnn.view.palettes import Palette, colour_table, signed_colours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.gui.theme import Theme

_THINNEST = 16.0
"""Pixels: an image of 48 rows and 3 columns is widened to this, though its cells are no squares."""


def image_of(colours: NDArray[np.uint8]) -> QImage:
    """Return colours, shape (rows, columns, 3), as an image of its own memory."""
    rows, columns = colours.shape[:2]
    data = np.ascontiguousarray(colours, np.uint8)
    return QImage(data.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def weights_image(values: NDArray[np.float64], top: float, dark: bool) -> QImage:
    """Return weights, shape (rows, columns), in the colours of signed maps."""
    return image_of(signed_colours(values.ravel(), top, dark).reshape(*values.shape, 3))


def response_image(values: NDArray[np.float64], top: float, dark: bool) -> QImage:
    """Return magnitudes, shape (row frequencies, frequencies), in the colours of positive maps.

    The highest frequency of the rows is at the top.
    """
    table = colour_table(Palette.POSITIVE, dark)
    share = np.clip(np.nan_to_num(values[::-1]) / (top or 1.0), 0, 1)
    return image_of(table[np.round(share * 255).astype(int)])


def cells_room(window: tuple[int, ...], room: QRectF) -> QRectF:
    """Return where an image of so many rows and columns lies in a room: in square cells if it can.

    Parameters
    ----------
    window : tuple of int
        Rows and columns.
    room : QRectF
        What there is.
    """
    rows, columns = window
    cell = min(room.width() / columns, room.height() / rows)
    width = max(cell * columns, min(_THINNEST, room.width()))
    height = max(cell * rows, min(_THINNEST, room.height()))
    left = room.left() + (room.width() - width) / 2
    return QRectF(left, room.top() + (room.height() - height) / 2, width, height)


def paint_weights(
    painter: QPainter, values: NDArray[np.float64], top: float, room: QRectF, theme: Theme
) -> None:
    """Paint weights, shape (rows, columns), as cells with an edge around all of them."""
    window = values.shape
    where = cells_room(window, room)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(where, weights_image(values, top, theme.dark))
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(where)


def paint_response(
    painter: QPainter, values: NDArray[np.float64], top: float, room: QRectF, theme: Theme
) -> None:
    """Paint what passes: frequencies along the columns to the right, along the rows upwards."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.drawImage(room, response_image(values, top, theme.dark))
    painter.setPen(QPen(QColor(theme.line), 1))
    middle = room.center().y()
    painter.drawLine(QPointF(room.left(), middle), QPointF(room.right(), middle))
