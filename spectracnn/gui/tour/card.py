"""What the tour says, and the frame around what it talks of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.widgets.painting import ends_painter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spectracnn.gui.theme import Theme
    from spectracnn.view.tour import TourStep

_WIDTH = 340
_MARGIN = 16
_PRESSES = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class TourCard(QFrame):
    """Title, text, where we are, and the way on.

    Signals
    -------
    moveRequested : int
        One step on or back.
    closeRequested : ()
    """

    moveRequested = Signal(int)
    closeRequested = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setProperty("tour", True)
        self.setAccessibleName("Tour")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedWidth(_WIDTH)
        self.title = QLabel(wordWrap=True)
        self.title.setProperty("headline", True)
        self.text = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.place = QLabel()
        self.place.setProperty("muted", True)
        self.close_button = QPushButton("End")
        self.back_button = QPushButton("Back")
        self.next_button = QPushButton("Next")
        self.next_button.setProperty("primary", True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.place)
        buttons.addStretch(1)
        for button in (self.close_button, self.back_button, self.next_button):
            buttons.addWidget(button)
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self.next_button.clicked.connect(lambda: self.moveRequested.emit(1))
        self.back_button.clicked.connect(lambda: self.moveRequested.emit(-1))
        self.close_button.clicked.connect(self.closeRequested)

    def show_step(self, step: TourStep, number: int, count: int) -> None:
        """Show a step."""
        self.title.setText(step.title)
        self.text.setText(step.text)
        self.setAccessibleDescription(step.text)
        self.place.setText(f"{number + 1} of {count}")
        self.back_button.setEnabled(number > 0)
        last = number + 1 == count
        self.next_button.setText("Done" if last else "Next")
        self.close_button.setVisible(not last)
        self.setFixedHeight(self._column.totalHeightForWidth(_WIDTH))

    def keep_clear_of(self, targets: Sequence[QRect]) -> None:
        """Move to the place inside the window that covers least of what is talked of."""
        room = self._window.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        right, bottom = room.right() - self.width(), room.bottom() - self.height()
        middle = room.center().x() - self.width() // 2
        places = [QPoint(x, y) for y in (bottom, room.top()) for x in (middle, room.left(), right)]
        first = targets[0]
        beside = (first.left() - self.width() - _MARGIN, first.right() + _MARGIN)
        places = [QPoint(x, first.top()) for x in beside if room.left() <= x <= right] + places

        def covered(place: QPoint) -> int:
            shared = [QRect(place, self.size()).intersected(target) for target in targets]
            return sum(both.width() * both.height() for both in shared if both.isValid())

        self.move(min(places, key=covered))

    def event(self, event: QEvent) -> bool:
        # The window's own Esc releases the pin; while the card has the focus, Esc ends the tour.
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Keep Tab among the card's buttons: what is behind it is dimmed."""
        buttons = (self.next_button, self.close_button, self.back_button)
        there = [b for b in buttons if b.isVisible() and b.isEnabled()]
        if not there:  # Qt asks too while the card is being hidden
            return super().focusNextPrevChild(onward)
        focus = QApplication.focusWidget()
        place = there.index(focus) if focus in there else -1 if onward else 0
        there[(place + (1 if onward else -1)) % len(there)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        focus = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.closeRequested.emit()
        elif event.key() in _PRESSES:
            button = focus if isinstance(focus, QPushButton) else self.next_button
            button.click()
        elif event.key() in moves:
            self.moveRequested.emit(moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)


class Spotlight(QWidget):
    """Dims the window but for some parts, and lets everything through to it."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._theme = theme
        self._targets: tuple[QRect, ...] = ()

    @property
    def targets(self) -> tuple[QRect, ...]:
        """What is not dimmed, in the window's coordinates."""
        return self._targets

    def show_targets(self, targets: Sequence[QRect], theme: Theme) -> None:
        """Leave these parts as they are."""
        self._targets, self._theme = tuple(targets), theme
        self.setGeometry(self._window.rect())
        self.update()

    @ends_painter
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QColor("#000000")
        shade.setAlpha(110 if self._theme.dark else 56)
        outside = QPainterPath()
        outside.addRect(self.rect())
        hole = QPainterPath()
        for target in self._targets:
            hole.addRoundedRect(target.adjusted(1, 1, -1, -1), 6, 6)
        painter.fillPath(outside.subtracted(hole), shade)
        painter.setPen(QPen(QColor(self._theme.accent), 2))
        painter.drawPath(hole)
