"""What keys and mouse do, from the same table as the menus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog, button_row, heading, primary
from spectracnn.gui.tools.registry import TOOLS
from spectracnn.gui.window.actions import ACTIONS, EDIT, EXPLAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

POINTER = (
    ("Hover", "Mark a sample and what it sees"),
    ("Click", "Pin the sample; again to release it"),
    ("Drag", "Move along the index axis"),
    ("Shift+Click", "Mute a filter, or let it speak again"),
    ("Ctrl+Shift+Click", "Mute all other filters of the layer"),
    ("Shift+Drag", "Mark what depends on these eigenvalues"),
    ("Double click", "Fit to the model's input"),
    ("Wheel", "Zoom the spectrum; scroll the layers"),
    ("Ctrl+Wheel", "Zoom the layers"),
    ("Drop files", "Open spectra, folders and models"),
)
PINNED = (
    ("← →", "Step along the index axis"),
    ("↑ ↓", "Step through the channels"),
    ("Esc", "Release the pin and the range"),
)


class ShortcutsDialog(Dialog):
    """Two columns of keys with what they do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Keyboard and mouse", parent)
        menus = menu_shortcuts()
        titles = list(menus)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column, groups in (
            (left, [(title, menus[title]) for title in titles[:2]]),
            (
                right,
                [
                    *((title, menus[title]) for title in titles[2:]),
                    ("Pointer", POINTER),
                    ("With a sample pinned", PINNED),
                ],
            ),
        ):
            column.setSpacing(MARGIN)
            for title, rows in groups:
                column.addLayout(_group(title, rows))
            column.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(3 * MARGIN)
        columns.addLayout(left)
        columns.addLayout(right)
        close_button = primary("Close")
        close_button.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addLayout(columns)
        layout.addLayout(button_row(close_button))


def menu_shortcuts() -> dict[str, list[tuple[str, str]]]:
    """Return key and meaning of every menu entry that has a key, by menu."""
    menus: dict[str, list[tuple[str, str]]] = {}
    for info in ACTIONS:
        _list(menus, info.menu, info.text, info.shortcut)
    for text, shortcut in (("Undo", "Ctrl+Z"), ("Redo", "Ctrl+Shift+Z")):
        _list(menus, EDIT, text, shortcut)
    for tool in TOOLS:
        _list(menus, EXPLAIN, tool.text, tool.shortcut)
    return menus


def _list(menus: dict[str, list[tuple[str, str]]], menu: str, text: str, shortcut: str) -> None:
    if shortcut and text:
        key = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
        words = text.replace("&", "").rstrip("…")
        menus.setdefault(menu.replace("&", ""), []).append((key, words))


def _group(title: str, rows: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(MARGIN)
    grid.setVerticalSpacing(GAP)
    grid.setColumnMinimumWidth(0, 128)
    grid.setColumnStretch(1, 1)
    grid.addWidget(heading(title), 0, 0, 1, 2)
    for place, (key, text) in enumerate(rows, 1):
        cap = QLabel(key)
        cap.setProperty("key", True)
        grid.addWidget(cap, place, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(text), place, 1)
    return grid
