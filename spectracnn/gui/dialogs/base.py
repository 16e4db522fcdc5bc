"""What all dialogs share: margins, headings, and an end that leaves nothing behind."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QWidget

MARGIN = 16
GAP = 8
AnyWidget = TypeVar("AnyWidget", bound=QWidget)


class Dialog(QDialog):
    """A dialog that is gone once it was answered, instead of staying with its parent.

    Parameters
    ----------
    title : str
        Of the window.
    parent : QWidget, optional
        Which window it belongs to.
    """

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)

    def done(self, result: int) -> None:
        super().done(result)
        self.deleteLater()


def heading(text: str) -> QLabel:
    """Return a label that names a group."""
    return _label(text, "title")


def muted(text: str = "") -> QLabel:
    """Return a label for what matters less."""
    return _label(text, "muted")


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    label.setProperty(role, True)
    return label


def named(widget: AnyWidget, name: str) -> AnyWidget:
    """Give a widget the name that a screen reader says, and return it."""
    widget.setAccessibleName(name)
    return widget


def primary(text: str) -> QPushButton:
    """Return the button that does what the dialog is for; Enter presses it."""
    button = QPushButton(text, default=True)
    button.setProperty("primary", True)
    return button


def secondary(text: str) -> QPushButton:
    """Return a button that Enter does not press."""
    return QPushButton(text, autoDefault=False)


def button_row(*widgets: QWidget) -> QHBoxLayout:
    """Return the widgets side by side at the right."""
    row = QHBoxLayout()
    row.setSpacing(GAP)
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    return row
