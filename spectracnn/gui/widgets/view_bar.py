"""The line above the plots: what they show, their axes, colours and rows, and which page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.segmented import SegmentedControl
from spectracnn.state.selection import ChannelOrder, ColourScale, SpectrumMode

if TYPE_CHECKING:
    from enum import StrEnum

    from PySide6.QtGui import QResizeEvent

    from spectracnn.state.selection import Selection

_MODES = tuple(SpectrumMode)
_SEGMENTS = _MODES[:4]
"""Those with a button; for the others there is the list, which takes less room."""
_SCALES = tuple(ColourScale)
_NARROWEST, _MARGIN, _GAP = 280, 8, 8


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
        self.mode_control = SegmentedControl(
            [mode.value for mode in _SEGMENTS], "Spectrum shown as"
        )
        self.mode_combo = QComboBox()
        self.mode_combo.addItems([mode.value for mode in _MODES])
        self.mode_combo.setAccessibleName("Spectrum shown as")
        self.log_value_button = self._toggle("log \u03bb", "Logarithmic values; zeros stay visible")
        self.log_index_button = self._toggle("log index", "Logarithmic index axis")
        self.fit_button = tool_button("Fit", "Show what the model reads (F)")
        self.colour_label = QLabel("Colours")
        self.colour_label.setProperty("muted", True)
        self.colour_combo = QComboBox()
        self.colour_combo.addItems([scale.value for scale in _SCALES])
        self.colour_combo.setAccessibleName("Colour range")
        self.colour_combo.setToolTip("What the colour range of the heat maps is taken from")
        self.colour_label.setBuddy(self.colour_combo)
        self.maps_button = tool_button(
            "Maps \u25be", "Colour range, order of channels, and height of the maps"
        )
        self.maps_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.overview_button = self._toggle("Overview", "The whole network on one page (O)")
        self._shown: Selection | None = None
        self._fill_menu()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 6, _MARGIN, 6)
        layout.setSpacing(_GAP)
        axes: tuple[QWidget, ...] = (self.log_value_button, self.log_index_button)
        maps: tuple[QWidget, ...] = (self.colour_label, self.colour_combo, self.maps_button)
        for widget in (self.mode_control, self.mode_combo, *axes, self.fit_button):
            layout.addWidget(widget)
        layout.addStretch(1)
        for widget in (*maps, self.overview_button):
            layout.addWidget(widget)
        # The bar must not keep the window from becoming narrow: it changes what it holds instead.
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumWidth(_NARROWEST)
        # From what is always there to what goes first where there is no room.
        always: tuple[QWidget, ...] = (self.maps_button, self.overview_button)
        self._tiers: tuple[tuple[QWidget, ...], ...] = (
            (*always, self.mode_control),
            axes,
            (self.fit_button, self.colour_label, self.colour_combo),
        )
        self._choose_widgets()

    def _choose_widgets(self) -> None:
        """Show what there is room for; the rest is in menus."""
        room = self.width() - 2 * _MARGIN
        shown = True
        for tier in self._tiers:
            room -= sum(widget.sizeHint().width() + _GAP for widget in tier)
            shown = shown and room >= -_GAP
            for widget in tier:
                if widget not in (self.maps_button, self.overview_button):
                    widget.setVisible(shown)
        if self._shown is not None and self._shown.spectrum_mode not in _SEGMENTS:
            self.mode_control.setVisible(False)
        self.mode_combo.setVisible(self.mode_control.isHidden())

    def _connect(self) -> None:
        self.mode_control.chosen.connect(self._on_mode_chosen)
        self.mode_combo.activated.connect(self._on_mode_chosen)
        self.log_value_button.clicked.connect(self._on_log_value_clicked)
        self.log_index_button.clicked.connect(self._on_log_index_clicked)
        self.fit_button.clicked.connect(self.fitRequested)
        self.colour_combo.activated.connect(self._on_colour_activated)
        self.overview_button.clicked.connect(self._on_overview_clicked)

    def _fill_menu(self) -> None:
        menu = QMenu(self.maps_button)
        self._groups: dict[str, QActionGroup] = {}
        choices: tuple[tuple[str, str, type[StrEnum]], ...] = (
            ("colour_scale", "Colour range over", ColourScale),
            ("channel_order", "Order of channels", ChannelOrder),
        )
        for field, title, kind in choices:
            menu.addSection(title)
            group = self._groups[field] = QActionGroup(menu)
            for choice in kind:
                action = QAction(choice.value, menu, checkable=True)
                action.setData((field, choice))
                group.addAction(action)
                menu.addAction(action)
        menu.addSeparator()
        self.fit_layers_action = QAction("All layers in view", menu, checkable=True)
        menu.addAction(self.fit_layers_action)
        menu.triggered.connect(self._on_menu_triggered)
        self.maps_button.setMenu(menu)

    def _toggle(self, text: str, tip: str) -> QToolButton:
        button = tool_button(text, tip, checkable=True)
        button.setProperty("segment", True)
        button.setProperty("place", "last")
        button.setStyleSheet("border-radius: 4px; border-right-width: 1px;")
        return button

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_widgets()

    def show_selection(self, selection: Selection) -> None:
        """Show what is chosen."""
        shown = replace(selection, hovered=None, pinned=None)
        if shown == self._shown:
            return  # only the pointer moved
        self._shown = shown
        self.mode_control.set_index(_MODES.index(selection.spectrum_mode))
        self.mode_combo.setCurrentIndex(_MODES.index(selection.spectrum_mode))
        self._choose_widgets()
        self.log_value_button.setChecked(selection.log_value)
        self.log_index_button.setChecked(selection.log_index)
        self.colour_combo.setCurrentIndex(_SCALES.index(selection.colour_scale))
        self.overview_button.setChecked(selection.overview)
        self.fit_layers_action.setChecked(selection.fit_layers)
        for field, group in self._groups.items():
            for action in group.actions():
                if action.data()[1] is getattr(selection, field):
                    action.setChecked(True)

    def _on_menu_triggered(self, action: QAction) -> None:
        if action is self.fit_layers_action:
            self.viewRequested.emit({"fit_layers": action.isChecked()})
        else:
            field, choice = action.data()
            self.viewRequested.emit({field: choice})

    def _on_overview_clicked(self, on: bool) -> None:
        self.viewRequested.emit({"overview": on})

    def _on_mode_chosen(self, index: int) -> None:
        self.viewRequested.emit({"spectrum_mode": _MODES[index]})

    def _on_log_value_clicked(self, on: bool) -> None:
        self.viewRequested.emit({"log_value": on})

    def _on_log_index_clicked(self, on: bool) -> None:
        self.viewRequested.emit({"log_index": on})

    def _on_colour_activated(self, index: int) -> None:
        self.viewRequested.emit({"colour_scale": _SCALES[index]})
