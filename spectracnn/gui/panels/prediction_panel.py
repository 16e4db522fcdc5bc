"""The network's decision as class bars."""

from __future__ import annotations

from dataclasses import fields
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import Contents, PredictionContents

_ROW = 20
_BAR = 6
_SHADOW = 2
_TRUST_LINES = 3
_LEVELS = (50, 99)


TRUST_TIP = (
    "The classes that cannot be ruled out; how usual the spectrum is among those the network was "
    "trained on, as a p-value: below 0.05 it is unlike them, below 0.01 the bars are grey, for the "
    "class means nothing then; and what a linear model on the same input says, drawn as a thin "
    "line under each bar."
)


LEVEL_TIP = (
    "How often the set, or the interval, shall hold the truth: the higher, the larger. It holds in "
    "the table too and is remembered."
)


class ClassBars(QWidget):
    """One row a class: name, probability, bar."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._contents: PredictionContents | None = None
        self.setFont(number_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Class probabilities")

    def set_contents(self, contents: PredictionContents, theme: Theme) -> None:
        """Show these classes."""
        self._contents, self._theme = contents, theme
        top = enumerate(contents.classes[:3])
        self.setAccessibleDescription(", ".join(f"{name} {contents.text(i)}" for i, name in top))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = len(self._contents.classes) if self._contents else 0
        return QSize(160, rows * _ROW)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            words = self.words_at(event.pos().y())
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def words_at(self, y: int) -> str:
        """Return a row's class and number, whole where the row has no room for them."""
        row = y // _ROW
        if self._contents is None or not 0 <= row < len(self._contents.classes):
            return ""
        return f"{self._contents.classes[row]}: {self._contents.text(row)}"

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._contents is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self.width()
        name_width = int(0.46 * width)
        metrics = painter.fontMetrics()
        texts = ("100.0 %", *self._contents.texts)
        number_width = max(metrics.horizontalAdvance(text) for text in texts) + 6
        number_width = min(number_width, int(0.54 * width))
        track = QRectF(name_width, 0, width - name_width - number_width, _BAR)
        for row, name in enumerate(self._contents.classes):
            top = row * _ROW
            share = float(self._contents.probabilities[row])
            strong, plain = self._contents.strong(row), bool(self._contents.texts)
            painter.setPen(
                QColor(self._theme.ink if strong or plain or share >= 0.01 else self._theme.muted)
            )
            text = painter.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, name_width - 8
            )
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, top, name_width, _ROW), middle, text)
            number = QRectF(width - number_width, top, number_width, _ROW)
            painter.drawText(number, middle | Qt.AlignmentFlag.AlignRight, self._contents.text(row))
            painter.setPen(Qt.PenStyle.NoPen)
            if plain:
                continue  # a value has no bar: it is no share of anything
            bar = track.translated(0, top + (_ROW - _BAR) / 2)
            painter.setBrush(QColor(self._theme.line))
            painter.drawRoundedRect(bar, 3, 3)
            if share > 0.002:
                filled = strong and not self._contents.grey
                painter.setBrush(QColor(self._theme.accent if filled else self._theme.muted))
                bar.setWidth(max(_BAR, bar.width() * share))
                painter.drawRoundedRect(bar, 3, 3)
            if self._contents.shadow is not None:
                self._cast(painter, track.translated(0, top), float(self._contents.shadow[row]))
            if self._contents.reference is not None:
                self._mark(painter, track.translated(0, top), float(self._contents.reference[row]))

    def _cast(self, painter: QPainter, track: QRectF, share: float) -> None:
        """Draw what the linear model says as a thin line under the bar."""
        if share <= 0.002:
            return
        painter.setBrush(QColor(self._theme.ink))
        painter.setOpacity(0.55)
        top = track.top() + (_ROW + _BAR) / 2 + 1
        painter.drawRect(QRectF(track.left(), top, max(2.0, track.width() * share), _SHADOW))
        painter.setOpacity(1.0)

    def _mark(self, painter: QPainter, track: QRectF, share: float) -> None:
        """Tick the probability before the edits."""
        painter.setBrush(QColor(self._theme.ink))
        x = track.left() + track.width() * share
        painter.drawRect(
            QRectF(x - 1, (_ROW - _BAR) / 2 - 3, 2, _BAR + 6).translated(0, track.top())
        )


class PredictionPanel(QFrame):
    """Headline, detail, threshold, bars.

    Signals
    -------
    thresholdChanged : float
        From which probability on the second of two classes, or a label, shall be said.
    levelChanged : float
        How often the prediction set shall hold the truth.
    """

    thresholdChanged = Signal(float)
    levelChanged = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._theme = theme
        self._contents: PredictionContents | None = None
        title = QLabel("Prediction")
        title.setProperty("title", True)
        self.headline = QLabel(wordWrap=True)
        self.headline.setProperty("headline", True)
        self.detail = QLabel(wordWrap=True)
        self.detail.setProperty("muted", True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.headline, self.detail):
            label.setMinimumWidth(1)  # a long word of one spectrum must not move the columns
        # None is cut: where the panel is narrow, it takes another line.
        self.trust = tuple(
            QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText) for _ in range(_TRUST_LINES)
        )
        for label in self.trust:
            label.setMinimumWidth(1)
        self.bars = ClassBars(theme)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(self.bars)
        scroll.viewport().setAutoFillBackground(False)
        self.bars.setAutoFillBackground(False)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.threshold = QDoubleSpinBox(self, decimals=2, singleStep=0.05)
        self.threshold.setRange(0.0, 1.0)
        self.threshold.setAccessibleName("Threshold")
        self.threshold.setToolTip(
            "Probability from which it is predicted; the card keeps its own until it is edited"
        )
        self.threshold_caption = QLabel(self)
        self.threshold_caption.setProperty("muted", True)
        row = QHBoxLayout()
        row.addWidget(self.threshold_caption, 1)
        row.addWidget(self.threshold)
        self.threshold.valueChanged.connect(self.thresholdChanged)
        self.level = QSpinBox(self, prefix="level ", suffix=" %")
        self.level.setRange(*_LEVELS)
        self.level.setAccessibleName("Level of the prediction set")
        self.level.setToolTip(LEVEL_TIP)
        self.level.valueChanged.connect(self._on_level_valueChanged)
        first = QHBoxLayout()
        first.addWidget(self.trust[0], 1)
        first.addWidget(self.level)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        layout.setSpacing(4)
        layout.addWidget(title)
        layout.addWidget(self.headline)
        layout.addLayout(first)
        for widget in (*self.trust[1:], self.detail):
            layout.addWidget(widget)
        layout.addLayout(row)
        layout.addWidget(scroll, 1)
        self._show_threshold(None)
        self._show_level(None)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        if self._contents is not None:
            self.bars.set_contents(self._contents, theme)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given."""
        before, wanted = self._contents, contents.prediction
        if before is not None and _same(before, wanted):
            return
        self._contents = wanted
        self.headline.setText(wanted.headline)
        self.headline.setVisible(bool(wanted.headline))
        self._show_trust(wanted)
        self.detail.setText(wanted.detail)
        self.detail.setVisible(bool(wanted.detail))
        self._show_threshold(wanted)
        self.bars.set_contents(wanted, self._theme)

    def _show_threshold(self, wanted: PredictionContents | None) -> None:
        threshold = None if wanted is None else wanted.threshold
        self.threshold.setVisible(threshold is not None)
        self.threshold_caption.setVisible(threshold is not None)
        if wanted is None or threshold is None:
            return
        of = wanted.threshold_of or "A label"
        self.threshold_caption.setText(f"Predict {of} from")
        with QSignalBlocker(self.threshold):  # it shows what holds
            self.threshold.setDecimals(2 if round(threshold, 2) == threshold else 3)
            self.threshold.setValue(threshold)

    def _show_level(self, level: float | None) -> None:
        self.level.setVisible(level is not None)
        if level is not None:
            with QSignalBlocker(self.level):  # it shows what holds
                self.level.setValue(round(100 * level))

    @Slot(int)
    def _on_level_valueChanged(self, value: int) -> None:
        self.levelChanged.emit(value / 100)

    def _show_trust(self, wanted: PredictionContents) -> None:
        """Show the set, typicality, and the linear model's class."""
        self._show_level(wanted.level)
        lines = wanted.trust.splitlines()
        lines += [""] * (_TRUST_LINES - len(lines))
        # The tip says what they mean.
        tip = f"{wanted.trust}\n\n{TRUST_TIP}"
        for label, line in zip(self.trust, lines, strict=True):
            label.setText(line)
            label.setVisible(bool(line))
            label.setToolTip(_as_paragraphs(tip))
            label.setAccessibleName(f"How far to trust it: {line}")
            label.setProperty("warning", wanted.unlike)
            label.style().unpolish(label)
            label.style().polish(label)


def _same(before: PredictionContents, wanted: PredictionContents) -> bool:
    """Whether there is nothing to draw again: it is asked at every move of the pointer."""
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(wanted, field.name)
        if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
            if not np.array_equal(old, new):
                return False
        elif old is not new and (isinstance(old, np.ndarray) or old != new):
            return False
    return True


def _as_paragraphs(text: str) -> str:
    """Return rich text, which a tip breaks into lines; plain text would be one long line."""
    return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line)
