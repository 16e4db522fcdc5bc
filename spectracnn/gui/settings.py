"""What is remembered from one run to the next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings

from spectracnn.gui.theme import ThemeChoice
from spectracnn.resources import resource_root

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QByteArray

_MOST_RECENT = 12


@dataclass(frozen=True)
class ModelLimits:
    """What opening a model may take; None is no limit.

    Parameters
    ----------
    memory_gib : int or None
        Beyond what Keras itself takes, in GiB.
    seconds : int or None
        From when the engine begins to read the file.
    """

    memory_gib: int | None = 6
    seconds: int | None = 120


class Settings:
    """Typed access to the stored settings; anything unreadable falls back to its default."""

    def __init__(self) -> None:
        self._store = QSettings()

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or as the system."""
        try:
            return ThemeChoice(str(self._store.value("theme", ThemeChoice.SYSTEM.value)))
        except ValueError:
            return ThemeChoice.SYSTEM

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self._store.setValue("theme", choice.value)

    @property
    def single_window(self) -> bool:
        """Whether a second launch hands its files to the window that is open."""
        return str(self._store.value("single_window", "true")).lower() != "false"

    @single_window.setter
    def single_window(self, wanted: bool) -> None:
        self._store.setValue("single_window", wanted)

    @property
    def toolbar(self) -> bool:
        """Whether the toolbar is shown."""
        return str(self._store.value("toolbar", "true")).lower() != "false"

    @toolbar.setter
    def toolbar(self, wanted: bool) -> None:
        self._store.setValue("toolbar", wanted)

    @property
    def model_limits(self) -> ModelLimits:
        """What opening a model may take."""
        record, default = self.load_record("model_limits"), ModelLimits()
        values = {}
        for name in ("memory_gib", "seconds"):
            value = record.get(name, getattr(default, name))
            whole = isinstance(value, int) and not isinstance(value, bool) and value > 0
            values[name] = value if value is None or whole else getattr(default, name)
        return ModelLimits(**values)

    @model_limits.setter
    def model_limits(self, limits: ModelLimits) -> None:
        self.save_record("model_limits", asdict(limits))

    @property
    def recent(self) -> list[Path]:
        """Recently opened files that still exist, newest first."""
        stored = self._store.value("recent", [])
        texts = [stored] if isinstance(stored, str) else stored
        if not isinstance(texts, list):
            return []
        return [Path(text) for text in texts if isinstance(text, str) and Path(text).exists()]

    def remember(self, paths: Iterable[Path]) -> None:
        """Put files at the top of the recent ones; the bundled ones have a menu of their own."""
        bundled = resource_root().resolve()
        own = [path.absolute() for path in paths if bundled not in path.resolve().parents]
        newest = [str(path) for path in own][-_MOST_RECENT:][::-1]
        older = [str(path) for path in self.recent if str(path) not in newest]
        self._store.setValue("recent", (newest + older)[:_MOST_RECENT])

    def forget_recent(self) -> None:
        """Empty the list of recent files."""
        self._store.remove("recent")

    def load_bytes(self, key: str) -> QByteArray | None:
        """Return stored bytes, such as a window's geometry."""
        value = self._store.value(key)
        return value if value is not None and hasattr(value, "toBase64") else None

    def save_bytes(self, key: str, value: QByteArray) -> None:
        """Store bytes."""
        self._store.setValue(key, value)

    def load_record(self, key: str) -> dict[str, Any]:
        """Return a stored record; empty when there is none that can be read."""
        try:
            record = json.loads(str(self._store.value(key, "{}")))
        except ValueError:
            return {}
        return record if isinstance(record, dict) else {}

    def save_record(self, key: str, record: dict[str, Any]) -> None:
        """Store a record of plain JSON values."""
        self._store.setValue(key, json.dumps(record))

    @property
    def folder(self) -> str:
        """The folder of the last file dialog."""
        return str(self._store.value("folder", ""))

    @folder.setter
    def folder(self, path: str) -> None:
        self._store.setValue("folder", path)
