"""Size and place of the window and its columns, from one start to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from spectracnn.gui.settings import Settings
    from spectracnn.gui.window.window_layout import WindowLayout

_USUAL, _MOST, _SHARE = QSize(1280, 800), QSize(1760, 1080), 0.9
_FRAME = QSize(2, 32)
"""What the desktop may draw around a window."""
_SPLITTERS = ("columns", "left", "right")


class GeometryKeeper:
    """Saves and restores; gives the window its first size.

    Parameters
    ----------
    window : QMainWindow
        Whose geometry.
    settings : Settings
        What is kept.
    """

    def __init__(self, window: QMainWindow, settings: Settings) -> None:
        self._window, self._settings = window, settings
        window.resize(first_size(window.screen().availableGeometry().size()))

    def restore_frame(self, ui: WindowLayout) -> None:
        """Put the window where it was."""
        ui.toolbar.setVisible(self._settings.toolbar)
        geometry = self._settings.load_bytes("geometry")
        if geometry is not None:
            self._window.restoreGeometry(geometry)

    def restore_columns(self, ui: WindowLayout) -> None:
        """Give the columns the widths that they had."""
        ui.fit_columns(self._window.width())
        for name in _SPLITTERS:
            state = self._settings.load_bytes(f"splitter/{name}")
            if state is not None:
                getattr(ui, name).restoreState(state)
        ui.own_columns = self._settings.load_bytes("splitter/columns") is not None
        ui.own_left = self._settings.load_bytes("splitter/left") is not None

    def save(self, ui: WindowLayout) -> None:
        """Keep all of it for the next start."""
        self._settings.save_bytes("geometry", self._window.saveGeometry())
        for name in ui.own_splitters:
            self._settings.save_bytes(f"splitter/{name}", getattr(ui, name).saveState())


def first_size(room: QSize) -> QSize:
    """Return the size at the first start: most of the screen, never more than there is."""
    wanted = (room * _SHARE).boundedTo(_MOST).expandedTo(_USUAL)
    return wanted.boundedTo(room - _FRAME)
