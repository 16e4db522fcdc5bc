"""Pictures of a shape: what they are made of, and the thread that draws them."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRect, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPalette

from spectracnn.view.shape_picture import Skin, diverging, draw

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEGEND = (96, 10)
"""Pixels: width and height of the strip of colours."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """All that a picture is made of, and whether it is not wanted any more."""

    shape: Skin
    values: NDArray[np.float64]
    rotation: NDArray[np.float64]
    zoom: float
    size: tuple[int, int]
    ground: tuple[int, int, int]
    stopped: Event = field(default_factory=Event)

    def draw(self) -> NDArray[np.uint8] | None:
        """Return the picture, shape (height, width, 3); None where it was stopped."""
        return draw(
            self.shape,
            self.values,
            diverging(),
            self.rotation,
            self.size,
            zoom=self.zoom,
            ground=self.ground,
            stopped=self.stopped.is_set,
        )


class Drawer(QObject):
    """Draws where it lives: in a thread.

    Signals
    -------
    drawn : ndarray or None
    """

    drawn = Signal(object)

    @Slot(object)
    def draw(self, drawing: Drawing) -> None:
        """Draw, and send the picture."""
        self.drawn.emit(drawing.draw())


def as_image(picture: NDArray[np.uint8]) -> QImage:
    """Return pixels, shape (height, width, 3), as Qt's picture with a memory of its own."""
    height, width, _ = picture.shape
    data = np.ascontiguousarray(picture).tobytes()
    return QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def paint_legend(
    painter: QPainter, palette: QPalette, height: int, legend: tuple[str, str]
) -> None:
    """Paint the colours with what their ends mean into the lower left corner."""
    low, high = legend
    metrics = painter.fontMetrics()
    left, bottom = 16, height - 12
    painter.setPen(palette.text().color())
    painter.drawText(left, bottom, low)
    left += metrics.horizontalAdvance(low) + 8
    colours = diverging(64)
    colours = colours[32:] if low == "0" else colours  # nothing is negative then
    painter.drawImage(QRect(left, bottom - _LEGEND[1] + 1, *_LEGEND), as_image(colours[None]))
    painter.drawText(left + _LEGEND[0] + 8, bottom, high)
