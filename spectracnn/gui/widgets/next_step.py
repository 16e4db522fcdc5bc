"""Stands where there is nothing to show yet: says why, and offers what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH = 340


class NextStep(QWidget):
    """One sentence, and a button for each thing that can be done.

    Parameters
    ----------
    steps : sequence of (str, str)
        Name of a command, and the caption of its button; the first one is the likeliest.

    Signals
    -------
    chosen : str
        The name of a command.
    """

    chosen = Signal(str)

    def __init__(self, steps: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reason = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.reason.setMaximumWidth(_WIDTH)
        self.buttons: dict[str, QPushButton] = {}
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addWidget(self.reason)
        layout.setAlignment(self.reason, Qt.AlignmentFlag.AlignHCenter)
        for place, (name, caption) in enumerate(steps):
            button = QPushButton(caption)
            button.setProperty("primary", place == 0)
            button.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            self.buttons[name] = button
        layout.addStretch(3)

    def explain(self, reason: str, offered: Sequence[str] | None = None) -> None:
        """Say why nothing is shown.

        Parameters
        ----------
        reason : str
            A sentence.
        offered : sequence of str, optional
            Which commands help; all of them when not given.
        """
        self.reason.setText(reason)
        for name, button in self.buttons.items():
            button.setVisible(offered is None or name in offered)
