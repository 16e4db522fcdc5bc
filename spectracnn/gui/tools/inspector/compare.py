"""Which second filter is shown beside the inspected one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QWidget

from spectracnn.gui.tools.inspector.paint import owner_colour
from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.state.selection import Sample


class Compare(QWidget):
    """A box that says which filter is shown beside, and the button that begins this.

    Signals
    -------
    besideRequested : (int, int) or None
        Layer and filter that shall be B.
    """

    besideRequested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample: Sample | None = None
        self._channels = 0
        self._layer = -1
        self.button = tool_button(
            "Compare",
            "Keep this filter beside the next ones you choose",
            checkable=True,
        )
        self.dot = QLabel("\u25cf")
        self.box = QSpinBox()
        self.box.setPrefix("filter ")
        self.box.setAccessibleName("Filter to compare with")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(QLabel("beside"))
        layout.addWidget(self.dot)
        layout.addWidget(self.box)
        layout.addStretch(1)
        self.button.toggled.connect(self._on_button_toggled)
        self.box.valueChanged.connect(self._on_box_valueChanged)
        self._show_box()

    @property
    def on(self) -> bool:
        """Whether a second filter is kept."""
        return self.button.isChecked()

    def apply_theme(self, theme: Theme) -> None:
        """Recolour."""
        style = f"color: {owner_colour(1, theme).name()}"
        if self.dot.styleSheet() != style:  # setting it again costs as much as a new one
            self.dot.setStyleSheet(style)

    def show_beside(self, beside: tuple[int, int] | None) -> None:
        """Show which layer and filter is B; None for none."""
        with QSignalBlocker(self.button), QSignalBlocker(self.box):
            self.button.setChecked(beside is not None)
            if beside is not None:
                self._layer, channel = beside
                self.box.setRange(0, max(self._channels - 1, channel))
                self.box.setValue(channel)
        self._show_box()

    def channel_for(self, sample: Sample, channels: int) -> int | None:
        """Return B for this sample; None where there is none, or in another layer.

        Parameters
        ----------
        sample : Sample
            The inspected one.
        channels : int
            How many its layer has; 0 for a vector.
        """
        self._sample, self._channels = sample, channels
        self.button.setEnabled(channels > 1)
        shown = self.on and sample.layer == self._layer
        self._show_box()
        return self.box.value() if shown and channels else None

    def _show_box(self) -> None:
        same = self._sample is not None and self._sample.layer == self._layer
        self.setVisible(self.on and same)

    @Slot(bool)
    def _on_button_toggled(self, on: bool) -> None:
        sample = self._sample
        self.besideRequested.emit((sample.layer, sample.channel) if on and sample else None)

    @Slot(int)
    def _on_box_valueChanged(self, value: int) -> None:
        self.besideRequested.emit((self._layer, value))
