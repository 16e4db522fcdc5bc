"""A slim horizontal colour bar with its two ends in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spectracnn.gui.theme import number_font
from spectracnn.view.palettes import colour_table

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.view.palettes import Palette

_BAR_WIDTH, _BAR_HEIGHT, _GAP = 72, 8, 6


class ColourBar(QWidget):
    """Shows what the colours of a map mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._ends = ("", "")
        self._line = QColor("grey")
        self._width = 0
        self.setAccessibleName("Colour bar")
        self.setFont(number_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def ends(self) -> tuple[str, str]:
        """The numbers at the left and right end."""
        return self._ends

    def set_range(
        self, palette: Palette, levels: tuple[float, float], normalised: bool, theme: Theme
    ) -> None:
        """Show a map and its range; ``normalised`` ends are shares of each row's own maximum."""
        table = colour_table(palette, theme.dark)
        width = len(table)
        self._image = QImage(
            table.tobytes(), width, 1, 3 * width, QImage.Format.Format_RGB888
        ).copy()
        low, high = levels
        self._ends = (
            ("0" if low == 0 else "\u2212max", "max")
            if normalised
            else (f"{low:.3g}".replace("-", "\u2212"), f"{high:.3g}")
        )
        self._line = QColor(theme.line)
        self.setToolTip(
            "Each map has its own range."
            if normalised
            else f"Colours run from {low:g} to {high:g}."
        )
        needed = self._needed_width()
        if needed > self._width:  # never narrower again, so that the title line does not jump
            self._width = needed
            self.updateGeometry()
        self.update()

    def _needed_width(self) -> int:
        text = sum(self.fontMetrics().horizontalAdvance(end) for end in self._ends)
        return text + _BAR_WIDTH + 2 * _GAP

    def sizeHint(self) -> QSize:
        return QSize(self._width, self.fontMetrics().height() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setPen(self.palette().placeholderText().color())
        metrics = self.fontMetrics()
        left = metrics.horizontalAdvance(self._ends[0])
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignLeft, self._ends[0])
        bar = QRectF(left + _GAP, (self.height() - _BAR_HEIGHT) / 2, _BAR_WIDTH, _BAR_HEIGHT)
        painter.drawImage(bar, self._image)
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignRight, self._ends[1])
        painter.setPen(self._line)
        painter.drawRect(bar)
