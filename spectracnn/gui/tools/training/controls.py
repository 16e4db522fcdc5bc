"""Controls of the training form, made alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSpinBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN = "the architecture's own"


def heading(text: str) -> QLabel:
    """Return the name of a group of rows."""
    label = QLabel(text)
    label.setProperty("title", True)
    label.setContentsMargins(0, 8, 0, 0)
    return label


def combo(name: str, words: Sequence[str]) -> QComboBox:
    """Return a box of choices that does not grow with the longest of them."""
    box = QComboBox()
    box.addItems(list(words))
    box.setAccessibleName(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(12)
    return box


def described(box: QComboBox, tips: Sequence[str]) -> QComboBox:
    """Give each choice a tool tip, and return the box."""
    for place, tip in enumerate(tips):
        box.setItemData(place, tip, Qt.ItemDataRole.ToolTipRole)
    return box


def own(name: str, most: int) -> QSpinBox:
    """Return a number that is the architecture's own until one is chosen."""
    box = QSpinBox(minimum=0, maximum=most)
    box.setSpecialValueText(OWN)
    box.setAccessibleName(name)
    return box


def row(widget: QWidget, *buttons: QWidget) -> QHBoxLayout:
    """Return a widget with buttons at its right."""
    found = QHBoxLayout()
    found.setSpacing(8)
    found.addWidget(widget, 1)
    for button in buttons:
        found.addWidget(button)
    return found
