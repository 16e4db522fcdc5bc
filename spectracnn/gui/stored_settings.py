"""The settings file as a whole: set aside when it cannot be read, emptied when asked."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from spectracnn.gui.messages import Message

_TEXT_SUFFIXES = {".conf", ".ini"}


def set_aside_corrupt() -> Message | None:
    """Put a settings file that cannot be read beside itself, and return a note about it.

    To be called before anything else reads settings. The registry of Windows and the property lists
    of macOS are kept by the system, which sees to it.
    """
    store = QSettings()
    path = Path(store.fileName())
    if path.suffix not in _TEXT_SUFFIXES or not path.is_file():
        return None
    # Qt takes the zeros that a power cut leaves for an empty file.
    if store.status() is not QSettings.Status.FormatError and b"\0" not in path.read_bytes():
        return None
    aside = _free_name(path)
    try:
        path.replace(aside)
    except OSError:
        return Message(f"The settings in {path} could not be read.", "They start afresh.")
    store.clear()  # Qt keeps what it has read of a file by its name
    store.sync()
    return Message(
        "The settings could not be read and start afresh.", f"The old ones are in {aside}."
    )


def reset() -> Message:
    """Forget everything that is stored, and return a note about it."""
    store = QSettings()
    store.clear()
    store.sync()
    return Message("All settings are as at the first start.")


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.unreadable-{number}")).exists():
        number += 1
    return aside
