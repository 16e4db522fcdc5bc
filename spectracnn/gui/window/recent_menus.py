"""The menus that are made as the program goes: recent files, samples, theme."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup

from spectracnn.gui.theme import ThemeChoice
from spectracnn.gui.window.actions import FILE, VIEW
from spectracnn.resources import sample_spectra

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from spectracnn.gui.settings import Settings
    from spectracnn.gui.theme import ThemeManager


class RecentMenus(QObject):
    """Fills the menus; each action carries its path or theme as data.

    Signals
    -------
    fileRequested : list of Path
    """

    fileRequested = Signal(object)

    def __init__(
        self, menus: dict[str, QMenu], themes: ThemeManager, settings: Settings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._themes, self._settings = themes, settings
        file_menu = menus[FILE]
        before = file_menu.actions()[2]
        self._recent = _submenu(file_menu, "Open &recent", before)
        self._samples = _submenu(file_menu, "Open s&ample", before)
        for path in sample_spectra():
            self._add_file(self._samples, path, path.stem.replace("_", " "))
        theme_menu = menus[VIEW].addMenu("&Theme")
        group = QActionGroup(self)
        for choice in ThemeChoice:
            action = QAction(choice.value, self, checkable=True, checked=choice is themes.choice)
            action.setData(choice.value)
            group.addAction(action)
            theme_menu.addAction(action)
        group.triggered.connect(self._on_theme_triggered)
        self.refresh()

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

    def _on_forget_triggered(self) -> None:
        self._settings.forget_recent()
        self.refresh()

    def _on_theme_triggered(self, action: QAction) -> None:
        choice = ThemeChoice(action.data())
        self._settings.theme = choice
        self._themes.choose(choice)


def _submenu(menu: QMenu, title: str, before: QAction) -> QMenu:
    from PySide6.QtWidgets import QMenu

    submenu = QMenu(title, menu)
    menu.insertMenu(before, submenu)
    return submenu
