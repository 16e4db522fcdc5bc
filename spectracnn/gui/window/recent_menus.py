"""The menus that are made as the program runs: recent files and samples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from spectracnn.geometry.samples import SHAPES, sample_shape
from spectracnn.gui.window.commands.record import Menu
from spectracnn.gui.window.palette import PaletteItem
from spectracnn.resources import sample_spectra

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from spectracnn.gui.settings import Settings
    from spectracnn.gui.window.commands.command_set import CommandSet


class RecentMenus(QObject):
    """Fills the menus; each action carries its path as data.

    Signals
    -------
    fileRequested : list of Path
    """

    fileRequested = Signal(object)

    def __init__(
        self,
        menus: dict[Menu, QMenu],
        commands: CommandSet,
        settings: Settings,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        before = commands["open_samples"]
        self._recent = _submenu(menus[Menu.FILE], "Open &recent", before)
        self._samples = _submenu(menus[Menu.FILE], "Open s&ample", before)
        for path in sample_spectra():
            self._add_file(self._samples, path, path.stem.replace("_", " "))
        self._samples.addSeparator()
        for name in SHAPES:
            action = QAction(f"{name.replace('_', ' ')} (mesh)", self._samples)
            action.setData(name)
            action.setToolTip("A shape that is generated when it is opened")
            action.triggered.connect(self._on_shape_triggered)
            self._samples.addAction(action)
        self.refresh()

    def items(self) -> list[PaletteItem]:
        """Return what the menus offer as lines of the palette."""
        return [
            PaletteItem(
                action.text().replace("&&", "&"), where, action.trigger, words=action.toolTip()
            )
            for menu, where in ((self._recent, "Recent file"), (self._samples, "Sample"))
            for action in menu.actions()
            if action.data()
        ]

    def refresh(self) -> None:
        """Show the recent files as they are stored now."""
        self._recent.clear()
        for path in self._settings.recent:
            self._add_file(self._recent, path, path.name)
        if self._recent.isEmpty():
            self._recent.addAction("No recent files").setEnabled(False)
            return
        self._recent.addSeparator()
        self._recent.addAction("&Forget these").triggered.connect(self._on_forget_triggered)

    def _add_file(self, menu: QMenu, path: Path, text: str) -> None:
        action = QAction(text.replace("&", "&&"), menu)
        action.setData(str(path))
        action.setToolTip(str(path))
        action.triggered.connect(self._on_file_triggered)
        menu.addAction(action)

    def _on_file_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.fileRequested.emit([Path(action.data())])

    def _on_shape_triggered(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.fileRequested.emit([sample_shape(action.data())])

    def _on_forget_triggered(self) -> None:
        self._settings.forget_recent()
        self.refresh()


def _submenu(menu: QMenu, title: str, before: QAction) -> QMenu:
    from PySide6.QtWidgets import QMenu

    submenu = QMenu(title, menu)
    menu.insertMenu(before, submenu)
    return submenu
