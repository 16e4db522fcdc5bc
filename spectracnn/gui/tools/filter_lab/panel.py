"""One filter under the hand: its weights as points and as numbers, its bias, and presets."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from spectracnn.core.filter_presets import (
    Preset,
    mirrored,
    on_rows,
    plane_preset,
    preset,
    shifted,
    zero_sum,
)
from spectracnn.gui.tools.filter_lab.numbers import WeightTable
from spectracnn.gui.widgets.buttons import tool_button
from spectracnn.gui.widgets.filter_editor import FilterEditor
from spectracnn.gui.widgets.image_editor import ImageEditor

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from spectracnn.view.theme import Theme

    Values = NDArray[np.float64]

_LIMIT = 1e6
_TALLEST = 320


class FilterPanel(QWidget):
    """Shows one input channel of a filter at a time.

    Signals
    -------
    edited : (ndarray, float, str)
        All weights of the filter, shape (taps, channels), its bias, and what was done.
    gestureBegun : ()
        What is edited from here on is one step of undo.
    refused : str
        Why what was typed is no weight.
    """

    edited = Signal(object, float, str)
    gestureBegun = Signal()
    refused = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Values = np.zeros((3, 1))
        self._others: dict[int, Values] = {}
        self._window: tuple[int, ...] = (3,)
        self._seed = 0
        self.curve = FilterEditor(theme, "Weights of the filter")
        self.image = ImageEditor(theme, "Weights of the filter, row by row")
        self.image.hide()
        for editor in (self.curve, self.image):
            editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.MinimumExpanding)
            editor.setMaximumHeight(_TALLEST)
        self.table = WeightTable()
        self.channel_box = QSpinBox(minimum=0, maximum=0)
        self.channel_box.setAccessibleName("Input channel")
        self.all_box = QComboBox()
        self.all_box.addItem("this input channel", False)
        self.all_box.addItem("all input channels", True)
        self.all_box.setAccessibleName("What presets and changes act on")
        self.bias_box = QDoubleSpinBox(minimum=-_LIMIT, maximum=_LIMIT, decimals=4, singleStep=0.05)
        self.bias_box.setAccessibleName("Bias")
        self.bias_box.setKeyboardTracking(False)
        self.preset_box = QComboBox()
        self.preset_box.setAccessibleName("A filter with a meaning")
        self.preset_box.addItem("Preset\u2026")
        self.preset_box.addItems([kind.value for kind in Preset])
        self.copy_box = QComboBox()
        self.copy_box.setAccessibleName("Another filter of this layer")
        self.copy_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.scale_box = QDoubleSpinBox(minimum=-100, maximum=100, value=2, decimals=2)
        self.scale_box.setAccessibleName("Factor to scale by")
        self.channel_row = QWidget()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        row = QHBoxLayout(self.channel_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel("Input channel"))
        row.addWidget(self.channel_box)
        row.addWidget(QLabel("Changes act on"))
        row.addWidget(self.all_box)
        row.addStretch(1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.addWidget(QLabel("Bias"), 0, 0)
        grid.addWidget(self.bias_box, 0, 1)
        grid.addWidget(QLabel("Make it a"), 1, 0)
        grid.addWidget(self.preset_box, 1, 1)
        grid.addWidget(self.copy_box, 1, 2)
        grid.setColumnStretch(3, 1)
        actions = QHBoxLayout()
        actions.setSpacing(6)
        changes: tuple[tuple[str, str, Callable[[Values], Values]], ...] = (
            ("Mirror", "Put the first weight last", self._along(mirrored)),
            ("\u2190", "Shift the weights to the left", self._along(partial(shifted, by=-1))),
            ("\u2192", "Shift the weights to the right", self._along(partial(shifted, by=1))),
            ("Zero sum", "Subtract the mean: a constant input gives 0", zero_sum),
        )
        for text, tip, change in changes:
            button = tool_button(text, tip)
            button.clicked.connect(partial(self._apply_change, text, change))
            actions.addWidget(button)
        scale = tool_button("Scale by", "Multiply every weight")
        scale.clicked.connect(self._on_scale_clicked)
        actions.addWidget(scale)
        actions.addWidget(self.scale_box)
        actions.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.channel_row)
        layout.addWidget(self.curve, 1)
        layout.addWidget(self.image, 1)
        layout.addWidget(self.table)
        layout.addLayout(grid)
        layout.addLayout(actions)

    def _connect(self) -> None:
        for editor in (self.curve, self.image):
            editor.gestureBegun.connect(self.gestureBegun)
            editor.weightsChanged.connect(self._on_editor_weightsChanged)
        self.table.numberEdited.connect(self._on_table_numberEdited)
        self.table.refused.connect(self.refused)
        self.channel_box.valueChanged.connect(self._on_channel_changed)
        self.bias_box.valueChanged.connect(self._on_bias_changed)
        self.preset_box.activated.connect(self._on_preset_activated)
        self.copy_box.activated.connect(self._on_copy_activated)

    # --- what is shown -----------------------------------------------------------------------

    @property
    def editor(self) -> FilterEditor:
        """Where the weights are under the hand: points, or the cells of an image."""
        return self.curve if self.image.isHidden() else self.image

    @property
    def channel(self) -> int:
        """Which input channel is shown."""
        return self.channel_box.value()

    def show_filter(
        self, values: Values, bias: float | None, window: tuple[int, ...], others: dict[int, Values]
    ) -> None:
        """Show a filter without saying that it changed.

        Parameters
        ----------
        values : ndarray, shape (taps, channels)
            Its weights.
        bias : float or None
            None where it has none.
        window : tuple of int
            ``(taps,)`` or ``(rows, columns)``.
        others : dict of int to ndarray
            The other filters of the layer, by channel, to copy from.
        """
        self._values = np.array(values, np.float64)
        self._others = others
        channels = self._values.shape[1]
        self.channel_box.blockSignals(True)
        self.channel_box.setMaximum(channels - 1)
        self.channel_box.blockSignals(False)
        self.channel_row.setVisible(channels > 1)
        self.bias_box.blockSignals(True)
        self.bias_box.setEnabled(bias is not None)
        self.bias_box.setValue(bias or 0.0)
        self.bias_box.blockSignals(False)
        names = ["Copy of\u2026", *(f"filter {channel}" for channel in sorted(others))]
        if [self.copy_box.itemText(i) for i in range(self.copy_box.count())] != names:
            self.copy_box.clear()
            self.copy_box.addItems(names)
        self._window = window
        self.table.set_window(window)
        images = len(window) == 2
        self.curve.setHidden(images)
        self.image.setHidden(not images)
        if images:
            self.image.set_window(*window)
        self.show_channel()

    def show_channel(self) -> None:
        """Show the weights of the input channel that is chosen."""
        column = self._values[:, self.channel]
        self.editor.set_weights(column)
        self.table.show_values(column)

    def apply_theme(self, theme: Theme) -> None:
        """Paint in these colours."""
        self.curve.apply_theme(theme)
        self.image.apply_theme(theme)

    # --- changes -----------------------------------------------------------------------------

    def _put(self, column: Values, caption: str) -> None:
        self._values = self._values.copy()
        self._values[:, self.channel] = column
        self.show_channel()
        self.edited.emit(self._values, self.bias_box.value(), caption)

    def _put_all(self, values: Values, caption: str) -> None:
        self.gestureBegun.emit()
        self._values = values
        self.show_channel()
        self.edited.emit(self._values, self.bias_box.value(), caption)

    def _along(self, change: Callable[[Values], Values]) -> Callable[[Values], Values]:
        return lambda column: on_rows(column, self._window, change)

    def _apply_change(self, caption: str, change: Callable[[Values], Values]) -> None:
        values = self._values.copy()
        everything = bool(self.all_box.currentData())
        for channel in range(values.shape[1]) if everything else (self.channel,):
            values[:, channel] = change(values[:, channel])
        words = {"\u2190": "shift left", "\u2192": "shift right"}
        self._put_all(values, words.get(caption, caption.lower()))

    @Slot(object)
    def _on_editor_weightsChanged(self, weights: Values) -> None:
        self._put(weights, "drag a weight")

    @Slot(int, float)
    def _on_table_numberEdited(self, place: int, value: float) -> None:
        column = self._values[:, self.channel].copy()
        column[place] = value
        self.gestureBegun.emit()
        self._put(column, "type a weight")

    @Slot(int)
    def _on_channel_changed(self, _channel: int) -> None:
        self.show_channel()

    @Slot(float)
    def _on_bias_changed(self, bias: float) -> None:
        self.gestureBegun.emit()
        self.edited.emit(self._values, bias, "change the bias")

    @Slot(int)
    def _on_preset_activated(self, index: int) -> None:
        self.preset_box.setCurrentIndex(0)
        if index == 0:
            return
        kind = list(Preset)[index - 1]
        self._seed += 1
        made = (
            plane_preset(kind, self._window, self._seed).ravel()
            if len(self._window) == 2
            else preset(kind, self._values.shape[0], self._seed)
        )
        self._apply_change(kind.value, lambda _column: made)

    @Slot(int)
    def _on_copy_activated(self, index: int) -> None:
        self.copy_box.setCurrentIndex(0)
        if index > 0:
            channel = sorted(self._others)[index - 1]
            self._put_all(self._others[channel].copy(), f"copy of filter {channel}")

    @Slot()
    def _on_scale_clicked(self) -> None:
        factor = self.scale_box.value()
        self._apply_change(f"scale by {factor:g}", lambda column: column * factor)
