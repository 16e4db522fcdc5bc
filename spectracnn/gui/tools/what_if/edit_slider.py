"""A labelled slider that says what it does in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from spectracnn.gui.theme import number_font

if TYPE_CHECKING:
    from collections.abc import Callable

NAME_WIDTH = 48
"""Pixels, of the names at the left."""


class EditSlider(QWidget):
    """One row: name, slider, value.

    Parameters
    ----------
    key : str
        Which slider this is, for `moved`.
    name : str
        Of the edit.
    ends : (int, int)
        Range in slider steps; 0 leaves the values alone.
    told : callable
        From slider steps to the words at the right.

    Signals
    -------
    moved : (str, int)
        The person moved the slider of this key there.
    """

    moved = Signal(str, int)

    def __init__(
        self, key: str, name: str, ends: tuple[int, int], caption: Callable[[int], str]
    ) -> None:
        super().__init__()
        self._key, self._caption = key, caption
        label = QLabel(name)
        label.setFixedWidth(NAME_WIDTH)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(*ends)
        self.slider.setAccessibleName(name)
        self.slider.setMinimumWidth(64)
        self.value = QLabel(caption(0))
        self.value.setFont(number_font(self.font()))
        self.value.setProperty("muted", True)
        self.value.setFixedWidth(56)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(8)
        for column, widget in enumerate((label, self.slider, self.value)):
            layout.addWidget(widget, 0, column)
        self.slider.valueChanged.connect(self._on_slider_valueChanged)

    def show_value(self, value: int) -> None:
        """Move it without telling anyone."""
        self.slider.blockSignals(True)
        self.slider.setValue(value)
        self.slider.blockSignals(False)
        self.value.setText(self._caption(self.slider.value()))

    @Slot(int)
    def _on_slider_valueChanged(self, value: int) -> None:
        self.value.setText(self._caption(value))
        self.moved.emit(self._key, value)
