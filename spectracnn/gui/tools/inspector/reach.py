"""The forward direction: choose eigenvalues, and see how far into the network they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSpinBox, QVBoxLayout, QWidget

from spectracnn.gui.tools.inspector.paint import figures
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.painting import ends_painter

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from spectracnn.gui.theme import Theme

_ROW, _BAR = 20, 6
_HINT = "Shift+drag over the spectrum, or type a range: all samples that depend on it are marked."


class ReachBars(QWidget):
    """One row a layer: how many of its samples depend on the chosen eigenvalues."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[tuple[str, int, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Samples that depend on the chosen eigenvalues")

    def set_rows(self, rows: tuple[tuple[str, int, int], ...], theme: Theme) -> None:
        """Show these layers: name, how many depend, how many there are."""
        changed = len(rows) != len(self._rows)
        self._rows, self._theme = rows, theme
        descriptions = (f"{name}: {count} of {total}" for name, count, total in rows)
        self.setAccessibleDescription("; ".join(descriptions))
        self.setVisible(bool(rows))
        if changed:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, _ROW * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _ROW * len(self._rows))

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(figures(self))
        measure = painter.fontMetrics()
        texts = [f"{count} of {total}" for _, count, total in self._rows]
        right = max(map(measure.horizontalAdvance, texts), default=0) + 8
        left = 0.36 * self.width()
        middle = Qt.AlignmentFlag.AlignVCenter
        for row, ((name, count, total), text) in enumerate(zip(self._rows, texts, strict=True)):
            top = row * _ROW
            painter.setPen(QColor(self._theme.ink if count else self._theme.muted))
            label = measure.elidedText(name, Qt.TextElideMode.ElideRight, int(left) - 8)
            painter.drawText(QRectF(0, top, left - 8, _ROW), middle, label)
            room = QRectF(self.width() - right, top, right, _ROW)
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, text)
            bar = QRectF(left, top + (_ROW - _BAR) / 2, self.width() - left - right, _BAR)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.line))
            painter.drawRoundedRect(bar, 3, 3)
            bar.setWidth(bar.width() * count / max(total, 1))
            painter.setBrush(QColor(self._theme.good))
            if count:
                painter.drawRoundedRect(bar, 3, 3)


class Reach(QWidget):
    """Two boxes for the first and last eigenvalue, and the bars.

    Signals
    -------
    rangeRequested : (int, int) or None
    """

    rangeRequested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("Follow eigenvalues forward")
        title.setProperty("title", True)
        self.first, self.last = QSpinBox(), QSpinBox()
        self.first.setAccessibleName("First eigenvalue to follow")
        self.last.setAccessibleName("Last eigenvalue to follow")
        self.mark_button = tool_button("Mark", "Mark all that depends on these eigenvalues")
        self.clear_button = tool_button("Clear", "Mark nothing (Esc)", quiet=True)
        self.hint = QLabel(_HINT, wordWrap=True)
        self.hint.setProperty("muted", True)
        self.bars = ReachBars(theme)
        row = QHBoxLayout()
        row.setSpacing(4)
        for widget in (self.first, QLabel("to"), self.last, self.mark_button, self.clear_button):
            row.addWidget(widget)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addLayout(row)
        layout.addWidget(self.hint)
        layout.addWidget(self.bars)
        for box in (self.first, self.last):
            box.setMinimumWidth(52)
            box.valueChanged.connect(self._on_box_valueChanged)
        self.mark_button.clicked.connect(self._on_mark_button_clicked)
        self.clear_button.clicked.connect(self._on_clear_button_clicked)
        self._marked = False

    def show_reach(
        self,
        span: tuple[int, int] | None,
        size: int,
        rows: tuple[tuple[str, int, int], ...],
        theme: Theme,
    ) -> None:
        """Show the chosen range, of so many eigenvalues, and how far it reaches."""
        self._marked = span is not None
        for place, box in enumerate((self.first, self.last)):
            box.blockSignals(True)
            box.setRange(0, max(size - 1, 0))
            if span is not None:
                box.setValue(span[place])
            box.blockSignals(False)
        self.setEnabled(size > 0)
        self.mark_button.setVisible(span is None)
        self.clear_button.setVisible(span is not None)
        self.hint.setVisible(span is None)
        self.bars.set_rows(rows, theme)

    def _emit_range(self) -> None:
        first, last = sorted((self.first.value(), self.last.value()))
        self.rangeRequested.emit((first, last))

    @Slot(int)
    def _on_box_valueChanged(self, _value: int) -> None:
        if self._marked:
            self._emit_range()

    @Slot()
    def _on_mark_button_clicked(self) -> None:
        self._emit_range()

    @Slot()
    def _on_clear_button_clicked(self) -> None:
        self.rangeRequested.emit(None)
