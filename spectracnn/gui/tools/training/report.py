"""What a training came to: figures beside baselines, and the confusion or the scatter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.training import figure_rows, headline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spectracnn.view.theme import Theme


_TABLE = 300
"""Pixels: a name, mean and deviation side by side."""


class Confusion(QWidget):
    """Rows are true classes, columns what was predicted out of fold."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._classes: list[str] = []
        self._counts = np.zeros((0, 0), int)
        self.setAccessibleName("Confusion matrix")
        self.setMinimumSize(260, 260)

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def show_counts(self, classes: list[str], counts: np.ndarray) -> None:
        """Show these."""
        self._classes, self._counts = classes, counts
        self.update()

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        count = len(self._classes)
        if not count:
            return
        painter = QPainter(self)
        painter.setFont(number_font(self.font()))
        names = 96
        side = min(self.width() - names - 8, self.height() - 30) / count
        rows = self._counts.sum(axis=1)
        font = number_font(self.font())
        font.setPixelSize(int(min(max(side - 2, 7), 12)))
        painter.setFont(font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self.theme.muted))
        head = QRectF(names, 0, side * count, 22)
        painter.drawText(head, Qt.AlignmentFlag.AlignCenter, "predicted, out of fold")
        for row, name in enumerate(self._classes):
            painter.setPen(QColor(self.theme.ink))
            text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, names - 8)
            painter.drawText(QRectF(0, 24 + row * side, names - 8, side), right, text)
            for column in range(count):
                self._paint_cell(painter, row, column, side, names, max(int(rows[row]), 1))
        painter.end()

    def _paint_cell(
        self, painter: QPainter, row: int, column: int, side: float, left: int, total: int
    ) -> None:
        number = int(self._counts[row, column])
        cell = QRectF(left + column * side, 24 + row * side, side - 1, side - 1)
        colour = QColor(self.theme.good if row == column else self.theme.error)
        colour.setAlphaF(min(1.0, number / total) * 0.85)
        painter.fillRect(cell, QColor(self.theme.hover))
        painter.fillRect(cell, colour)
        if number and side >= 14:
            painter.setPen(QColor(self.theme.ink))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(number))


class ScatterPlot(QWidget):
    """Predicted over true values, out of fold."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._true = self._predicted = np.zeros(0)
        self.setAccessibleName("Predicted against true values")
        self.setMinimumSize(260, 260)

    def show_values(self, true: np.ndarray, predicted: np.ndarray) -> None:
        """Show these, both shape (n,)."""
        both = np.isfinite(true) & np.isfinite(predicted)
        self._true, self._predicted = true[both], predicted[both]
        self.update()

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._true.size:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(number_font(self.font()))
        room = QRectF(
            48, 12, min(self.width(), self.height()) - 72, min(self.width(), self.height()) - 60
        )
        low = float(min(self._true.min(), self._predicted.min()))
        high = float(max(self._true.max(), self._predicted.max()))
        span = high - low or 1.0
        painter.setPen(QPen(QColor(self.theme.line)))
        painter.drawRect(room)
        painter.drawLine(room.bottomLeft(), room.topRight())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.theme.accent))
        for true, predicted in zip(self._true.tolist(), self._predicted.tolist(), strict=True):
            x = room.left() + (true - low) / span * room.width()
            y = room.bottom() - (predicted - low) / span * room.height()
            painter.drawEllipse(QPointF(x, y), 2.5, 2.5)
        painter.setPen(QColor(self.theme.muted))
        below = QRectF(room.left(), room.bottom() + 4, room.width(), 20)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, f"{low:.3g}")
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, f"{high:.3g}")
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, "true (predicted upwards)")
        painter.end()


class ReportView(QWidget):
    """Headline, the table of figures, and the picture."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.headline = QLabel(wordWrap=True)
        self.headline.setProperty("title", True)
        self.table = QTableWidget(0, 3)
        self.table.setHorizontalHeaderLabels(["On the same folds", "mean", "sd"])
        self.table.setAccessibleName("Figures of the network and of simpler methods")
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(22)
        header = self.table.horizontalHeader()
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.setMinimumWidth(_TABLE)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.confusion, self.scatter = Confusion(theme), ScatterPlot(theme)
        both = QHBoxLayout()
        both.addWidget(self.table, 2)
        both.addWidget(self.confusion, 3)
        both.addWidget(self.scatter, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addWidget(self.headline)
        layout.addLayout(both, 1)

    def show_report(self, report: Mapping[str, Any]) -> None:
        """Show the report of a training."""
        self.headline.setText(headline(report))
        rows = figure_rows(report)
        self.table.setRowCount(len(rows))
        for place, cells in enumerate(rows):
            for column, text in enumerate(cells):
                self.table.setItem(place, column, QTableWidgetItem(text))
        confusion = report.get("confusion")
        self.confusion.setVisible(confusion is not None)
        self.scatter.setVisible(confusion is None)
        if confusion is not None:
            self.confusion.show_counts(list(report.get("classes", [])), np.array(confusion, int))
        else:
            pairs = [np.array(report.get(name, []), float) for name in ("true", "predicted")]
            self.scatter.show_values(*pairs)

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        for view in (self.confusion, self.scatter):
            view.theme = theme
            view.update()
