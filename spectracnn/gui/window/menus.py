"""Draws menus and toolbar from the table of commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QToolBar

from spectracnn.gui.window.commands.record import Command, Menu, Place
from spectracnn.gui.window.commands.table import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtWidgets import QMainWindow

    from spectracnn.gui.window.commands.command_set import CommandSet

_ICON = 16


def build_menus(window: QMainWindow, commands: CommandSet) -> dict[Menu, QMenu]:
    """Fill the menu bar.

    Returns
    -------
    dict of Menu to QMenu
    """
    menus = {}
    for place in Menu:
        menu = window.menuBar().addMenu(place.value)
        menu.setToolTipsVisible(False)
        fill(menu, commands_of(place), commands)
        menus[place] = menu
    return menus


def commands_of(menu: Menu) -> Iterator[Command]:
    """Yield the commands of a menu in their order, with those that stand in two menus."""
    for command in COMMANDS:
        if command.menu is menu:
            yield command
            for guest in COMMANDS:
                if guest.also_after == command.name:
                    yield replace(guest, menu=menu, group=command.group, submenu=command.submenu)


def fill(menu: QMenu, chosen: Iterable[Command], commands: CommandSet) -> None:
    """Put commands into a menu: a line between groups, and menus within it by their titles."""
    submenus: dict[str, QMenu] = {}
    group: tuple[Menu, int] | None = None
    for command in chosen:
        if group is not None and group != (command.menu, command.group):
            menu.addSeparator()
        group = command.menu, command.group
        target = menu
        if command.submenu:
            if command.submenu not in submenus:
                submenus[command.submenu] = menu.addMenu(command.submenu)
            target = submenus[command.submenu]
        target.addAction(commands[command.name])


def build_toolbar(window: QMainWindow, commands: CommandSet) -> QToolBar:
    """Make the row of buttons under the menus; what does not fit is behind an arrow."""
    bar = QToolBar("Toolbar", window, movable=False, floatable=False)
    bar.setObjectName("toolbar")
    bar.setIconSize(QSize(_ICON, _ICON))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    menu: Menu | None = None
    for command in commands.at(Place.TOOLBAR):
        if menu is not None and menu is not command.menu:
            bar.addSeparator()
        menu = command.menu
        bar.addAction(commands[command.name])
        button = bar.widgetForAction(commands[command.name])
        button.setAccessibleName(command.plain_text)
        button.setProperty("tool", True)
    window.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)
    return bar
