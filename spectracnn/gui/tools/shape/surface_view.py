"""A shape that can be turned: pictures are computed in a thread, the newest request wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import (
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QSize,
    Qt,
    QThread,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.gui.tools.shape.drawing import Drawer, Drawing, as_image, paint_legend
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.shape_picture import START, Skin, turned

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

_QUICK_PIXELS = 900
"""Along the longer side of a picture while something moves."""

_SHARP_PIXELS = 2400
_STILL_MS = 300
"""After so long without a change the picture is drawn with all the screen's pixels."""

_RADIANS = 0.01
_KEYS = {
    Qt.Key.Key_Left: (-0.15, 0.0),
    Qt.Key.Key_Right: (0.15, 0.0),
    Qt.Key.Key_Up: (0.0, -0.15),
    Qt.Key.Key_Down: (0.0, 0.15),
}


class SurfaceView(QWidget):
    """Shows values on a surface. Drag turns, the wheel zooms, the arrow keys turn as well.

    Signals
    -------
    poseChanged : (ndarray, float)
        The person turned or zoomed: rotation and zoom.
    """

    poseChanged = Signal(object, float)
    _drawingRequested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: Skin | None = None
        self._values: NDArray[np.float64] | None = None
        self._image: QImage | None = None
        self._rotation, self._zoom = START, 1.0
        self._from: QPointF | None = None
        self._busy = self._again = False
        self._moving = False
        # Of the next picture, of the one that is being drawn, and of the one that is seen.
        self._legend: tuple[str, str] | None = None
        self._coming_legend: tuple[str, str] | None = None
        self._seen_legend: tuple[str, str] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Shape")
        self._coming: Drawing | None = None
        self._sharp: Drawing | None = None
        self._still_timer = QTimer(self, singleShot=True, interval=_STILL_MS)
        self._still_timer.timeout.connect(self._on_still_timer_timeout)
        self._thread = QThread()
        self._drawer = Drawer()
        self._drawer.moveToThread(self._thread)
        self._drawingRequested.connect(self._drawer.draw)
        self._drawer.drawn.connect(self._on_drawer_drawn)
        self._thread.start()

    def close_thread(self) -> None:
        """End the thread."""
        self._still_timer.stop()
        if self._sharp is not None:
            self._sharp.stopped.set()
        self._thread.quit()
        self._thread.wait()

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def set_shape(self, shape: Skin | None) -> None:
        """Show another shape, or none."""
        self._shape, self._values = shape, None
        if shape is None:
            self._image = None
            self.update()
        self.reset()

    def set_values(self, values: NDArray[np.float64]) -> None:
        """Colour it by values from -1 to 1, shape (n,)."""
        self._values = values
        self._refresh()

    def set_legend(self, low: str, high: str) -> None:
        """Say what blue (or white) and red of the next values are."""
        self._legend = (low, high)

    @property
    def busy(self) -> bool:
        """Whether a picture of what was last chosen is still on its way."""
        return self._busy

    @property
    def pose(self) -> tuple[NDArray[np.float64], float]:
        """Rotation and zoom."""
        return self._rotation, self._zoom

    @Slot(object, float)
    def set_pose(self, rotation: NDArray[np.float64], zoom: float) -> None:
        """Turn and zoom like another view; nobody is informed."""
        self._rotation, self._zoom = rotation, zoom
        self._refresh()

    def reset(self) -> None:
        """Restore the initial view; a flat shape is seen from above."""
        flat = self._shape is not None and float(np.ptp(self._shape.points[:, 2])) < 1e-9
        self._rotation, self._zoom = (np.eye(3) if flat else START), 1.0
        self._refresh()

    def picture(self) -> QImage | None:
        """Return what is shown."""
        return self._image

    def drawing(self, height: int) -> Drawing | None:
        """Return what is shown, to be drawn so high; None while there is nothing."""
        if self._shape is None or self._values is None or not self.height():
            return None
        size = max(8, round(height * self.width() / self.height())), height
        return self._drawing(size)

    def _drawing(self, size: tuple[int, int]) -> Drawing:
        assert self._shape is not None
        assert self._values is not None
        colour = self.palette().base().color()
        ground = (colour.red(), colour.green(), colour.blue())
        return Drawing(self._shape, self._values, self._rotation, self._zoom, size, ground)

    def _refresh(self) -> None:
        if self._shape is None or self._values is None or self.width() < 8 or self.height() < 8:
            return
        self._still_timer.stop()
        if self._busy:
            self._again = True
            if self._sharp is not None:  # a new picture is wanted first
                self._sharp.stopped.set()
            return
        quick = min(_QUICK_PIXELS, max(self.width(), self.height()))
        self._coming = self._draw(0.5 * quick if self._moving else quick)

    def _draw(self, most: float) -> Drawing:
        self._busy, self._again = True, False
        self._coming_legend = self._legend
        drawing = self._drawing(self._pixels(most))
        self._drawingRequested.emit(drawing)
        return drawing

    def _pixels(self, most: float) -> tuple[int, int]:
        """Return the size of a picture: that of the screen's pixels, or less."""
        longest = max(self.width(), self.height())
        ratio = min(self.devicePixelRatioF(), most / longest)
        return max(8, int(self.width() * ratio)), max(8, int(self.height() * ratio))

    @Slot()
    def _on_still_timer_timeout(self) -> None:
        if self._shape is not None and self._values is not None and not self._busy:
            self._coming = self._sharp = self._draw(_SHARP_PIXELS)

    @Slot(object)
    def _on_drawer_drawn(self, picture: Any) -> None:
        sharp, self._sharp, self._busy = self._sharp, None, False
        if picture is not None and self._coming is not None and self._coming.shape is self._shape:
            self._image, self._seen_legend = as_image(picture), self._coming_legend
            self.update()
        if self._again:
            self._refresh()
        elif sharp is None and not self._moving and self._image is not None:
            if self._image.width() < self._pixels(_SHARP_PIXELS)[0]:
                self._still_timer.start()

    @ends_painter
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().base())
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            # Until the picture of a new size is there, the old one keeps its proportions.
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(self.rect().center())
            painter.drawImage(place, self._image)
            if self._seen_legend is not None:
                paint_legend(painter, self.palette(), self.height(), self._seen_legend)
        if self.hasFocus():
            painter.setPen(self.palette().highlight().color())
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:  # the picture has the ground's colour
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from, self._moving = event.position(), True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        step, self._from = event.position() - self._from, event.position()
        self._rotation = turned(self._rotation, step.x() * _RADIANS, step.y() * _RADIANS)
        self._refresh()
        self.poseChanged.emit(self._rotation, self._zoom)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from, self._moving = None, False
        self._refresh()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom = float(np.clip(self._zoom * 1.0015 ** event.angleDelta().y(), 0.3, 20))
        self._refresh()
        self.poseChanged.emit(self._rotation, self._zoom)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._rotation = turned(self._rotation, *step)
        self._refresh()
        self.poseChanged.emit(self._rotation, self._zoom)
