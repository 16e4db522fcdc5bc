"""A bar that shows one thing at a time, waits for no answer, and stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from spectracnn.gui.messages import Message

_MOST_WAITING = 50


class MessageBar(QFrame):
    """Shows messages in the order in which they came.

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
        """Show a message, after those that are still unread.

        Parameters
        ----------
        message : Message
            What to show.
        action, action_text : str
            Key and caption of something to do about it.
        """
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.append((message, action, action_text))
        if self._current is None:
            self._next()
        else:
            self._show_count()

    def dismiss(self) -> None:
        """Take the message away and show the next."""
        self._current = None
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self.hide()
            return
        self._current = self._waiting.pop(0)
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
        self.dismiss_button.setText(f"Next ({more})" if more else "\u2715")

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
