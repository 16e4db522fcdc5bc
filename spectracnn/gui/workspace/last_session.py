"""Keeps what is open in a file of its own, so that the next start can go on where this one ends."""

from __future__ import annotations

import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path
from PySide6.QtCore import QLockFile, QObject, QTimer, Signal, Slot

from spectracnn.errors import SpectraCNNError
from spectracnn.gui.messages import Message, Severity
from spectracnn.gui.widgets.background import Background
from spectracnn.state.sessions import (
    SUFFIX,
    read_workspace,
    saved_workspace,
    workspace_text,
    write_text,
)

if TYPE_CHECKING:
    from concurrent.futures import Future

    from spectracnn.gui.workspace.workspace import Workspace
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection
    from spectracnn.state.tools import ToolChoices

_KEPT = 5
"""Sessions; each run has a file of its own, so that none overwrites what another left."""
_PAUSE_MS = 3000
_REST = 20.0
"""Between two writings, in multiples of the time that the last one took."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PastSession:
    """A session of an earlier run.

    Parameters
    ----------
    path : Path
        Its workspace file.
    words : str
        What was open, in a line.
    """

    path: Path
    words: str


def sessions_folder() -> Path:
    """Return where sessions are kept."""
    return user_state_path("SpectraCNN", appauthor=False) / "sessions"


class LastSession(QObject):
    """Writes the session of this run, and finds the one of the run before.

    What is written is a workspace file, whole or not at all, in a thread; spectra are named and
    not copied, unless they have no file. A session without spectra is not written.

    Parameters
    ----------
    workspace : Workspace
        What is open.
    folder : Path, optional
        Where sessions are kept; `sessions_folder` if not given.

    Signals
    -------
    found : PastSession
        There is a session to go on with.
    messageRaised : Message
        This session cannot be kept.
    """

    found = Signal(object)
    messageRaised = Signal(object)

    def __init__(
        self, workspace: Workspace, folder: Path | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._folder = sessions_folder() if folder is None else folder
        self._path = self._folder / f"{datetime.now():%Y-%m-%d-%H%M%S}-{os.getpid()}{SUFFIX}"
        self._lock = _lock(self._path)
        self._looking = Background(self._receive_past, self)
        self._writer = ThreadPoolExecutor(1, "session")
        self._writing: Future[tuple[str, float]] | None = None
        self._text = ""
        self._seen: tuple[object, ...] = ()
        self._silent = False
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        for signal in (workspace.contentsChanged, workspace.entriesReset, workspace.choicesChanged):
            signal.connect(self._on_workspace_changed)

    def look(self) -> None:
        """Look for the last session of an earlier run, in a thread."""
        self._looking.run(lambda: last_session(self._folder))

    def close(self) -> None:
        """Write what is not written yet, and end."""
        waiting = self._timer.isActive() or self._writing is not None
        self._timer.stop()
        self._receive_written(wait=True)
        if waiting:
            self._write()
            self._receive_written(wait=True)
        self._writer.shutdown()
        self._lock.unlock()

    # --- within ------------------------------------------------------------------------------

    def _receive_past(self, past: PastSession | None) -> None:
        if past is not None:
            self.found.emit(past)

    @Slot()
    def _on_workspace_changed(self) -> None:
        workspace = self._workspace
        # A move of the pointer is no change; the rest is compared by what is written.
        selection = replace(workspace.selection, hovered=None)
        seen = (workspace.document, selection, workspace.choices)
        if seen != self._seen:
            self._seen = seen
            if not self._timer.isActive():
                self._timer.start()

    @Slot()
    def _on_timer_timeout(self) -> None:
        if self._writing is not None and not self._writing.done():
            self._timer.start()
            return
        self._receive_written(wait=False)
        self._write()

    def _write(self) -> None:
        workspace = self._workspace
        if not workspace.document.entries:
            return  # whoever closes all spectra may still want to go on with them
        if not self._lock.isLocked():
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.tryLock(0)
        state = (workspace.document, workspace.selection, workspace.choices)
        self._writing = self._writer.submit(_written, self._path, self._text, *state)

    def _receive_written(self, *, wait: bool) -> None:
        writing = self._writing
        if writing is None or not (wait or writing.done()):
            return
        self._writing = None
        try:
            self._text, seconds = writing.result()
        except (SpectraCNNError, OSError) as error:
            if not self._silent:
                self._silent = True
                sentence = "This session cannot be kept for the next start."
                message = Message(sentence, str(error), severity=Severity.NOTE)
                self.messageRaised.emit(message)
        else:
            self._timer.setInterval(max(_PAUSE_MS, round(1000 * _REST * seconds)))


def _written(
    path: Path, before: str, document: Document, selection: Selection, choices: ToolChoices
) -> tuple[str, float]:
    """Write a session if it is another than before; return its text and the time it took."""
    began = time.thread_time()
    text = workspace_text(saved_workspace(document, selection, choices), path.parent)
    if text != before or not path.exists():
        write_text(text, path)
        _forget_old(path)
    return text, time.thread_time() - began


def _forget_old(own: Path) -> None:
    for path in _past(own.parent)[_KEPT:]:
        if path != own and _is_free(path):
            with suppress(OSError):
                path.unlink()


def last_session(folder: Path) -> PastSession | None:
    """Return the newest session that no other window is still writing; None if there is none."""
    for path in _past(folder):
        if not _is_free(path):
            continue
        try:
            saved = read_workspace(path)
        except SpectraCNNError as error:
            log.warning("a past session cannot be read: %s", error)
            continue
        count = len(saved.entries)
        spectra = "1 spectrum" if count == 1 else f"{count:,} spectra"
        model = "" if saved.model is None else f", {Path(saved.model.path).stem}"
        when = datetime.fromtimestamp(path.stat().st_mtime)
        return PastSession(path, f"{spectra}{model}, {when:%d %B %Y, %H:%M}")
    return None


def _past(folder: Path) -> list[Path]:
    """Return the files of sessions, the newest first."""
    return sorted(folder.glob(f"*{SUFFIX}"), reverse=True)


def _lock(path: Path) -> QLockFile:
    lock = QLockFile(f"{path}.lock")
    lock.setStaleLockTime(0)  # however old: it counts as long as its process lives
    return lock


def _is_free(path: Path) -> bool:
    """Tell whether no running window writes this session."""
    lock = _lock(path)
    free = lock.tryLock(0)
    if free:
        lock.unlock()
    return free
