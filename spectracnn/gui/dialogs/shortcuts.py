"""What keys and mouse do; the keys come from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog, button_row, heading, primary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    _Rows = tuple[str, Sequence[tuple[str, str]]]

_COLUMNS = 3

POINTER = (
    ("Hover", "Mark a sample and what it sees"),
    ("Click", "Pin the sample; again to release it"),
    ("Drag", "Move along the index axis"),
    ("Shift+Click", "Mute a filter, or unmute it"),
    ("Ctrl+Shift+Click", "Mute all other filters of the layer"),
    ("Shift+Drag", "Trace eigenvalues forward"),
    ("Double click", "Fit to the model's input"),
    ("Wheel", "Zoom the spectrum; scroll the layers"),
    ("Ctrl+Wheel", "Zoom the layers"),
    ("Drop files", "Open spectra, meshes, folders and models"),
    ("Esc in the table", "Stop computing the selected meshes"),
)
PINNED = (
    ("← →", "Step along the index axis"),
    ("↑ ↓", "Step through the channels"),
    ("Esc", "Release the pin and the range"),
)


class ShortcutsDialog(Dialog):
    """Keys and what they do, in columns.

    Parameters
    ----------
    menus : mapping of str to sequence of (str, str)
        Key and meaning of each command, by menu.
    """

    def __init__(
        self, menus: Mapping[str, Sequence[tuple[str, str]]], parent: QWidget | None = None
    ) -> None:
        super().__init__("Keyboard and mouse", parent)
        groups = [*menus.items(), ("Pointer", POINTER), ("With a sample pinned", PINNED)]
        content = QWidget()
        columns = QHBoxLayout(content)
        columns.setContentsMargins(GAP, GAP, GAP, GAP)
        columns.setSpacing(MARGIN)
        for share in _columns(groups):
            column = QVBoxLayout()
            column.setSpacing(GAP)
            for title, rows in share:
                column.addLayout(_group(title, rows))
            column.addStretch(1)
            columns.addLayout(column)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setProperty("framed", True)
        scroll.setWidget(content)
        close_button = primary("Close")
        close_button.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(MARGIN)
        layout.addWidget(scroll)
        layout.addLayout(button_row(close_button))
        # Room for all of it where the screen has that; else it scrolls, and Close is in view.
        needed = content.sizeHint() + QSize(3 * MARGIN, 0)
        needed += QSize(0, close_button.sizeHint().height() + 4 * MARGIN)
        self.resize(needed.boundedTo(self.screen().availableSize() * 0.9))


def _columns(groups: Sequence[_Rows]) -> list[list[_Rows]]:
    """Part the groups, in order, into columns of about as many lines."""
    total = sum(len(rows) + 2 for _, rows in groups)
    columns: list[list[_Rows]] = [[] for _ in range(_COLUMNS)]
    before = 0
    for title, rows in groups:
        lines = len(rows) + 2
        middle = before + lines / 2
        columns[min(_COLUMNS - 1, int(middle * _COLUMNS / total))].append((title, rows))
        before += lines
    return columns


def _group(title: str, rows: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(MARGIN)
    grid.setVerticalSpacing(GAP // 2)
    grid.setColumnMinimumWidth(0, 128)
    grid.setColumnStretch(1, 1)
    grid.addWidget(heading(title), 0, 0, 1, 2)
    for place, (key, text) in enumerate(rows, 1):
        cap = QLabel(key)
        cap.setProperty("key", True)
        grid.addWidget(cap, place, 0, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(QLabel(text), place, 1)
    return grid
