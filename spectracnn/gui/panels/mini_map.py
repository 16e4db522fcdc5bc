"""All layers in a narrow column beside the scrolled ones: where they are, and what is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.fitting import squeezed_rows
from spectracnn.view.palettes import colour_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.gui.theme import Theme
    from spectracnn.view.pictures import LayerPicture

WIDTH = 40
_CELLS = (32, 24)  # of a thumbnail, across and down
_REST_MS = 80
_MOST_MADE = 12
"""Thumbnails in one painting, so that it takes no longer than a frame."""


class MiniMap(QWidget):
    """Thumbnails of the panels in their order and proportion; drag or click to scroll.

    Parameters
    ----------
    theme : Theme
        Colours.

    Signals
    -------
    scrollRequested : float
        Which place of the column, from 0 to 1, is to stand in the middle of the view.
    """

    scrollRequested = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pictures: list[LayerPicture | None] = []
        self._images: dict[int, tuple[LayerPicture, QImage]] = {}
        self._places: list[tuple[int, int]] = []
        self._total, self._view = 1, (0, 1)
        self._room = 0
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Mini-map of the layers")
        self.setToolTip("Every layer; click or drag to scroll")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # While a slider moves, maps come thirty times a second; thumbnails need not follow each.
        self._timer = QTimer(self, singleShot=True, interval=_REST_MS)
        self._timer.timeout.connect(self.update)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self._images.clear()
        self.update()

    def set_pictures(self, pictures: Sequence[LayerPicture | None]) -> None:
        """Show these maps, soon."""
        wanted = list(pictures)
        if len(wanted) == len(self._pictures) and all(
            new is old for new, old in zip(wanted, self._pictures, strict=True)
        ):
            return  # only marks moved, as at every move of the pointer
        self._pictures = wanted
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def set_places(self, places: Sequence[tuple[int, int]], total: int) -> None:
        """Say from where to where each panel stands, in pixels of a column so high."""
        self._places, self._total = list(places), max(total, 1)
        self.update()

    def set_view(self, top: int, bottom: int) -> None:
        """Say what of the column is in view, in pixels."""
        if (top, bottom) != self._view:
            self._view = (top, bottom)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 120)

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.raised))
        scale = self.height() / self._total
        self._room = _MOST_MADE
        for place, (top, bottom) in enumerate(self._places):
            room = QRectF(4, top * scale + 1, WIDTH - 8, max((bottom - top) * scale - 2, 1))
            image = self._image(place)
            if image is None:
                painter.fillRect(room, QColor(self._theme.line))
            else:
                painter.drawImage(room, image)
        top, bottom = self._view
        frame = QRectF(1, top * scale + 1, WIDTH - 2, max((bottom - top) * scale - 2, 8))
        veil = QColor(self._theme.accent)
        painter.setPen(veil)
        veil.setAlpha(36)
        painter.setBrush(veil)
        painter.drawRect(frame)

    def _image(self, place: int) -> QImage | None:
        picture = self._pictures[place] if place < len(self._pictures) else None
        if picture is None or not picture.image.size:
            return None
        known = self._images.get(place)
        if known is None or known[0] is not picture:
            self._room -= 1
            if self._room < 0:  # the next painting goes on
                self._timer.start()
                return None if known is None else known[1]
            known = self._images[place] = (picture, thumbnail(picture, self._theme.dark, _CELLS))
        return known[1]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._scroll(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._scroll(event)

    def _scroll(self, event: QMouseEvent) -> None:
        share = event.position().y() / max(self.height(), 1)
        self.scrollRequested.emit(min(max(share, 0.0), 1.0))


def thumbnail(picture: LayerPicture, dark: bool, cells: tuple[int, int]) -> QImage:
    """Return a layer's map in few cells, the strongest of those that fall together.

    Parameters
    ----------
    picture : LayerPicture
        What to show.
    dark : bool
        For a dark ground.
    cells : tuple of int
        At most so many across and down.
    """
    across, down = cells
    small = squeezed_rows(squeezed_rows(picture.image, down).T, across).T
    low, high = picture.levels
    share = np.nan_to_num((small - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    places = np.clip(share * 255, 0, 255).astype(np.uint8)
    pixels = np.ascontiguousarray(colour_table(picture.palette, dark)[places])
    height, width = places.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.copy()  # it does not own the pixels
