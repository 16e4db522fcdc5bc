"""Maps of the layer lab as pixels, and numbers upon them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage

from spectracnn.gui.theme import number_font
from spectracnn.view.numbers import MINUS
from spectracnn.view.palettes import Palette, colour_table

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QPainter

    from spectracnn.view.layer_lab import StagePicture

_BRIGHT = 140
"""Above this luminance (of 255) black is read more easily than white."""


def colours(values: NDArray[np.float32], picture: StagePicture, dark: bool) -> NDArray[np.uint8]:
    """Return the colour of each value, shape ``(*values.shape, 3)``; of NaN that of zero."""
    table = colour_table(picture.palette, dark)
    signed = picture.palette is Palette.SIGNED
    scaled = (values / picture.top + 1) / 2 if signed else values / picture.top
    scaled = np.nan_to_num(scaled, nan=0.5 if signed else 0.0)
    places = np.clip(scaled * 255, 0, 255).astype(np.intp)
    return np.ascontiguousarray(table[places])


def to_image(values: NDArray[np.float32], picture: StagePicture, dark: bool) -> QImage:
    """Return values of shape (rows, columns) as an image of as many pixels."""
    pixels = colours(values, picture, dark)
    height, width, _ = pixels.shape
    image = QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.copy()  # the bytes are Python's


def paint_numbers(
    painter: QPainter, picture: StagePicture, channel: int, tile: QRectF, dark: bool
) -> None:
    """Write each number of a small map into its cell; what is not computed yet stays empty."""
    values = picture.values[channel]
    cell = tile.width() / values.shape[1]
    font = number_font(painter.font())
    font.setPixelSize(int(min(cell * 0.42, 12)))
    painter.setFont(font)
    below = colours(values, picture, dark).astype(int) @ (299, 587, 114) / 1000
    for (row, column), value in np.ndenumerate(values):
        if not np.isfinite(value):
            continue
        painter.setPen(QColor("#000000" if below[row, column] > _BRIGHT else "#FFFFFF"))
        square = QRectF(tile.left() + column * cell, tile.top() + row * cell, cell, cell)
        text = f"{value:.2g}".replace("-", MINUS)
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, text)
