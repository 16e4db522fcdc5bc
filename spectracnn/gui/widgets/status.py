"""The status bar: readout, progress with Cancel, and the engine's state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from spectracnn.gui.theme import number_font

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme

_PATIENCE_MS, _BETWEEN_MS = 300, 100


class Status(QStatusBar):
    """Shows what is going on.

    Signals
    -------
    cancelRequested : ()
    """

    cancelRequested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tasks: dict[str, tuple[int, int]] = {}
        self._engine = ("starting", "Engine starting \u2026")
        self.readout = QLabel()
        self.readout.setFont(number_font(self.readout.font()))
        self.readout.setAccessibleName("Sample under the pointer")
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.task_label = QLabel()
        self.bar = QProgressBar(textVisible=False)
        self.bar.setFixedWidth(120)
        self.cancel_button = QPushButton("Cancel")
        self.engine_label = QLabel()
        self.engine_label.setAccessibleName("Engine")
        self.readout.setContentsMargins(8, 0, 0, 0)
        self.engine_label.setContentsMargins(8, 0, 8, 0)
        self.addWidget(self.readout, 1)
        for widget in (self.task_label, self.bar, self.cancel_button, self.engine_label):
            self.addPermanentWidget(widget)
        self.setSizeGripEnabled(False)
        # Short work should not flash a progress bar.
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show_tasks)
        self.cancel_button.clicked.connect(self.cancelRequested)
        for widget in (self.task_label, self.bar, self.cancel_button):
            widget.hide()
        self.apply_theme(theme)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        self._theme = theme
        self.set_engine(*self._engine)

    def set_engine(self, state: str, sentence: str) -> None:
        """Show the engine's state as a coloured dot and a sentence."""
        if state == "busy":
            return  # most work is over before the eye could read a new word
        self._engine = (state, sentence)
        colours = {
            "ready": self._theme.good,
            "stopped": self._theme.error,
        }
        colour = colours.get(state, self._theme.warning)
        self.engine_label.setText(f'<span style="color:{colour}">\u25cf</span> {sentence}')

    def set_task(self, name: str, done: int, total: int) -> None:
        """Show how far something is; a total of 0 ends it."""
        if total:
            self._tasks[name] = (done, total)
        else:
            self._tasks.pop(name, None)
        if not self._tasks:
            self._timer.stop()
            self._show_tasks()
        elif not self._timer.isActive():
            # Each showing lays out the bar anew: a batch reports far more often than anyone reads.
            self._timer.start(_BETWEEN_MS if self.bar.isVisible() else _PATIENCE_MS)

    @Slot()
    def _show_tasks(self) -> None:
        if self.bar.isVisibleTo(self) is not bool(self._tasks):
            for widget in (self.task_label, self.bar, self.cancel_button):
                widget.setVisible(bool(self._tasks))
        if not self._tasks:
            return
        name, (done, total) = next(iter(self._tasks.items()))
        self.task_label.setText(f"{name} {done} of {total}")
        self.bar.setRange(0, total)
        self.bar.setValue(done)
