"""Lesson 5: an activation's curve, and the map before and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from spectracnn.core.filter_presets import Preset, preset
from spectracnn.core.lab.specs import Convolution, LayerStack
from spectracnn.engine.messages import RunStack
from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.learn.lessons.picture import Material, Picture, Verdict
from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.layer_lab import picture_of
from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.core.lab.result import LabResult
    from spectracnn.gui.learn.lessons.picture import Send
    from spectracnn.view.theme import Theme

OFFERED = ("relu", "leaky_relu", "elu", "softplus", "sigmoid", "tanh", "linear")
_TICKS = 200


class ActivationCurve(QWidget):
    """Output over input, with a mark for each number of the map."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._before = self._after = np.zeros(0)
        self.setMinimumSize(180, 180)
        self.setAccessibleName("Curve of the activation")

    def sizeHint(self) -> QSize:
        return QSize(220, 220)

    def show_numbers(self, before: np.ndarray, after: np.ndarray) -> None:
        """Show these; both shape (n,)."""
        order = np.argsort(before)
        self._before, self._after = before[order], after[order]
        self.update()

    def _square(self) -> QRectF:
        """Return where the curve is drawn: a unit is as long across as upwards."""
        room = QRectF(self.rect()).adjusted(8, 8, -8, -8)
        side = min(room.width(), room.height())
        return QRectF(
            room.left() + (room.width() - side) / 2, room.top() + (room.height() - side) / 2,
            side, side,
        )  # fmt: skip

    def _paint_scale(self, painter: QPainter, room: QRectF, top: float) -> None:
        """Name the axes, and say how far they reach."""
        painter.setFont(number_font(self.font()))
        painter.setPen(QColor(self.theme.muted))
        flags, middle = Qt.AlignmentFlag, room.center()
        right = QRectF(room.left(), middle.y() + 2, room.width() - 2, 18)
        painter.drawText(right, flags.AlignRight | flags.AlignTop, f"sum, to {short(top)}")
        above = QRectF(middle.x() + 4, room.top(), room.width() / 2 - 4, 18)
        painter.drawText(above, flags.AlignLeft | flags.AlignTop, "after the activation")

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self._square()
        both = np.abs(np.concatenate([self._before, self._after]))
        top = float(both.max(initial=0)) * 1.1 or 1.0
        middle = room.center()
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawLine(QPointF(room.left(), middle.y()), QPointF(room.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), room.top()), QPointF(middle.x(), room.bottom()))
        self._paint_scale(painter, room, top)
        points = [
            QPointF(
                middle.x() + float(x) / top * room.width() / 2,
                middle.y() - float(y) / top * room.height() / 2,
            )
            for x, y in zip(self._before, self._after, strict=True)
        ]
        painter.setPen(QPen(QColor(self.theme.muted), 1))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.accent))
        for point in points:
            painter.drawEllipse(point, 2.5, 2.5)
        painter.end()


class ReluPicture(Picture):
    """One filter, its bias on a slider, and the activation."""

    def __init__(self, send: Send, theme: Theme, material: Material) -> None:
        super().__init__(send, theme, material)
        self.activation_box = QComboBox()
        self.activation_box.addItems(OFFERED)
        self.activation_box.setAccessibleName("Activation")
        self.bias_slider = QSlider(Qt.Orientation.Horizontal)
        self.bias_slider.setRange(-_TICKS, _TICKS)
        self.bias_slider.setValue(_TICKS)  # nothing is cut off at first, whatever the spectrum
        self.bias_slider.setAccessibleName("Bias")
        self.bias_label = QLabel()
        self.bias_slider.setMinimumWidth(180)
        self.curve = ActivationCurve(theme)
        self.views = [StageView(theme, fills=True) for _ in range(2)]
        self.row("Activation", self.activation_box, "Bias", self.bias_slider, self.bias_label)
        side = QVBoxLayout()
        for view in self.views:
            side.addWidget(view, 1)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.curve, 2)
        both.addLayout(side, 3)
        self.column.addLayout(both, 1)
        self.column.addWidget(self.note)
        kernel = preset(Preset.DIFFERENCE, 5)
        plain = np.correlate(material.values.astype(np.float64), kernel, "valid")
        # The slider reaches as far as the map does.
        self._reach = float(np.abs(plain).max(initial=0.0)) * 1.2 or 1.0
        self._kernel = kernel.astype(np.float32)[:, None, None]
        self.before: NDArray[np.float32] = np.zeros(0, np.float32)
        self.after = self.before
        self.activation_box.currentIndexChanged.connect(self._on_control_changed)
        self.bias_slider.valueChanged.connect(self._on_control_changed)
        self.run()

    @property
    def bias(self) -> float:
        """What is added to each sum."""
        return self.bias_slider.value() / _TICKS * self._reach

    @Slot(int)
    def _on_control_changed(self, _value: int) -> None:
        self.run()

    def run(self) -> None:
        """Compute the map before and after."""
        activation = self.activation_box.currentText()
        stack = LayerStack(
            (self.material.values.size, 1), (Convolution(1, (5,), activation=activation),)
        )
        weights = (self._kernel, np.array([self.bias], np.float32))
        self.bias_label.setText(short(self.bias))
        self.run_stack(RunStack(stack, self.material.column, (weights,)), self._show)

    def _show(self, result: LabResult) -> None:
        trace = result.traces[0]
        self.after = trace.output[:, 0]
        self.before = self.after if trace.before is None else trace.before[:, 0]
        span = (-0.5, self.after.size - 0.5)
        self.views[0].show_picture(picture_of("Before: sums with bias", self.before), span)
        name = self.activation_box.currentText()
        self.views[1].show_picture(picture_of(f"After {name}", self.after), span)
        self.curve.show_numbers(self.before, self.after)
        zeros = float((self.after == 0).mean())
        self.note.setText(f"{100 * zeros:.0f} % of the map is exactly 0.")

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.curve.theme = theme
        for view in self.views:
            view.apply_theme(theme)

    def check(self) -> Verdict:
        if self.activation_box.currentText() != "relu":
            return Verdict(False, "The question is about relu: choose it first.")
        zeros = float((self.after == 0).mean()) if self.after.size else 0.0
        if not 0.45 <= zeros <= 0.55:
            way = "lower" if zeros < 0.45 else "higher"
            return Verdict(False, f"{100 * zeros:.0f} % are 0: a {way} bias is needed.")
        return Verdict(True, f"Yes: {100 * zeros:.0f} % are 0, and no information passes there.")
