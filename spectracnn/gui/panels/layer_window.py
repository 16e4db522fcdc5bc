"""A layer panel in a window of its own: a second view of the same contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spectracnn.gui.panels.index_axis import IndexAxis
from spectracnn.gui.panels.layer_panel import LayerPanel
from spectracnn.gui.widgets.closing import close_by_keys

if TYPE_CHECKING:
    from spectracnn.gui.theme import Theme
    from spectracnn.view.contents import Contents, LayerContents


class LayerWindow(QWidget):
    """One layer in a window of its own."""

    def __init__(self, contents: LayerContents, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{contents.title} \u2013 SpectraCNN")
        self.panel = LayerPanel(contents, theme, fills=True)
        self.panel.header.alone = True
        self.panel.header.pop_out_button.hide()
        self.panel.header.toggle.hide()
        self.axis = IndexAxis()
        self.axis.apply_theme(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.panel, 1)
        layout.addWidget(self.axis)
        self.resize(900, 420)
        close_by_keys(self)
        for plot in (self.panel.plot, self.axis):
            plot.indexRangeChanged.connect(self.show_index_range)

    def show_index_range(self, low: float, high: float) -> None:
        """Move plot and axis together."""
        self.axis.set_index_range(low, high)
        if not self.panel.plot.vector:
            self.panel.plot.set_index_range(low, high)

    def set_contents(self, contents: Contents) -> None:
        """Show what is given."""
        self.panel.set_contents(contents.layers[self.panel.index])
        self.axis.set_contents(contents)
