"""Editing with the mouse: dragging points of the spectrum plot, and muting filters by a click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from spectracnn.core.edits import Offset, Space
from spectracnn.errors import SpectrumError
from spectracnn.state.selection import SpectrumMode
from spectracnn.view.seams import offset_of

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from spectracnn.gui.panels.spectrum_panel import SpectrumPanel
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.selection import Sample
    from spectracnn.view.pictures import Curve

_NEAR = 14
_LEAST_DRAG = 4


@dataclass(frozen=True)
class _Grip:
    """What is held while a point is dragged: the view as it was, because it moves along.

    Parameters
    ----------
    place : int
        Index of the point in its space.
    value : float
        Where it stood, as shown.
    per_value : float
        Units of the edited values for one unit of what is shown.
    display, pixel : float
        The same, in display coordinates and pixels.
    per_pixel : float
        Display units a pixel.
    """

    place: int
    value: float
    per_value: float
    display: float
    pixel: float
    per_pixel: float


class SpectrumDrag(QObject):
    """Lets points of the current curve be dragged up and down while editing asks for it."""

    def __init__(self, panel: SpectrumPanel, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._panel, self._workspace = panel, workspace
        self._editing = workspace.editing
        self._grip: _Grip | None = None
        self._pressed: QPointF | None = None
        panel.plot.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not self._editing.dragging or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            if event.button() is not Qt.MouseButton.LeftButton or event.modifiers():
                return False
            self._pressed = event.position()
            self._grip = self._hold(event.position())
            if self._grip is not None:
                self._editing.begin()
            return True  # a point that was missed must not move the view instead
        if self._pressed is None:
            if kind == QEvent.Type.MouseMove and not event.buttons():
                near = self._hold(event.position()) is not None
                shape = Qt.CursorShape.SizeVerCursor if near else Qt.CursorShape.ArrowCursor
                self._panel.plot.viewport().setCursor(shape)
            return False
        if kind == QEvent.Type.MouseMove:
            if self._grip is not None:
                self._drag(self._grip, event.position())
            return True
        if kind == QEvent.Type.MouseButtonRelease:
            self._release(event.position())
            return True
        return False

    def _release(self, at: QPointF) -> None:
        """Let go of the point; a click beside the points pins a sample as ever."""
        pressed, self._pressed = self._pressed, None
        missed, self._grip = self._grip is None, None
        if missed and pressed is not None and (at - pressed).manhattanLength() < _LEAST_DRAG:
            plot = self._panel.plot
            where = plot.getViewBox().mapSceneToView(plot.mapToScene(at.toPoint()))
            plot.pointerClicked.emit(where.x(), where.y())

    def _curve(self) -> Curve | None:
        curves = self._workspace.contents.spectrum.curves
        return curves[-1] if curves and curves[-1].emphasised else None

    def _hold(self, at: QPointF) -> _Grip | None:
        """Return a grip on the point under the pointer, None where there is none."""
        curve, picture = self._curve(), self._workspace.contents.spectrum
        entry = self._workspace.current
        plot = self._panel.plot
        box = plot.getViewBox()
        if curve is None or entry is None or not curve.x.size:
            return None
        if picture.mode is SpectrumMode.WAVELENGTH:
            return None  # which is no multiple of the eigenvalue
        where = box.mapSceneToView(plot.mapToScene(at.toPoint()))
        nearest = int(np.argmin(np.abs(picture.index_scale.forward(curve.x) - where.x())))
        value = float(curve.y[nearest])
        display = float(picture.value_scale.forward(value))
        low, high = box.viewRange()[1]
        per_pixel = (high - low) / max(box.height(), 1.0)
        if not abs(display - where.y()) <= _NEAR * per_pixel:
            return None
        if picture.mode is SpectrumMode.MODEL_INPUT:
            return _Grip(nearest, value, 1.0, display, at.y(), per_pixel)
        flags = entry.spectrum.flags
        scaled = picture.mode is not SpectrumMode.RAW
        moved = offset_of(self._workspace.document.model, entry.spectrum.structure)
        place = round(float(curve.x[nearest])) - moved
        if scaled and (flags.unsorted or flags.negative_sign or not value):
            return None  # what is shown there was put in another order first
        per_value = float(entry.spectrum.eigenvalues[place]) / value if scaled else 1.0
        return _Grip(place, value, per_value, display, at.y(), per_pixel)

    def _drag(self, grip: _Grip, at: QPointF) -> None:
        picture = self._workspace.contents.spectrum
        display = grip.display - (at.y() - grip.pixel) * grip.per_pixel
        value = float(picture.value_scale.inverse(display))
        is_input = picture.mode is SpectrumMode.MODEL_INPUT
        span = self._editing.span
        first, last = grip.place, grip.place
        if span is not None and span[0] <= grip.place <= span[1]:
            first, last = span
        edit = Offset(
            space=Space.INPUT if is_input else Space.EIGENVALUES,
            first=first,
            last=last,
            amount=(value - grip.value) * grip.per_value,
        )
        try:
            self._editing.change(edit)
        except SpectrumError:
            self._grip = None


class PlotEditing(QObject):
    """Ties editing to the panels: the spectrum plot, and clicks on feature maps."""

    def __init__(self, panel: SpectrumPanel, workspace: Workspace, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.drag = SpectrumDrag(panel, workspace, self)

    @Slot(object)
    def pin_or_mute(self, sample: Sample | None) -> None:
        """Pin a sample; with Shift mute its filter, with Ctrl and Shift solo it."""
        modifiers = QApplication.keyboardModifiers()
        model = self._workspace.document.model
        shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
        if not shift or sample is None or sample.layer < 0 or model is None:
            self._workspace.pin(sample)
            return
        is_vector = len(model.layers[sample.layer].output_shape) == 1
        channel = sample.step if is_vector else sample.channel
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._workspace.editing.solo(sample.layer, channel)
        else:
            self._workspace.editing.toggle_mute(sample.layer, channel)
