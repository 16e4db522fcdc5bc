"""Menus as a table: every action is one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow, QMenu


@dataclass(frozen=True)
class ActionInfo:
    """One menu entry.

    Parameters
    ----------
    menu : str
        Title of its menu.
    text : str
        With ``&`` before the access key; empty for a separator.
    slot : str
        Name of the window's method.
    shortcut : str
        In Qt's notation, or a standard key's name.
    tip : str
        One line for the status bar.
    checkable : bool
        Whether it is on or off.
    """

    menu: str
    text: str = ""
    slot: str = ""
    shortcut: str = ""
    tip: str = ""
    checkable: bool = False


FILE, EDIT, VIEW, EXPLAIN, HELP = "&File", "&Edit", "&View", "E&xplain", "&Help"

ACTIONS = (
    ActionInfo(FILE, "&Open spectra\u2026", "open_files", "Ctrl+O", "Open spectrum files"),
    ActionInfo(FILE, "Open &folder\u2026", "open_folder", "Ctrl+Shift+O", "Open a whole folder"),
    ActionInfo(FILE, "Open all &samples", "open_samples", "", "Open the bundled sample spectra"),
    ActionInfo(FILE),
    ActionInfo(FILE, "Open &model\u2026", "open_model", "Ctrl+M", "Open another Keras model"),
    ActionInfo(FILE, "&Bundled model", "open_bundled_model", "", "Go back to the bundled model"),
    ActionInfo(
        FILE,
        "Edit model &card\u2026",
        "edit_model_card",
        tip="Say how spectra become the model's input, and what its classes are called",
    ),
    ActionInfo(FILE),
    ActionInfo(
        FILE,
        "One &window for all files",
        "set_single_window",
        tip="Files opened from the desktop come to this window instead of a new one",
        checkable=True,
    ),
    ActionInfo(FILE),
    ActionInfo(FILE, "&Export\u2026", "export", "Ctrl+E", "Export figures or values"),
    ActionInfo(FILE),
    ActionInfo(
        FILE,
        "Preferences\u2026",
        "show_preferences",
        "Ctrl+,",
        "Limits for opening models",
    ),
    ActionInfo(FILE),
    ActionInfo(FILE, "&Quit", "close", "Ctrl+Q"),
    ActionInfo(EDIT, "&Copy plot and values", "copy", "Ctrl+C", "Image and tab-separated values"),
    ActionInfo(EDIT, "&Paste numbers", "paste", "Ctrl+V", "Read a spectrum from the clipboard"),
    ActionInfo(EDIT),
    ActionInfo(EDIT, "Draw &all", "overlay_all", "Ctrl+Shift+A", "Tick every spectrum"),
    ActionInfo(EDIT, "Draw &none", "overlay_none", "Ctrl+Shift+N", "Untick every spectrum"),
    ActionInfo(EDIT, "&Remove selected", "remove_selected", "Ctrl+Backspace", "Close spectra"),
    ActionInfo(EDIT, "Re&lease pin", "release_pin", "Esc", "Forget the pinned sample and range"),
    ActionInfo(VIEW, "&Fit to the model's input", "fit", "F", "Show what the model reads"),
    ActionInfo(VIEW, "Next spectrum", "next_spectrum", "Ctrl+Down"),
    ActionInfo(VIEW, "Previous spectrum", "previous_spectrum", "Ctrl+Up"),
    ActionInfo(VIEW),
    ActionInfo(VIEW, "&Collapse all layers", "collapse_all", "Ctrl+-"),
    ActionInfo(VIEW, "&Expand all layers", "expand_all", "Ctrl++"),
    ActionInfo(VIEW, "Heat &maps in all layers", "all_heat_maps", "Ctrl+1"),
    ActionInfo(VIEW, "&Lines in all layers", "all_lines", "Ctrl+2"),
    ActionInfo(VIEW),
    ActionInfo(HELP, "&Tour", "start_tour", tip="Eight short steps from a spectrum to a decision"),
    ActionInfo(HELP, "&Keyboard and mouse", "show_shortcuts", "F1"),
    ActionInfo(HELP, "About this &model", "show_model_card"),
    ActionInfo(HELP, "&About SpectraCNN", "show_about"),
)


def build_menus(window: QMainWindow) -> tuple[dict[str, QMenu], dict[str, QAction]]:
    """Make the menus of the table; a record's slot is a method of the window.

    Returns
    -------
    menus : dict of str to QMenu
        By title.
    actions : dict of str to QAction
        By slot name.
    """
    menus = {title: window.menuBar().addMenu(title) for title in (FILE, EDIT, VIEW, EXPLAIN, HELP)}
    actions: dict[str, QAction] = {}
    for info in ACTIONS:
        menu = menus[info.menu]
        if not info.text:
            menu.addSeparator()
            continue
        action = QAction(info.text, window, checkable=info.checkable)
        action.setStatusTip(info.tip)
        if info.shortcut:
            action.setShortcut(QKeySequence(info.shortcut))
        action.triggered.connect(getattr(window, info.slot))
        menu.addAction(action)
        actions[info.slot] = action
    return menus, actions
