"""Controls of the training form, made alike."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import SignalInstance

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


def announce(edited: SignalInstance, captions: Mapping[QWidget, str]) -> None:
    """Emit a signal with a control's caption when the person has changed the control."""
    for widget, caption in captions.items():
        emit = partial(_emit, edited, caption)
        if isinstance(widget, QComboBox):
            widget.activated.connect(emit)
        elif isinstance(widget, QAbstractButton):
            widget.clicked.connect(emit)
        elif isinstance(widget, QLineEdit):
            widget.editingFinished.connect(emit)
        elif isinstance(widget, QSpinBox | QDoubleSpinBox):
            widget.valueChanged.connect(emit)


def _emit(edited: SignalInstance, caption: str, *_values: object) -> None:
    edited.emit(caption)


def row(widget: QWidget, *buttons: QWidget) -> QHBoxLayout:
    """Return a widget with buttons at its right."""
    found = QHBoxLayout()
    found.setSpacing(8)
    found.addWidget(widget, 1)
    for button in buttons:
        found.addWidget(button)
    return found
