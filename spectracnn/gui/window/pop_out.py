"""Layer panels that were popped out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from spectracnn.gui.panels.layer_window import LayerWindow
    from spectracnn.gui.theme import Theme, ThemeManager
    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.view.contents import Contents, LayerContents


class PopOuts(QObject):
    """The windows that are open.

    Signals
    -------
    pinRequested : Sample or None
        A click on a map in one of them.
    """

    pinRequested = Signal(object)

    def __init__(self, window: QMainWindow, workspace: Workspace, themes: ThemeManager) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        self._themes = themes
        self.windows: list[LayerWindow] = []

    @Slot(int)
    def open_layer(self, layer: int) -> None:
        """Show a layer in a window; the one that is already open comes to the front."""
        self.open(self._workspace.contents.layers[layer])

    def open(self, contents: LayerContents) -> None:
        """Show this layer likewise."""
        from spectracnn.gui.panels.layer_window import LayerWindow

        for open_one in self.windows:
            if open_one.panel.index == contents.index:
                open_one.raise_()
                open_one.activateWindow()
                return
        window = LayerWindow(contents, self._themes.theme, self._window)
        workspace = self._workspace
        window.panel.hoverRequested.connect(workspace.hover)
        window.panel.pinRequested.connect(self.pinRequested)
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


def _alive(window: LayerWindow) -> bool:
    from shiboken6 import isValid

    return bool(isValid(window)) and window.isVisible()
