"""Lesson 7: a filter that is learned, epoch by epoch."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from spectracnn.engine.messages import LearnFilter
from spectracnn.errors import ExportError
from spectracnn.gui.learn.lessons.picture import Material, Picture, Verdict
from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.filter_editor import FilterEditor
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from spectracnn.core.lab.learning import FilterHistory
    from spectracnn.gui.learn.lessons.picture import Send
    from spectracnn.view.theme import Theme

_FRAME_MS = 100


class LossCurve(QWidget):
    """The loss over the epochs, with a mark at the one that is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.history: FilterHistory | None = None
        self.epoch = 0
        self.setAccessibleName("Loss over the epochs")

    def sizeHint(self) -> QSize:
        return QSize(260, 180)

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(12, 26, -12, -12)
        painter.setFont(number_font(self.font()))
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.drawRect(room)
        history = self.history
        if history is None:
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, "Nothing learned yet.")
            painter.end()
            return
        top = float(history.losses.max()) or 1.0
        last = max(history.losses.size - 1, 1)
        points = [
            QPointF(
                room.left() + epoch / last * room.width(),
                room.bottom() - float(loss) / top * room.height(),
            )
            for epoch, loss in enumerate(history.losses)
        ]
        painter.setPen(QPen(QColor(self.theme.accent), 2))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(self.theme.accent))
        painter.drawEllipse(points[self.epoch], 4, 4)
        painter.setPen(QColor(self.theme.ink))
        painter.drawText(
            QPointF(room.left(), 18),
            f"epoch {self.epoch}: loss {short(float(history.losses[self.epoch]))}, "
            f"{100 * history.accuracies[self.epoch]:.0f} % right",
        )
        painter.end()


class LearningPicture(Picture):
    """Train, watch the filter, and go back through the epochs."""

    def __init__(self, send: Send, theme: Theme, material: Material) -> None:
        super().__init__(send, theme, material)
        self.train_button = QPushButton("Train")
        self.train_button.setProperty("primary", True)
        self.epoch_slider = QSlider(Qt.Orientation.Horizontal)
        self.epoch_slider.setRange(0, 0)
        self.epoch_slider.setAccessibleName("Epoch")
        self.epoch_slider.setMinimumWidth(240)
        self.epoch_label = QLabel("epoch 0")
        self.editor = FilterEditor(theme, "The filter")
        self.editor.setEnabled(False)
        self.loss = LossCurve(theme)
        self.row(self.train_button, "Epoch", self.epoch_slider, self.epoch_label)
        both = QHBoxLayout()
        both.setSpacing(16)
        both.addWidget(self.editor, 1)
        both.addWidget(self.loss, 1)
        self.column.addLayout(both)
        self.column.addWidget(self.note)
        self.column.addStretch(1)
        self.history: FilterHistory | None = None
        self._seed = 0
        self._shown_seed: int | None = None
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self.train_button.clicked.connect(self._on_train_clicked)
        self.epoch_slider.valueChanged.connect(self._on_slider_changed)
        self.note.setText("128 rows of 24 numbers, each with a step up or down and some noise.")

    @Slot()
    def _on_train_clicked(self) -> None:
        self.train_button.setEnabled(False)
        self.note.setText("Training: Keras changes the five weights, batch by batch \u2026")
        self.send(LearnFilter(seed=self._seed), partial(self._show, self._seed), self._on_failed)
        self._seed += 1

    def _on_failed(self, sentence: str) -> None:
        self.train_button.setEnabled(True)
        self.note.setText(sentence)

    def _show(self, seed: int, history: FilterHistory) -> None:
        self._shown_seed = seed
        self.history = self.loss.history = history
        self.train_button.setEnabled(True)
        self.train_button.setText("Train again")
        self.epoch_slider.setMaximum(history.losses.size - 1)
        self.epoch_slider.setValue(0)
        self._on_slider_changed(0)
        self._timer.start()
        self.note.setText(
            "The filter turned into a difference: negative on one side, positive on the other. "
            "Train again from other random weights: it may be the mirror image."
        )

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self.epoch_slider.value() >= self.epoch_slider.maximum():
            self._timer.stop()
        else:
            self.epoch_slider.setValue(self.epoch_slider.value() + 1)

    @Slot(int)
    def _on_slider_changed(self, epoch: int) -> None:
        if self.epoch_slider.isSliderDown():
            self._timer.stop()
        if self.history is not None:
            self.loss.epoch = epoch
            self.editor.set_weights(self.history.filters[epoch])
            self.epoch_label.setText(f"epoch {epoch}")
            self.loss.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self.editor.apply_theme(theme)
        self.loss.theme = theme

    def script(self) -> tuple[str, ...]:
        if self._shown_seed is None:
            raise ExportError("Nothing is learned yet.", "Press Train first.")
        return (
            "from spectracnn.nn.learn_filter import learn_filter",
            "",
            f"history = learn_filter(seed={self._shown_seed})",
            f"weights = history.filters[{self.epoch_slider.value()}]",
        )

    def check(self) -> Verdict:
        history = self.history
        if history is None:
            return Verdict(False, "Train first.")
        if history.first_half is None:
            return Verdict(False, "The loss did not fall below half this time: train again.")
        epoch = self.epoch_slider.value()
        if epoch != history.first_half:
            way = "an earlier" if epoch > history.first_half else "a later"
            return Verdict(False, f"Epoch {epoch} is not the first one: try {way} one.")
        return Verdict(True, f"Yes, epoch {epoch}: most is learned at the beginning.")
