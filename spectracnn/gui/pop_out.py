"""Layer panels in windows of their own: second views of the same contents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spectracnn.gui.panels.index_axis import IndexAxis
from spectracnn.gui.panels.layer_panel import LayerPanel

if TYPE_CHECKING:
    from spectracnn.gui.main_window import MainWindow
    from spectracnn.gui.theme import Theme, ThemeManager
    from spectracnn.view.contents import Contents, LayerContents


class PopOut(QWidget):
    """One layer in a window of its own."""

    def __init__(self, contents: LayerContents, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"{contents.title} \u2013 SpectraCNN")
        self.panel = LayerPanel(contents, theme, fills=True)
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


class PopOuts(QObject):
    """The windows that are open."""

    def __init__(self, window: MainWindow, themes: ThemeManager) -> None:
        super().__init__(window)
        self._window = window
        self._themes = themes
        self.windows: list[PopOut] = []

    def open(self, contents: LayerContents) -> None:
        """Show a layer in a window; the one that is already open comes to the front."""
        for open_one in self.windows:
            if open_one.panel.index == contents.index:
                open_one.raise_()
                open_one.activateWindow()
                return
        window = PopOut(contents, self._themes.theme, self._window)
        workspace = self._window.workspace
        window.panel.hoverRequested.connect(workspace.hover)
        window.panel.pinRequested.connect(self._window.plot_editing.take_click)
        window.panel.optionsRequested.connect(workspace.set_layer_options)
        window.destroyed.connect(self._on_window_destroyed)
        self.windows.append(window)
        window.set_contents(workspace.contents)
        low, high = workspace.contents.spectrum.index_scale.forward(workspace.contents.index_range)
        window.show_index_range(float(low), float(high))
        window.show()

    def set_contents(self, contents: Contents) -> None:
        """Show what is given in every window."""
        for window in self.windows:
            if window.panel.index < len(contents.layers):
                window.set_contents(contents)

    def apply_theme(self, theme: Theme) -> None:
        """Recolour every window."""
        for window in self.windows:
            window.panel.apply_theme(theme)
            window.axis.apply_theme(theme)

    def close_all(self) -> None:
        """Close every window."""
        for window in list(self.windows):
            window.close()
        self.windows.clear()

    @Slot()
    def _on_window_destroyed(self) -> None:
        self.windows = [window for window in self.windows if _alive(window)]


def _alive(window: PopOut) -> bool:
    from shiboken6 import isValid

    return bool(isValid(window)) and window.isVisible()
