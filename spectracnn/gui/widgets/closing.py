"""Esc and Ctrl+W close the windows beside the main one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_KEYS = ("Esc", "Ctrl+W")


def close_by_keys(window: QWidget) -> None:
    """Let a window be closed with the keys that people try first."""
    for key in _KEYS:
        QShortcut(QKeySequence(key), window).activated.connect(window.close)
