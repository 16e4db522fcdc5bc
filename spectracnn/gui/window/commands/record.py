"""One command of the window as a record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from spectracnn.gui.window.commands.facts import Facts, Need
    from spectracnn.gui.window.commands.scope import Scope


class Menu(Enum):
    """The menus of the menu bar, by their titles with access keys."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    EXPLAIN = "E&xplain"
    HELP = "&Help"


class Place(Enum):
    """Where a command is offered beside the menu bar and the palette."""

    TOOLBAR = auto()
    TABLE = auto()
    MESH = auto()
    SPECTRUM = auto()
    LAYER = auto()
    PREDICTION = auto()


@dataclass(frozen=True)
class Command:
    """Something that a person can have the window do.

    Parameters
    ----------
    name : str
        Unique; for code and tests.
    text : str
        Of its menu entry, with ``&`` before the access key.
    menu : Menu
        Where it stands in the menu bar.
    run : callable
        Does it.
    shortcut : str
        In Qt's notation; several are separated by semicolons.
    icon : str
        File in ``resources/icons/commands`` without its ending; empty for none.
    tip : str
        One line for the status bar and the palette.
    needs : tuple of Need
        All of them must hold; until then it is greyed out.
    places : frozenset of Place
        Where else it is offered.
    submenu : str
        Title of the menu within the menu that holds it; empty for none.
    group : int
        Entries of different groups are separated by a line.
    checked : callable, optional
        Whether it is on; given only for commands that are on or off.
    label : callable, optional
        Text that follows the state, in the place of ``text``.
    also_after : str
        Name of a command of another menu, behind which this one stands too; empty for none.
    words : str
        More words by which the palette finds it.
    """

    name: str
    text: str
    menu: Menu
    run: Callable[[Scope], object]
    shortcut: str = ""
    icon: str = ""
    tip: str = ""
    needs: tuple[Need, ...] = ()
    places: frozenset[Place] = frozenset()
    submenu: str = ""
    group: int = 0
    checked: Callable[[Scope], bool] | None = None
    label: Callable[[Scope], str] | None = None
    also_after: str = ""
    words: str = ""

    @property
    def plain_text(self) -> str:
        """The text without access key and dots.

        Examples
        --------
        >>> Command("open", "&Open spectra\u2026", Menu.FILE, print).plain_text
        'Open spectra'
        """
        return self.text.replace("&", "").rstrip("\u2026")

    def obstacle(self, facts: Facts) -> str:
        """Return what has to be done before this can be used; empty when it can."""
        return next((need.otherwise for need in self.needs if not need.holds(facts)), "")


def at(*places: Place) -> frozenset[Place]:
    """Return the places as a set, for records that read like sentences."""
    return frozenset(places)
