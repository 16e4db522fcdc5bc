"""Maps before and after a change, and the outputs as pairs of bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from spectracnn.gui.learn.layer_lab.stage_view import StageView
from spectracnn.gui.theme import number_font
from spectracnn.gui.widgets.painting import ends_painter
from spectracnn.view.numbers import short

if TYPE_CHECKING:
    from spectracnn.view.filter_lab import FilterOutcome, Shift
    from spectracnn.view.theme import Theme

_ROW, _NAME, _NUMBERS = 26, 110, 150


class ShiftBars(QWidget):
    """Each output before (thin, grey) and after (thick)."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.shifts: tuple[Shift, ...] = ()
        self.probabilities = True
        self.setAccessibleName("Outputs before and after")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(360, 28 + _ROW * max(len(self.shifts), 1))

    def show_shifts(self, shifts: tuple[Shift, ...], probabilities: bool) -> None:
        """Show these outputs."""
        self.shifts, self.probabilities = shifts, probabilities
        descriptions = (
            f"{s.name}: {short(s.before)} before, {short(s.after)} after" for s in shifts
        )
        self.setAccessibleDescription("; ".join(descriptions))
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(number_font(self.font()))
        painter.setPen(QColor(self.theme.muted))
        numbers = QRectF(self.width() - _NUMBERS - 8, 0, _NUMBERS, 22)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(numbers, right, "before \u2192 after")
        most = [max(abs(s.before), abs(s.after)) for s in self.shifts]
        top = 1.0 if self.probabilities else max(most, default=1.0) or 1.0
        room = max(self.width() - 40 - _NAME - _NUMBERS - 16, 10)
        for place, shift in enumerate(self.shifts):
            y = 24 + place * _ROW
            painter.setPen(QColor(self.theme.ink))
            name = painter.fontMetrics().elidedText(shift.name, Qt.TextElideMode.ElideRight, _NAME)
            painter.drawText(QRectF(40, y, _NAME, _ROW), Qt.AlignmentFlag.AlignVCenter, name)
            left = 40 + _NAME + 8
            for value, top_edge, height, colour in (
                (shift.before, y + 5, 5, self.theme.muted),
                (shift.after, y + 11, 9, self.theme.accent),
            ):
                width = min(abs(value) / top, 1.0) * room
                painter.fillRect(QRectF(left, top_edge, width, height), QColor(colour))
            painter.drawText(
                QRectF(self.width() - _NUMBERS - 8, y, _NUMBERS, _ROW), right, self._words(shift)
            )
        painter.end()

    def _words(self, shift: Shift) -> str:
        if self.probabilities:
            return f"{100 * shift.before:.1f} \u2192 {100 * shift.after:.1f} %"
        return f"{short(shift.before)} \u2192 {short(shift.after)}"


class OutcomeView(QWidget):
    """The filter's map before, after and their difference; below them the outputs."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.maps = [StageView(theme) for _ in range(3)]
        self.bars = ShiftBars(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 8)
        layout.setSpacing(4)
        for view in self.maps:
            layout.addWidget(view)
        layout.addWidget(self.bars)
        layout.addStretch(1)

    def show_outcome(self, outcome: FilterOutcome | None) -> None:
        """Show these; None for nothing to show."""
        for view in (*self.maps, self.bars):
            view.setVisible(outcome is not None)
        if outcome is None:
            return
        for view, picture in zip(self.maps, outcome.maps, strict=True):
            view.show_picture(picture, (-0.5, picture.values.shape[1] - 0.5))
        self.bars.show_shifts(outcome.shifts, outcome.probabilities)

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        for view in self.maps:
            view.apply_theme(theme)
        self.bars.theme = theme
        self.bars.update()
