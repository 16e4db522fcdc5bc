"""Stands over the layers while the model cannot read the spectrum that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _LEAST, _MARGIN = 440, 160, 24


class Refused(QFrame):
    """Says once why, and offers other models.

    Signals
    -------
    modelRequested, cardRequested : ()
    """

    modelRequested = Signal()
    cardRequested = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setProperty("card", True)
        self.setAutoFillBackground(True)
        self.headline = _text("headline")
        self.reason = _text("")
        self.needs = _text("muted")
        self.model_button = QPushButton("Open a model\u2026")
        self.model_button.setProperty("primary", True)
        self.card_button = QPushButton("Edit the model's card\u2026")
        self.card_button.setToolTip("Change how spectra become this model's input")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.model_button)
        buttons.addWidget(self.card_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        for label in (self.headline, self.reason, self.needs):
            layout.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(buttons)
        layout.addStretch(3)
        self.model_button.clicked.connect(self.modelRequested)
        self.card_button.clicked.connect(self.cardRequested)
        over.installEventFilter(self)
        self.hide()

    def explain(self, model: str, reason: str, needs: Sequence[str]) -> None:
        """Show why the model refuses, and what the models that are open need."""
        self.headline.setText(f"{model} cannot read this spectrum")
        self.reason.setText(reason)
        self.needs.setText("\n".join(needs))
        self.needs.setVisible(bool(needs))
        self._cover()
        self.raise_()
        self.show()

    def _cover(self) -> None:
        self.setGeometry(self._over.rect())
        width = max(_LEAST, min(_WIDTH, self.width() - 2 * _MARGIN))
        for label in (self.headline, self.reason, self.needs):
            # A label without a text has no height for a width: -1.
            label.setFixedSize(width, max(0, label.heightForWidth(width)))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._cover()
        return False


def _text(role: str) -> QLabel:
    label = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    if role:
        label.setProperty(role, True)
    return label
