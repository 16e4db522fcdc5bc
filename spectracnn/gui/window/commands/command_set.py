"""The commands as Qt's actions, whose texts and states follow the window's."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence

from spectracnn.gui.widgets.icons import command_icon
from spectracnn.gui.window.commands.facts import Facts, facts_of
from spectracnn.gui.window.commands.table import COMMANDS, key_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spectracnn.gui.theme import Theme
    from spectracnn.gui.window.commands.record import Command, Place
    from spectracnn.gui.window.commands.scope import Scope


class CommandSet(QObject):
    """Makes one action of each command, and keeps it in step with the state.

    Parameters
    ----------
    scope : Scope
        What the commands act on.
    theme : Theme
        Colours of the icons.

    Signals
    -------
    refreshed : ()
        An action may be enabled, checked or named otherwise.
    """

    refreshed = Signal()

    def __init__(self, scope: Scope, theme: Theme) -> None:
        super().__init__(scope.window)
        self.scope = scope
        self._facts: Facts | None = None
        self._obstacles: dict[str, str] = {}
        self.commands = {command.name: command for command in COMMANDS}
        self.actions = {command.name: self._make(command) for command in COMMANDS}
        self.apply_theme(theme)
        workspace = scope.workspace
        for signal in (
            workspace.contentsChanged,
            workspace.entriesReset,
            workspace.modelChanged,
            workspace.currentChanged,
            workspace.editing.changed,
            workspace.editing.draggingChanged,
        ):
            signal.connect(self._on_state_changed)
        self.refresh()

    def _make(self, command: Command) -> QAction:
        action = QAction(command.text, self.scope.window, checkable=command.checked is not None)
        action.setObjectName(command.name)
        action.setShortcuts([QKeySequence(key) for key in command.shortcut.split("; ") if key])
        action.triggered.connect(partial(self._run, command))
        self.scope.window.addAction(action)
        return action

    def __getitem__(self, name: str) -> QAction:
        """Return the action of a command."""
        return self.actions[name]

    def at(self, place: Place) -> Iterator[Command]:
        """Yield the commands that are offered somewhere, in the order of the table."""
        return (command for command in COMMANDS if place in command.places)

    def run(self, name: str) -> None:
        """Do what the command's menu entry does; nothing where it is greyed out."""
        self.refresh()
        self.actions[name].trigger()

    def obstacle(self, name: str) -> str:
        """Return what has to be done before a command can be used; empty when it can."""
        return self.commands[name].obstacle(self._facts or facts_of(self.scope))

    def apply_theme(self, theme: Theme) -> None:
        """Tint the icons."""
        for command in COMMANDS:
            if command.icon:
                self.actions[command.name].setIcon(command_icon(command.icon, theme))

    def refresh(self) -> None:
        """Bring texts, ticks and enablement up to date."""
        found = facts_of(self.scope)
        if found != self._facts:
            self._facts = found
            for command in COMMANDS:
                obstacle = command.obstacle(found)
                if self._obstacles.get(command.name) == obstacle:
                    continue
                self._obstacles[command.name] = obstacle
                action = self.actions[command.name]
                action.setEnabled(not obstacle)
                action.setStatusTip(" ".join(filter(None, (command.tip, obstacle))))
                action.setToolTip(_tool_tip(command, obstacle))
        for command in COMMANDS:
            action = self.actions[command.name]
            if command.checked is not None:
                action.setChecked(command.checked(self.scope))
            if command.label is not None:
                action.setText(command.label(self.scope))
        self.refreshed.emit()

    def _run(self, command: Command, _checked: bool = False) -> None:
        command.run(self.scope)
        self.refresh()

    @Slot()
    def _on_state_changed(self) -> None:
        self.refresh()


def _tool_tip(command: Command, obstacle: str) -> str:
    keys = key_texts(command)
    head = f"{command.plain_text} ({keys[0]})" if keys else command.plain_text
    return "\n".join(filter(None, (head, command.tip, obstacle)))
