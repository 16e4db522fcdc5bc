"""Buttons and clock that move the filter along, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from spectracnn.gui.tools.inspector.paint import shape_icon
from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from spectracnn.gui.theme import Theme

SLOWEST, FASTEST, AT_FIRST = 1, 30, 6
_BUTTONS = {
    "first": "First step (Home)",
    "previous": "Step back (Left)",
    "play": "Slide the filter along (Space)",
    "next": "Step on (Right)",
    "last": "Last step (End)",
}


class Player(QWidget):
    """Tells which step is next; what a step is, others know.

    Signals
    -------
    stepRequested : int
        Which step to show.
    """

    stepRequested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._step, self._steps = 0, 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer_timeout)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.buttons = {name: tool_button("", tip, quiet=True) for name, tip in _BUTTONS.items()}
        for name, button in self.buttons.items():
            button.setObjectName(name)
            button.setIconSize(QSize(16, 16))
            button.setFixedWidth(28)
            button.clicked.connect(self._on_button_clicked)
            layout.addWidget(button)
        self.speed = QSlider(Qt.Orientation.Horizontal)
        self.speed.setRange(SLOWEST, FASTEST)
        self.speed.setValue(AT_FIRST)
        self.speed.setMinimumWidth(24)
        self.speed.setMaximumWidth(160)
        self.speed.setAccessibleName("Steps a second")
        self.speed.valueChanged.connect(self._on_speed_valueChanged)
        self.speed_label = QLabel()
        self.speed_label.setProperty("muted", True)
        self.speed_label.setMinimumWidth(self.speed_label.fontMetrics().horizontalAdvance("30/s"))
        layout.addSpacing(4)
        layout.addWidget(self.speed, 8)
        layout.addWidget(self.speed_label)
        layout.addStretch(1)
        self._on_speed_valueChanged(AT_FIRST)
        self.apply_theme(theme)

    @property
    def playing(self) -> bool:
        """Whether the filter slides by itself."""
        return self._timer.isActive()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        for name, button in self.buttons.items():
            shape = "pause" if name == "play" and self.playing else name
            button.setIcon(shape_icon(shape, theme))

    def set_position(self, step: int, steps: int) -> None:
        """Say where the filter is, and how many steps there are: one cannot be moved along."""
        self._step, self._steps = step, steps
        if steps < 2:
            self.stop()
        moves = steps > 1
        for name, button in self.buttons.items():
            at_end = (step == 0 and name in ("first", "previous")) or (
                step == steps - 1 and name in ("next", "last")
            )
            button.setEnabled(moves and not at_end)

    def play(self) -> None:
        """Slide from here, or from the beginning if this is the end."""
        if self._steps < 2 or self.playing:
            return
        self._timer.start()
        self.apply_theme(self._theme)
        if self._step >= self._steps - 1:
            self.stepRequested.emit(0)

    def stop(self) -> None:
        """Stand still."""
        if self.playing:
            self._timer.stop()
            self.apply_theme(self._theme)

    def press(self, name: str) -> None:
        """Do what a button does."""
        if name == "play":
            self.stop() if self.playing else self.play()
            return
        self.stop()
        wanted = {"first": 0, "previous": self._step - 1, "next": self._step + 1}
        step = min(max(wanted.get(name, self._steps - 1), 0), self._steps - 1)
        if self._steps > 1 and step != self._step:
            self.stepRequested.emit(step)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stop()

    @Slot()
    def _on_button_clicked(self) -> None:
        self.press(self.sender().objectName())

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._step < self._steps - 1:
            self.stepRequested.emit(self._step + 1)
        if self._step >= self._steps - 1:
            self.stop()

    @Slot(int)
    def _on_speed_valueChanged(self, speed: int) -> None:
        self._timer.setInterval(1000 // speed)
        self.speed_label.setText(f"{speed}/s")
