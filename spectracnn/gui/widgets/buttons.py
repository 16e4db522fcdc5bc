"""Buttons as we use them."""

from __future__ import annotations

from PySide6.QtWidgets import QToolButton


def tool_button(
    text: str, tip: str, *, quiet: bool = False, checkable: bool = False
) -> QToolButton:
    """Return a small button.

    Parameters
    ----------
    text : str
        Its caption.
    tip : str
        Tool tip and accessible name.
    quiet : bool
        Without a border until the pointer is over it.
    checkable : bool
        Whether it stays down.
    """
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setCheckable(checkable)
    button.setProperty("quiet", quiet)
    return button
