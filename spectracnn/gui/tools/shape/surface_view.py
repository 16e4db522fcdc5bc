"""A shape that can be turned: pictures are computed in a thread, the newest wish wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, QThread, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.view.shape_picture import START, Skin, diverging, draw, turned

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent, QWheelEvent

_MOST_PIXELS = 900
_RADIANS = 0.01
_KEYS = {
    Qt.Key.Key_Left: (-0.15, 0.0),
    Qt.Key.Key_Right: (0.15, 0.0),
    Qt.Key.Key_Up: (0.0, -0.15),
    Qt.Key.Key_Down: (0.0, 0.15),
}


@dataclass(frozen=True, eq=False)
class _Wish:
    shape: Skin
    values: NDArray[np.float64]
    rotation: NDArray[np.float64]
    zoom: float
    size: tuple[int, int]
    ground: tuple[int, int, int]


class _Drawer(QObject):
    drawn = Signal(object)

    @Slot(object)
    def draw(self, wish: _Wish) -> None:
        self.drawn.emit(
            draw(
                wish.shape,
                wish.values,
                diverging(),
                wish.rotation,
                wish.size,
                zoom=wish.zoom,
                ground=wish.ground,
            )
        )


class SurfaceView(QWidget):
    """Shows values on a surface. Drag turns, the wheel zooms, the arrow keys turn as well."""

    _wished = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: Skin | None = None
        self._values: NDArray[np.float64] | None = None
        self._image: QImage | None = None
        self._rotation, self._zoom = START, 1.0
        self._from: QPointF | None = None
        self._busy = self._again = False
        self._moving = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Shape")
        self._thread = QThread()
        self._drawer = _Drawer()
        self._drawer.moveToThread(self._thread)
        self._wished.connect(self._drawer.draw)
        self._drawer.drawn.connect(self._on_drawer_drawn)
        self._thread.start()

    def close_thread(self) -> None:
        """End the thread."""
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

    def reset(self) -> None:
        """Turn and zoom as at first; a flat shape is seen from above."""
        flat = self._shape is not None and float(np.ptp(self._shape.points[:, 2])) < 1e-9
        self._rotation, self._zoom = (np.eye(3) if flat else START), 1.0
        self._refresh()

    def picture(self) -> QImage | None:
        """Return what is shown."""
        return self._image

    def _refresh(self) -> None:
        if self._shape is None or self._values is None or self.width() < 8 or self.height() < 8:
            return
        if self._busy:
            self._again = True
            return
        self._busy, self._again = True, False
        ratio = min(1.0, _MOST_PIXELS / max(self.width(), self.height()))
        ratio *= 0.5 if self._moving else 1.0
        size = max(8, int(self.width() * ratio)), max(8, int(self.height() * ratio))
        colour = self.palette().base().color()
        ground = (colour.red(), colour.green(), colour.blue())
        self._wished.emit(
            _Wish(self._shape, self._values, self._rotation, self._zoom, size, ground)
        )

    @Slot(object)
    def _on_drawer_drawn(self, picture: Any) -> None:
        height, width, _ = picture.shape
        data = np.ascontiguousarray(picture)
        form = QImage.Format.Format_RGB888
        self._image = QImage(data.tobytes(), width, height, 3 * width, form).copy()
        self._busy = False
        self.update()
        if self._again:
            self._refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().base())
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self.rect(), self._image)
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

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from, self._moving = None, False
        self._refresh()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom = float(np.clip(self._zoom * 1.0015 ** event.angleDelta().y(), 0.3, 20))
        self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._rotation = turned(self._rotation, *step)
        self._refresh()
