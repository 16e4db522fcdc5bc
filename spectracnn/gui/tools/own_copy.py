"""Ctrl+C inside a tool copies what the tool shows, not what the window's menu would."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence


def claims_copy(event: QEvent) -> bool:
    """Accept the question whether Ctrl+C is to be left to the widget; tell whether it was that."""
    wanted = (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.matches(QKeySequence.StandardKey.Copy)
    )
    if wanted:
        event.accept()
    return wanted
