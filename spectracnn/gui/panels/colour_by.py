"""Chooses what the colours of the spectrum plot's curves mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN = "each curve"
"""Stands first: colours mean nothing but whose curve it is."""
_MOST_LETTERS = 24


class ColourByButton(QToolButton):
    """A button with a menu of columns.

    Signals
    -------
    fieldRequested : str
        Empty for colours of each curve's own.
    """

    fieldRequested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("quiet", True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName("What colours of the curves mean")
        self.setToolTip("Colour the curves by the predicted class, a label or a covariate")
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._group = QActionGroup(self._menu)
        self._menu.triggered.connect(self._on_menu_triggered)
        self._offered: tuple[str, ...] = ()
        self.hide()

    def offer(self, fields: Sequence[str], chosen: str) -> None:
        """Offer these columns, and show which is chosen; empty for none."""
        if tuple(fields) != self._offered:
            self._offered = tuple(fields)
            self._menu.clear()
            for field in ("", *fields):
                text = (field or OWN).replace("&", "&&")
                action = QAction(text, self._group, checkable=True)
                action.setData(field)
                self._menu.addAction(action)
        for action in self._menu.actions():
            action.setChecked(action.data() == chosen)
        name = chosen or OWN
        short = name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}\u2026"
        text = f"Colour by {short}" if chosen else "Colours"  # the legend needs the room
        self.setText(f"{text} \u25be".replace("&", "&&"))
        self.setVisible(bool(fields))

    @Slot(QAction)
    def _on_menu_triggered(self, action: QAction) -> None:
        self.fieldRequested.emit(action.data())
