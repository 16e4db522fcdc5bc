"""Commands of the Help menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.gui.window.commands import facts
from spectracnn.gui.window.commands.record import Command, Menu, Place, at

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.scope import Scope


def start_tour(scope: Scope) -> None:
    """Ask for the guided tour."""
    scope.wishes.tourRequested.emit()


def show_guide(scope: Scope) -> None:
    """Open the user's guide."""
    from spectracnn.gui.dialogs.guide import FIRST_PAGE, show_page

    show_page(FIRST_PAGE, scope.window)


def open_lessons(scope: Scope) -> None:
    """Open the lessons."""
    scope.wishes.toolRequested.emit("lessons")


def show_palette(scope: Scope) -> None:
    """Ask for the list of all commands."""
    scope.wishes.paletteRequested.emit()


def show_shortcuts(scope: Scope) -> None:
    """Ask for the list of keys."""
    scope.wishes.shortcutsRequested.emit()


def show_model_card(scope: Scope) -> None:
    """Show what the model's card says."""
    from spectracnn.gui.dialogs.model_card.about_model import ModelCardDialog

    if scope.workspace.document.model is not None:
        dialog = ModelCardDialog(scope.workspace.document.model, scope.window)
        dialog.editRequested.connect(scope.wishes.cardEditRequested)
        dialog.exec()


def show_about(scope: Scope) -> None:
    """Show version and licences."""
    from spectracnn.gui.dialogs.about import AboutDialog

    AboutDialog(scope.window).exec()


COMMANDS = (
    Command(
        "palette",
        "Find a &command\u2026",
        Menu.HELP,
        show_palette,
        "Ctrl+Shift+P; Ctrl+K",
        "search",
        "Search everything that the window can do",
        places=at(Place.TOOLBAR),
        words="palette search",
    ),
    Command(
        "tour",
        "&Tour",
        Menu.HELP,
        start_tour,
        icon="tour",
        tip="Eight short steps from a spectrum to a decision",
        words="tutorial introduction learn",
    ),
    Command(
        "learn",
        "&Learn: seven lessons\u2026",
        Menu.HELP,
        open_lessons,
        tip="Filters, strides, padding, ReLU, pooling and learning, by doing",
        words="lessons course teach tutorial",
    ),
    Command(
        "guide",
        "User &guide",
        Menu.HELP,
        show_guide,
        tip="The documentation, in a window",
        words="documentation manual help",
    ),
    Command(
        "shortcuts",
        "&Keyboard and mouse",
        Menu.HELP,
        show_shortcuts,
        "F1",
        "keyboard",
        "What keys and mouse do",
        words="shortcuts help",
    ),
    Command(
        "about_model",
        "About this &model",
        Menu.HELP,
        show_model_card,
        icon="card",
        tip="Classes, training and evaluation of the open model",
        needs=(facts.MODEL,),
        places=at(Place.PREDICTION),
        group=1,
    ),
    Command(
        "about",
        "&About SpectraCNN",
        Menu.HELP,
        show_about,
        icon="about",
        tip="Version, parts and licences",
        group=1,
    ),
)
