"""The plot that all panels share: fixed left edge, shared index axis, pointer signals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QWheelEvent

from spectracnn.gui.panels.items import Bands, ScaledAxis
from spectracnn.gui.theme import number_font
from spectracnn.view.scales import LINEAR

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.theme import Theme
    from spectracnn.view.pictures import Seam, SpectrumMarks
    from spectracnn.view.scales import AxisScale

LEFT_AXIS_WIDTH = 68
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class AlignedPlot(pg.PlotWidget):
    """A plot whose drawing area starts at the same pixel in every panel.

    Signals
    -------
    pointerMoved : (float, float)
        Display coordinates under the pointer, inside the drawing area.
    pointerLeft : ()
    pointerClicked : (float, float)
        A click without a drag.
    stepRequested : (int, int)
        Arrow keys: steps along the index axis and channels.
    indexRangeChanged : (float, float)
        The visible range in display coordinates, after the person moved it.
    fitRequested : ()
        A double click.
    """

    pointerMoved = Signal(float, float)
    pointerLeft = Signal()
    pointerClicked = Signal(float, float)
    stepRequested = Signal(int, int)
    indexRangeChanged = Signal(float, float)
    fitRequested = Signal()

    def __init__(self, *, own_wheel: bool, parent: QWidget | None = None) -> None:
        axes = {
            "left": ScaledAxis("left"),
            "bottom": ScaledAxis("bottom", whole=True),
        }
        # pyqtgraph's own menus would take half of the time that a panel needs to be made.
        box = pg.ViewBox(enableMenu=False)
        super().__init__(parent, axisItems=axes, viewBox=box, enableMenu=False)
        self.setBackground(None)  # until a theme is applied: pyqtgraph's own is black
        self._own_wheel = own_wheel
        self._pressed_at: QPointF | None = None
        item = self.getPlotItem()
        item.hideButtons()
        item.setContentsMargins(0, 4, 8, 0)
        item.layout.setContentsMargins(0, 4, 8, 0)
        item.getViewBox().setDefaultPadding(0.0)
        self.left_axis.setWidth(LEFT_AXIS_WIDTH)
        for axis in (self.left_axis, self.bottom_axis):
            axis.setStyle(tickFont=number_font(self.font()), tickTextOffset=4, tickLength=-4)
        self.bands = Bands()
        self.cursor = pg.InfiniteLine(angle=90, movable=False)
        self.cursor.setVisible(False)
        self._held: bool | None = None
        self._accent = QColor("grey")
        self._seam_colour = QColor("grey")
        self._seams: tuple[tuple[Seam, ...], AxisScale, list[pg.InfiniteLine]] = ((), LINEAR, [])
        self._pin: pg.InfiniteLine | None = None  # made when a pin and the pointer first part
        self.addItem(self.bands, ignoreBounds=True)
        self.addItem(self.cursor, ignoreBounds=True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.getViewBox().sigRangeChangedManually.connect(self._on_viewbox_rangeChangedManually)

    @property
    def left_axis(self) -> ScaledAxis:
        """The value axis."""
        return self.getPlotItem().getAxis("left")

    @property
    def bottom_axis(self) -> ScaledAxis:
        """The index axis."""
        return self.getPlotItem().getAxis("bottom")

    def apply_theme(self, theme: Theme) -> None:
        """Recolour everything that does not follow the palette."""
        self.setBackground(QColor(theme.ground))
        for axis in (self.left_axis, self.bottom_axis):
            axis.setPen(QColor(theme.line))
            axis.setTextPen(QColor(theme.muted))
        shade = QColor(theme.accent)
        shade.setAlpha(56 if theme.dark else 40)
        self.bands.set_colour(shade)
        self._accent, self._held = QColor(theme.accent), None
        self._seam_colour = QColor(theme.muted)
        for line in self._seams[2]:
            line.setPen(pg.mkPen(self._seam_colour, width=1, style=Qt.PenStyle.DashDotLine))
        if self._pin is not None:
            self._pin.setPen(pg.mkPen(self._accent, width=1.5))

    def set_index_range(self, low: float, high: float) -> None:
        """Show this range of the index axis, in display coordinates."""
        if not (math.isfinite(low) and math.isfinite(high) and low < high):
            return  # of a spectrum without a finite value
        shown = self.getViewBox().viewRange()[0]
        if shown != [low, high]:
            self.getViewBox().setXRange(low, high, padding=0)

    def limit_index_range(self, low: float, high: float, least: float) -> None:
        """Keep the view near what is there, and no closer than a few samples.

        Parameters
        ----------
        low, high : float
            The whole range, in display coordinates.
        least : float
            The narrowest view.
        """
        span = max(high - low, least)
        self.getViewBox().setLimits(
            xMin=low - span, xMax=high + span, minXRange=min(least, span), maxXRange=3 * span
        )

    def place_cursor(self, at: float | None, *, held: bool = False) -> None:
        """Move or hide the cursor line; display coordinates.

        It is a solid line where the sample is pinned, and dashes while it follows the pointer.
        """
        if held is not self._held:
            self._held = held
            style = Qt.PenStyle.SolidLine if held else Qt.PenStyle.DashLine
            self.cursor.setPen(pg.mkPen(self._accent, width=1.5 if held else 1, style=style))
        if at is None:
            self.cursor.setVisible(False)
        else:
            self.cursor.setValue(at)
            self.cursor.setVisible(True)

    def set_seams(self, seams: tuple[Seam, ...], scale: AxisScale, *, named: bool = False) -> None:
        """Mark where structures begin that the network reads one after the other."""
        if (seams, scale) == self._seams[:2]:
            return
        for line in self._seams[2]:
            self.removeItem(line)
        lines = []
        for place, (at, name) in enumerate(seams):
            if place == 0 and not named:
                continue  # at the left edge a line says nothing
            options = {"position": 0.96, "anchors": [(0, 0), (0, 0)], "color": self._seam_colour}
            line = pg.InfiniteLine(
                float(scale.forward(at)),
                angle=90,
                movable=False,
                pen=pg.mkPen(self._seam_colour, width=1, style=Qt.PenStyle.DashDotLine),
                label=name if named else None,
                labelOpts=options if named else None,
            )
            line.setZValue(13)
            self.addItem(line, ignoreBounds=True)
            lines.append(line)
        self._seams = (seams, scale, lines)

    def place_pin(self, at: float | None) -> None:
        """Move or hide the line of the pinned sample while the pointer is elsewhere."""
        if self._pin is None:
            if at is None:
                return
            self._pin = pg.InfiniteLine(angle=90, movable=False)
            self._pin.setPen(pg.mkPen(self._accent, width=1.5))
            self._pin.setZValue(14)
            self.addItem(self._pin, ignoreBounds=True)
        self._pin.setVisible(at is not None)
        if at is not None:
            self._pin.setValue(at)

    def mark(self, scale: AxisScale, marks: SpectrumMarks) -> None:
        """Show receptive field and marked index; a field's ends are whole samples."""
        ends = [scale.forward((a - 0.5, b + 0.5)) for a, b in marks.bands]
        self.bands.set_ranges([(float(low), float(high)) for low, high in ends])
        index = None if marks.index is None else float(scale.forward(marks.index))
        self.place_cursor(index, held=marks.held)
        self.place_pin(None if marks.pinned is None else float(scale.forward(marks.pinned)))

    def _on_viewbox_rangeChangedManually(self, _mouse: Any) -> None:
        low, high = self.getViewBox().viewRange()[0]
        self.indexRangeChanged.emit(low, high)

    def _coordinates(self, position: QPointF) -> QPointF | None:
        scene = self.mapToScene(position.toPoint())
        box = self.getViewBox()
        if not box.sceneBoundingRect().contains(scene):
            return None
        return box.mapSceneToView(scene)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if event.buttons():
            return
        at = self._coordinates(event.position())
        if at is None:
            self.pointerLeft.emit()
        else:
            self.pointerMoved.emit(at.x(), at.y())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointerLeft.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        if (event.position() - pressed).manhattanLength() < 4:
            at = self._coordinates(event.position())
            if at is not None:
                self.pointerClicked.emit(at.x(), at.y())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.fitRequested.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # In a scrolling stack the wheel scrolls; with Ctrl it zooms, as in any document viewer.
        if self._own_wheel or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepRequested.emit(*step)
