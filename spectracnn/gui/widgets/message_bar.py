"""A bar that shows one thing at a time, waits for no answer, and stops nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.widgets.buttons import tool_button

_MOST_WAITING = 50
_RANKS = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 1}


class MessageBar(QFrame):
    """Shows the latest message; those before it come back when it is dismissed.

    A note does not cover a warning or an error that was not dismissed yet.

    Signals
    -------
    actionTriggered : str
        The key of the action offered with the message.
    """

    actionTriggered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("message", True)
        self.setAccessibleName("Message")
        self._waiting: list[tuple[Message, str, str]] = []
        self._current: tuple[Message, str, str] | None = None
        self.sentence = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action_button = QPushButton()
        self.details_button = QPushButton("Details")
        self.details_button.setCheckable(True)
        self.copy_button = QPushButton("Copy")
        self.dismiss_button = tool_button("\u2715", "Dismiss the message", quiet=True)
        self.details = QPlainTextEdit(readOnly=True)
        self.details.setMaximumHeight(140)
        self.details.setAcceptDrops(False)  # a dropped file is to be opened, not typed here
        self._arrange()
        self.action_button.clicked.connect(self._on_action_clicked)
        self.details_button.toggled.connect(self._on_details_toggled)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.dismiss_button.clicked.connect(self.dismiss)
        self.hide()

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.sentence, 1)
        for button in (
            self.action_button,
            self.details_button,
            self.copy_button,
            self.dismiss_button,
        ):
            line.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.addLayout(line)
        layout.addWidget(self.details)

    @property
    def current(self) -> Message | None:
        """The message on the screen."""
        return self._current[0] if self._current else None

    def show_message(self, message: Message, action: str = "", action_text: str = "") -> None:
        """Show a message; the one that is shown now waits behind it.

        Parameters
        ----------
        message : Message
            What to show.
        action, action_text : str
            Key and caption of something to do about it.
        """
        new = (message, action, action_text)
        self._waiting = [old for old in self._waiting if old[0] != message]
        current = self._current
        if current is None or current[0] == message:
            self._current = new
        elif _RANKS[message.severity] < _RANKS[current[0].severity]:
            self._waiting.append(new)
        else:
            self._waiting.append(current)
            self._current = new
        del self._waiting[:-_MOST_WAITING]
        self._show()

    def forget(self, topic: str) -> None:
        """Take away what was said about something that went well since."""
        self._waiting = [old for old in self._waiting if old[0].topic != topic]
        if self._current is not None and self._current[0].topic == topic:
            self._current = self._waiting.pop() if self._waiting else None
        self._show()

    def dismiss(self) -> None:
        """Take the message away and show the one before it."""
        self._current = self._waiting.pop() if self._waiting else None
        self._show()

    def _show(self) -> None:
        if self._current is None:
            self.hide()
            return
        message, _, action_text = self._current
        self.sentence.setText(f"{message.sentence} {message.hint}".strip())
        self.action_button.setText(action_text)
        self.action_button.setVisible(bool(action_text))
        self.details.setPlainText(message.details)
        self.details_button.setChecked(False)
        self.details_button.setVisible(bool(message.details))
        self.copy_button.setVisible(bool(message.details))
        self.details.hide()
        self._show_count()
        self.show()

    def _show_count(self) -> None:
        more = len(self._waiting)
        self.dismiss_button.setText(f"Dismiss ({more} more)" if more else "\u2715")

    def _on_action_clicked(self) -> None:
        if self._current is not None:
            action = self._current[1]
            self.dismiss()
            self.actionTriggered.emit(action)

    def _on_details_toggled(self, shown: bool) -> None:
        self.details.setVisible(shown)

    def _on_copy_clicked(self) -> None:
        text = f"{self.sentence.text()}\n{self.details.toPlainText()}"
        QGuiApplication.clipboard().setText(text)
