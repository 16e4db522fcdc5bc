"""All commands in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from spectracnn.gui.window.commands import (
    appearance,
    edits,
    explain,
    files,
    helps,
    layer_views,
    meshes,
    views,
)

if TYPE_CHECKING:
    from spectracnn.gui.window.commands.record import Command

COMMANDS: tuple[Command, ...] = (
    *files.COMMANDS,
    *meshes.COMMANDS,
    *edits.COMMANDS,
    *views.COMMANDS,
    *layer_views.COMMANDS,
    *appearance.COMMANDS,
    *explain.COMMANDS,
    *helps.COMMANDS,
)
"""A new command is one record in the module of its menu."""


def key_texts(command: Command) -> list[str]:
    """Return the command's shortcuts as this platform writes them."""
    keys = [part.strip() for part in command.shortcut.split(";") if part.strip()]
    native = QKeySequence.SequenceFormat.NativeText
    return [QKeySequence(key).toString(native) for key in keys]


def shortcut_groups() -> dict[str, list[tuple[str, str]]]:
    """Return key and meaning of every command that has a key, by menu."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for command in COMMANDS:
        for key in key_texts(command):
            title = command.menu.value.replace("&", "")
            groups.setdefault(title, []).append((key, command.plain_text))
    return groups
