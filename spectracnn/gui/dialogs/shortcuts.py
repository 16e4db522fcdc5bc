"""What keys and mouse do; the keys come from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from spectracnn.gui.dialogs.base import GAP, MARGIN, Dialog, button_row, heading, primary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    """Two columns of keys with what they do.

    Parameters
    ----------
    menus : mapping of str to sequence of (str, str)
        Key and meaning of each command, by menu.
    """

    def __init__(
        self, menus: Mapping[str, Sequence[tuple[str, str]]], parent: QWidget | None = None
    ) -> None:
        super().__init__("Keyboard and mouse", parent)
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
