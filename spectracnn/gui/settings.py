"""What is remembered from one run to the next."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings

from spectracnn.core.journal import JOURNAL_MM
from spectracnn.core.restoring import plain, restored
from spectracnn.gui.theme import ThemeChoice
from spectracnn.resources import resource_root
from spectracnn.state.lessons import LessonProgress

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QByteArray

VERSION = 2
_KEY = "settings"
_KEYS_1 = (
    "theme",
    "single_window",
    "toolbar",
    "model_limits",
    "recent",
    "folder",
    "export",
    "lessons",
)
_MOST_RECENT = 12


class AtStart(StrEnum):
    """What a start without files does about the session before."""

    OFFER = "offer to continue the last session"
    CONTINUE = "continue the last session"
    NOTHING = "begin with nothing"


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

    memory_gib: int | None = field(default=6, metadata={"allowed": range(1, 1 << 31)})
    seconds: int | None = field(default=120, metadata={"allowed": range(1, 1 << 31)})


@dataclass(frozen=True)
class StoredSettings:
    """Everything that is remembered, but for the places of windows, which Qt writes itself.

    Parameters
    ----------
    theme : ThemeChoice
        Light, dark, or as the system.
    single_window : bool
        Whether a second launch hands its files to the window that is open.
    toolbar : bool
        Whether the toolbar is shown.
    model_limits : ModelLimits
        What opening a model may take.
    recent : tuple of str
        Recently opened files, newest first.
    folder : str
        The folder of the last file dialog.
    export : dict
        An `ExportChoice`, which is restored where exports are made; empty before the first.
    lessons : LessonProgress
        How far a person is with the lessons.
    set_level : int
        How often prediction sets shall hold the truth, in per cent.
    at_start : AtStart
        What a start without files does about the session before.
    view_width : int
        How wide figures of the views of the Explain menu are, in millimetres; 0 for the usual.
    """

    theme: ThemeChoice = ThemeChoice.SYSTEM
    single_window: bool = True
    toolbar: bool = True
    model_limits: ModelLimits = field(default_factory=ModelLimits)
    recent: tuple[str, ...] = ()
    folder: str = ""
    export: dict = field(default_factory=dict)
    lessons: LessonProgress = field(default_factory=LessonProgress)
    set_level: int = field(default=90, metadata={"allowed": range(50, 100)})
    at_start: AtStart = AtStart.OFFER
    view_width: int = field(default=0, metadata={"allowed": (0, *JOURNAL_MM.values())})


class Settings:
    """The stored settings: one record of JSON with a version.

    Anything unreadable has its default. Version 1 had a key of Qt's for each; its values are read
    until the record is first written.
    """

    def __init__(self) -> None:
        self._store = QSettings()
        self._last: tuple[object, StoredSettings] | None = None

    @property
    def record(self) -> StoredSettings:
        """All settings as they are now."""
        text = self._store.value(_KEY)
        if text is None:
            return restored(StoredSettings, self._version_1())
        # Commands look here at each change of the window: the same text is the same record.
        if self._last is None or self._last[0] != text:
            self._last = text, restored(StoredSettings, _json(text))
        return self._last[1]

    def change(self, **changes: Any) -> None:
        """Store other values of some of the fields of `StoredSettings`."""
        record = plain(replace(self.record, **changes))
        self._store.setValue(_KEY, json.dumps({"version": VERSION, **record}))
        for key in _KEYS_1:
            self._store.remove(key)

    def _version_1(self) -> dict[str, Any]:
        """Return what version 1 stored, in the form of the present record."""
        values = {key: self._store.value(key) for key in _KEYS_1}
        for key in ("single_window", "toolbar"):
            values[key] = str(values[key]).lower() != "false"
        for key in ("model_limits", "export", "lessons"):
            values[key] = _json(values[key])
        # Some of Qt's formats store a list of one as a plain text.
        recent = values["recent"]
        values["recent"] = [recent] if isinstance(recent, str) else recent
        return values

    @property
    def theme(self) -> ThemeChoice:
        """Light, dark, or as the system."""
        return self.record.theme

    @theme.setter
    def theme(self, choice: ThemeChoice) -> None:
        self.change(theme=choice)

    @property
    def single_window(self) -> bool:
        """Whether a second launch hands its files to the window that is open."""
        return self.record.single_window

    @single_window.setter
    def single_window(self, wanted: bool) -> None:
        self.change(single_window=wanted)

    @property
    def view_width(self) -> int:
        """How wide figures of views are, in millimetres; 0 for the usual."""
        return self.record.view_width

    @view_width.setter
    def view_width(self, width: int) -> None:
        self.change(view_width=width)

    @property
    def toolbar(self) -> bool:
        """Whether the toolbar is shown."""
        return self.record.toolbar

    @toolbar.setter
    def toolbar(self, wanted: bool) -> None:
        self.change(toolbar=wanted)

    @property
    def model_limits(self) -> ModelLimits:
        """What opening a model may take."""
        return self.record.model_limits

    @model_limits.setter
    def model_limits(self, limits: ModelLimits) -> None:
        self.change(model_limits=limits)

    @property
    def at_start(self) -> AtStart:
        """What a start without files does about the session before."""
        return self.record.at_start

    @at_start.setter
    def at_start(self, wanted: AtStart) -> None:
        self.change(at_start=wanted)

    @property
    def set_level(self) -> float:
        """How often prediction sets shall hold the truth."""
        return self.record.set_level / 100

    @set_level.setter
    def set_level(self, level: float) -> None:
        self.change(set_level=round(100 * level))

    @property
    def recent(self) -> list[Path]:
        """Recently opened files that still exist, newest first."""
        return [path for path in map(Path, self.record.recent) if path.exists()]

    def remember(self, paths: Iterable[Path]) -> None:
        """Put files at the top of the recent ones; the bundled ones have a menu of their own."""
        bundled = resource_root().resolve()
        newest: list[str] = []
        for path in reversed(list(paths)):  # of thousands only the last are looked at
            if len(newest) == _MOST_RECENT:
                break
            if bundled not in path.resolve().parents:
                newest.append(str(path.absolute()))
        older = [str(path) for path in self.recent if str(path) not in newest]
        self.change(recent=tuple((newest + older)[:_MOST_RECENT]))

    def forget_recent(self) -> None:
        """Empty the list of recent files."""
        self.change(recent=())

    def load_bytes(self, key: str) -> QByteArray | None:
        """Return stored bytes, such as a window's geometry."""
        value = self._store.value(key)
        return value if value is not None and hasattr(value, "toBase64") else None

    def save_bytes(self, key: str, value: QByteArray) -> None:
        """Store bytes."""
        self._store.setValue(key, value)

    @property
    def folder(self) -> str:
        """The folder of the last file dialog."""
        return self.record.folder

    @folder.setter
    def folder(self, path: str) -> None:
        self.change(folder=path)

    @property
    def export(self) -> dict[str, Any]:
        """What was chosen for the last export; empty before the first."""
        return self.record.export

    @export.setter
    def export(self, choice: dict[str, Any]) -> None:
        self.change(export=choice)

    @property
    def lessons(self) -> LessonProgress:
        """How far a person is with the lessons."""
        return self.record.lessons

    @lessons.setter
    def lessons(self, progress: LessonProgress) -> None:
        self.change(lessons=progress)


def _json(text: object) -> Any:
    try:
        return json.loads(str(text))
    except ValueError:
        return None
