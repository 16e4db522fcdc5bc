"""The line above the spectrum plot: what it shows, its axes, and the colour range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QToolButton, QWidget

from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.state.selection import ColourScale, SpectrumMode

if TYPE_CHECKING:
    from spectracnn.state.selection import Selection

_MODES = tuple(SpectrumMode)
_SCALES = tuple(ColourScale)


class ViewBar(QFrame):
    """Asks for changes of how things are shown.

    Signals
    -------
    viewRequested : dict
        Fields of `Selection` to change.
    fitRequested : ()
    """

    viewRequested = Signal(object)
    fitRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        self.mode_control = SegmentedControl([mode.value for mode in _MODES], "Spectrum shown as")
        self.log_value_button = self._toggle("log \u03bb", "Logarithmic values; zeros stay visible")
        self.log_index_button = self._toggle("log index", "Logarithmic index axis")
        self.fit_button = tool_button("Fit", "Show what the model reads (F)")
        self.colour_combo = QComboBox()
        self.colour_combo.addItems([scale.value for scale in _SCALES])
        self.colour_combo.setAccessibleName("Colour range")
        self.colour_combo.setToolTip("Over what the colour range of the heat maps is taken")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 6)
        layout.setSpacing(8)
        layout.addWidget(self.mode_control)
        layout.addWidget(self.log_value_button)
        layout.addWidget(self.log_index_button)
        layout.addWidget(self.fit_button)
        layout.addStretch(1)
        layout.addWidget(self.colour_combo)
        self.mode_control.chosen.connect(self._on_mode_chosen)
        self.log_value_button.clicked.connect(self._on_log_value_clicked)
        self.log_index_button.clicked.connect(self._on_log_index_clicked)
        self.fit_button.clicked.connect(self.fitRequested)
        self.colour_combo.activated.connect(self._on_colour_activated)

    def _toggle(self, text: str, tip: str) -> QToolButton:
        button = tool_button(text, tip, checkable=True)
        button.setProperty("segment", True)
        button.setProperty("place", "last")
        button.setStyleSheet("border-radius: 4px; border-right-width: 1px;")
        return button

    def show_selection(self, selection: Selection) -> None:
        """Show what is chosen."""
        self.mode_control.set_index(_MODES.index(selection.spectrum_mode))
        self.log_value_button.setChecked(selection.log_value)
        self.log_index_button.setChecked(selection.log_index)
        self.colour_combo.setCurrentIndex(_SCALES.index(selection.colour_scale))

    def _on_mode_chosen(self, index: int) -> None:
        self.viewRequested.emit({"spectrum_mode": _MODES[index]})

    def _on_log_value_clicked(self, on: bool) -> None:
        self.viewRequested.emit({"log_value": on})

    def _on_log_index_clicked(self, on: bool) -> None:
        self.viewRequested.emit({"log_index": on})

    def _on_colour_activated(self, index: int) -> None:
        self.viewRequested.emit({"colour_scale": _SCALES[index]})
