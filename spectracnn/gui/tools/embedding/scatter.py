"""Points that can be brushed: a drag selects, a click chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor

from spectracnn.gui.panels.items import ScaledAxis
from spectracnn.view.colouring import SYMBOLS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.theme import Theme

_NEAR = 12
MOST_NAMED = 40
"""With more points no names stand beside them."""
_POINT = 4.0
_AT_ONCE = 2000

_SYMBOLS = dict(zip(SYMBOLS, ("o", "s", "t1", "d"), strict=True))


class _BrushBox(pg.ViewBox):
    """A view whose left drag draws a rectangle instead of moving."""

    brushed = Signal(QRectF)

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseDragEvent(event, axis=axis)
            return
        event.accept()
        start, now = event.buttonDownPos(), event.pos()
        if event.isFinish():
            self.rbScaleBox.hide()
            area = QRectF(QPointF(*start), QPointF(*now)).normalized()
            self.brushed.emit(self.childGroup.mapRectFromParent(area))
        else:
            self.updateScaleBox(start, now)


class Scatter(pg.PlotWidget):
    """A cloud of points.

    Signals
    -------
    brushed : list of int
        Places of the points in the rectangle.
    chosen : int
        Place of the point that was clicked.
    """

    brushed = Signal(object)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        box = _BrushBox(enableMenu=False)
        axes = {side: ScaledAxis(side) for side in ("left", "bottom")}
        super().__init__(parent, viewBox=box, axisItems=axes, enableMenu=False)
        self.show_axes(False)  # numbers of an empty plot would be nobody's
        self.points: NDArray[np.float64] = np.zeros((0, 2))
        self._names: list[pg.TextItem] = []
        self._clouds = [pg.ScatterPlotItem(pxMode=True)]
        self._parts: list[dict[str, Any]] = []
        self._later = QTimer(self, interval=0)
        self._later.timeout.connect(self._draw_part)
        self._ticked = pg.ScatterPlotItem(pxMode=True, size=13, brush=None)
        self._current = pg.ScatterPlotItem(pxMode=True, size=19, brush=None)
        for item in (*self._clouds, self._ticked, self._current):
            self.addItem(item)
        self.hideButtons()
        # Room for the turned label of the left axis, which Qt would cut at the edge.
        self.getPlotItem().layout.setContentsMargins(6, 2, 2, 2)
        self.setAccessibleName("Spectra as points")
        box.brushed.connect(self._on_box_brushed)
        box.sigTransformChanged.connect(self._on_box_transformChanged)
        self.scene().sigMouseClicked.connect(self._on_scene_clicked)

    def show_axes(self, shown: bool) -> None:
        """Draw both axes, or none."""
        for side in ("left", "bottom"):
            self.getPlotItem().showAxis(side, shown)

    def show_points(
        self,
        points: NDArray[np.float64],
        looks: Sequence[tuple[str, str]],
        names: Sequence[str],
        theme: Theme,
    ) -> None:
        """Draw these points, each with colour and symbol, and fit the view where they are others.

        A few of them get their names beside them. Many are drawn part by part, a turn each.
        """
        others = points is not self.points
        self.points = points
        self.show_axes(True)
        known = np.flatnonzero(np.isfinite(points).all(axis=1))
        brushes = {colour: pg.mkBrush(colour) for colour, _ in set(looks)}
        pen = pg.mkPen(theme.ground, width=0.5)
        self._parts = []
        for start in range(0, max(len(known), 1), _AT_ONCE):
            rows = known[start : start + _AT_ONCE]
            shown = [looks[row] for row in rows.tolist()]
            part = {
                "pos": points[rows],
                "size": 9,
                "brush": [brushes[colour] for colour, _ in shown],
                "symbol": [_SYMBOLS[symbol] for _, symbol in shown],
                "pen": pen,
            }
            self._parts.append(part)
        self._fit_clouds(len(self._parts))
        self._parts.reverse()
        self._draw_part()
        if self._parts:
            self._later.start()
        self._name_points(points, names, theme)
        if others and len(known):
            low, high = points[known].min(axis=0), points[known].max(axis=0)
            self.setRange(xRange=(low[0], high[0]), yRange=(low[1], high[1]), padding=0.1)

    def _fit_clouds(self, count: int) -> None:
        for item in self._clouds[count:]:
            self.removeItem(item)
        del self._clouds[count:]
        while len(self._clouds) < count:
            item = pg.ScatterPlotItem(pxMode=True)
            item.setZValue(-1)  # under the rings
            self._clouds.append(item)
            self.addItem(item, ignoreBounds=True)

    @Slot()
    def _draw_part(self) -> None:
        if self._parts:
            place = len(self._clouds) - len(self._parts)
            self._clouds[place].setData(**self._parts.pop())
        if not self._parts:
            self._later.stop()

    def _name_points(self, points: NDArray[np.float64], names: Sequence[str], theme: Theme) -> None:
        for item in self._names:
            self.removeItem(item)
        self._names = []
        if len(points) > MOST_NAMED:
            return
        for point, name in zip(points, names, strict=True):
            if np.isfinite(point).all():
                item = pg.TextItem(name, color=theme.muted, anchor=(0, 0.5))
                item.setPos(*point)
                item.setZValue(-1)
                self.addItem(item, ignoreBounds=True)
                self._names.append(item)
        self._thin_out()

    def _thin_out(self) -> None:
        """Show only names that lie over no other name or point; zooming in shows the others."""
        places = [self.getViewBox().mapViewToScene(item.pos()) for item in self._names]
        points = [QRectF(p.x() - _POINT, p.y() - _POINT, 2 * _POINT, 2 * _POINT) for p in places]
        taken: list[QRectF] = []
        for place, (item, corner) in enumerate(zip(self._names, places, strict=True)):
            size = item.textItem.boundingRect()
            room = QRectF(corner.x(), corner.y() - size.height() / 2, size.width(), size.height())
            others = (*taken, *points[:place], *points[place + 1 :])
            free = not any(room.intersects(other) for other in others)
            item.setVisible(free)
            if free:
                taken.append(room)

    def mark(self, ticked: Sequence[int], current: int | None, theme: Theme) -> None:
        """Ring the ticked points thinly and the current one strongly."""
        self._ticked.setData(
            pos=self._finite(ticked), pen=pg.mkPen(QColor(theme.muted), width=1), brush=None
        )
        here = [] if current is None else [current]
        self._current.setData(
            pos=self._finite(here), pen=pg.mkPen(QColor(theme.accent), width=2.5), brush=None
        )

    def _finite(self, places: Sequence[int]) -> NDArray[np.float64]:
        inside = [place for place in places if place < len(self.points)]
        points = self.points[np.array(inside, dtype=np.intp)]
        return points[np.isfinite(points).all(axis=1)]

    def apply_theme(self, theme: Theme) -> None:
        """Recolour what does not follow the palette."""
        self.setBackground(QColor(theme.ground))
        for name in ("left", "bottom"):
            self.getAxis(name).setPen(QColor(theme.line))
            self.getAxis(name).setTextPen(QColor(theme.muted))

    def _on_box_transformChanged(self, _box: object) -> None:
        self._thin_out()

    def _on_box_brushed(self, area: QRectF) -> None:
        x, y = self.points.T if self.points.size else (np.zeros(0), np.zeros(0))
        inside = (x >= area.left()) & (x <= area.right()) & (y >= area.top()) & (y <= area.bottom())
        self.brushed.emit(np.flatnonzero(inside).tolist())

    def _on_scene_clicked(self, event: Any) -> None:
        box = self.getViewBox()
        known = np.flatnonzero(np.isfinite(self.points).all(axis=1))
        if not known.size:
            return
        at = box.mapSceneToView(event.scenePos())
        width, height = box.viewPixelSize()
        offsets = (self.points[known] - (at.x(), at.y())) / (width, height)
        distances = np.hypot(*offsets.T)
        if distances.min() <= _NEAR:
            self.chosen.emit(int(known[np.argmin(distances)]))
