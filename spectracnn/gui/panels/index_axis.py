"""The one index axis at the bottom of the stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

from spectracnn.gui.panels.plot import AlignedPlot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import Contents

_HEIGHT = 44


class IndexAxis(AlignedPlot):
    """A plot that is nothing but its bottom axis, in step with all panels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(own_wheel=True, parent=parent)
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName("Index axis")
        self.left_axis.setStyle(showValues=False, tickLength=0)
        self.left_axis.setTicks([])
        self.getViewBox().setMouseEnabled(x=True, y=False)
        self.getPlotItem().layout.setContentsMargins(0, 0, 8, 2)
        self._label = ""

    def apply_theme(self, theme: Theme) -> None:
        super().apply_theme(theme)
        self._colour = theme.muted
        self.left_axis.setPen(QColor(0, 0, 0, 0))
        self.setBackground(QColor(theme.raised))
        self._show_label()

    def set_contents(self, contents: Contents) -> None:
        """Show the axis of these contents."""
        self.bottom_axis.set_axis_scale(contents.spectrum.index_scale)
        if contents.spectrum.index_label != self._label:
            self._label = contents.spectrum.index_label
            self._show_label()

    def _show_label(self) -> None:
        self.bottom_axis.setLabel(self._label, color=self._colour)
