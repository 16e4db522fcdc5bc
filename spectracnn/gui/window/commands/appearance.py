"""Commands of the View menu about the window itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from spectracnn.gui.theme import ThemeChoice
from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.record import Command, Menu, Place, at

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope

_THEME = "&Theme"


def choose_theme(scope: Scope, choice: ThemeChoice) -> None:
    """Switch colours, and remember it."""
    scope.settings.theme = choice
    scope.themes.choose(choice)


def toggle_toolbar(scope: Scope) -> None:
    """Show or hide the toolbar."""
    bar = scope.ui.toolbar
    bar.setVisible(bar.isHidden())
    scope.settings.toolbar = not bar.isHidden()


def toggle_all_columns(scope: Scope) -> None:
    """Show every column of the table, or those that there is room for."""
    widths = scope.ui.table.widths
    widths.show_all(not widths.all_shown)


_THEMES = tuple(
    Command(
        f"theme_{choice.name.lower()}",
        choice.value,
        Menu.VIEW,
        partial(choose_theme, choice=choice),
        submenu=_THEME,
        group=4,
        checked=partial(lambda choice, scope: scope.themes.choice is choice, choice),
        words="theme colours dark light",
    )
    for choice in ThemeChoice
)
COMMANDS = (
    *_THEMES,
    Command(
        "all_columns",
        "All &columns of the table",
        Menu.VIEW,
        toggle_all_columns,
        tip="Show also the columns that there is no room for, and scroll; else they are left out",
        group=4,
        needs=(facts.SPECTRUM,),
        places=at(Place.TABLE),
        checked=lambda scope: scope.ui.built and scope.ui.table.widths.all_shown,
        words="set like n file hidden",
    ),
    Command(
        "toolbar",
        "Tool&bar",
        Menu.VIEW,
        toggle_toolbar,
        tip="Show or hide the row of buttons under the menus",
        group=4,
        checked=lambda scope: not scope.ui.toolbar.isHidden(),
    ),
)
