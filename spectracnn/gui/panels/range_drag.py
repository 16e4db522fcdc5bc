"""Choosing a range of the index axis: Shift and drag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

if TYPE_CHECKING:
    from spectracnn.gui.panels.plot import AlignedPlot

_LEAST_DRAG = 4


class RangeDrag(QObject):
    """Watches a plot for drags with Shift held, which then do not move the view.

    Signals
    -------
    dragged : (float, float)
        Where the drag began and where it is, in display coordinates of the index axis.
    """

    dragged = Signal(float, float)

    def __init__(self, plot: AlignedPlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self._from: QPointF | None = None
        self._moved = False
        plot.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            held = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
            left = event.button() is Qt.MouseButton.LeftButton
            self._from = event.position() if held and left else None
            self._moved = False
            return self._from is not None
        if self._from is None:
            return False
        if kind == QEvent.Type.MouseMove:
            far = (event.position() - self._from).manhattanLength() >= _LEAST_DRAG
            self._moved = self._moved or far
            if self._moved:
                self.dragged.emit(self._x(self._from), self._x(event.position()))
            return True
        if kind == QEvent.Type.MouseButtonRelease:
            start, self._from = self._from, None
            if not self._moved:  # a click after all
                at = self._view(start)
                self._plot.pointerClicked.emit(at.x(), at.y())
            return True
        return False

    def _view(self, at: QPointF) -> QPointF:
        box = self._plot.getViewBox()
        return box.mapSceneToView(self._plot.mapToScene(at.toPoint()))

    def _x(self, at: QPointF) -> float:
        return float(self._view(at).x())
