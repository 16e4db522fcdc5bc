"""Opening: files to the reader, and what it reads to the workspace, with what is to be said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from spectracnn.gui.messages import Message, Severity, summary
from spectracnn.gui.window.message_actions import PARTICIPANTS
from spectracnn.state.sessions import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QMainWindow

    from spectracnn.gui.window.commands.scope import Scope
    from spectracnn.gui.window.held_back import HeldBack
    from spectracnn.gui.window.recent_menus import RecentMenus
    from spectracnn.gui.workspace.reading import ReadBatch

_FILES = "files"
_MOST_SELECTED = 1000
"""Of what was opened; who wants all of thousands selects them."""


class FileOpening(QObject):
    """Adds what was read to the table, and says what could not be read.

    Parameters
    ----------
    scope : Scope
        The parts of the window.
    recent_menus : RecentMenus
        Are brought up to date.
    held_back : HeldBack
        Adds to the table what is a spectrum.
    window : QMainWindow
        Parent of the dialog about tables.
    """

    def __init__(
        self,
        scope: Scope,
        recent_menus: RecentMenus,
        held_back: HeldBack,
        window: QMainWindow,
    ) -> None:
        super().__init__(window)
        self._held_back = held_back
        self._scope, self._recent_menus, self._window = scope, recent_menus, window
        self._failures: list[str] = []
        self._notes: list[str] = []
        self._read: list[Path] = []
        self._tables: list[Path] = []
        self._added: list[int] = []
        self._filling = False
        scope.reader.batchRead.connect(self._on_reader_batchRead)
        scope.reader.jobFinished.connect(self._on_reader_jobFinished)
        scope.session.watch_reader()

    def open(self, paths: Sequence[Path]) -> None:
        """Open spectrum files, folders, models, or a workspace file."""
        workspaces = [path for path in paths if path.suffix.lower() == SUFFIX]
        if workspaces:
            self._scope.session.open(workspaces[0])
        others = [path for path in paths if path not in workspaces]
        if others:
            self._scope.reader.open(others)

    def preview_import(self, path: Path) -> None:
        """Let the person choose which way a table is read, and read it so."""
        from spectracnn.gui.dialogs.import_table.import_preview import ImportPreview

        dialog = ImportPreview(path, self._scope.themes.theme, self._window)
        if dialog.exec():
            workspace = self._scope.workspace
            old = [e.id for e in workspace.document.entries if e.spectrum.source == path]
            workspace.remove(old)
            self._scope.reader.open([path], orientation=dialog.orientation)

    @Slot(object)
    def _on_reader_batchRead(self, batch: ReadBatch) -> None:
        known = len(self._scope.workspace.document.entries)
        self._held_back.add(batch.spectra, wanted=self._scope.session.opening)
        self._note_added(known)
        self._failures += batch.failures
        self._notes += batch.notes
        self._read += batch.read
        self._tables += batch.tables
        for path in batch.models:
            self._scope.inference.open_model(str(path))
        if batch.total:
            self._scope.ui.status.set_task("Reading", batch.done, batch.total)
        for path, assumed in batch.ambiguous:
            text = f"{path.name}: rows or columns could be the spectra; {assumed} were assumed."
            self._scope.report(Message(text), f"preview:{path}", "Preview\u2026")

    def _note_added(self, known: int) -> None:
        """Show the first of the rows that came to a table which had some already."""
        added = [entry.id for entry in self._scope.workspace.document.entries[known:]]
        # What goes on arriving in a table that was empty belongs to its first spectrum.
        self._filling = self._filling or (not known and bool(added))
        if not self._filling and added:
            if not self._added:
                self._scope.workspace.set_current(added[0])
            self._added += added

    def _select_added(self) -> None:
        """Select what was opened, unless the person has gone elsewhere meanwhile."""
        added, self._added = self._added, []
        if added and self._scope.workspace.selection.current == added[0]:
            self._scope.ui.table.select(added[:_MOST_SELECTED])

    @Slot(bool)
    def _on_reader_jobFinished(self, _cancelled: bool) -> None:
        if not self._scope.reader.busy:
            self._scope.ui.status.set_task("Reading", 0, 0)
        self._filling = False
        self._select_added()
        if self._read and not self._failures:
            self._scope.ui.message_bar.forget(_FILES)
        for message in (
            summary(self._failures, "files could not be read", topic=_FILES),
            summary(self._notes, "remarks on the files", Severity.NOTE),
        ):
            if message is not None:
                self._scope.report(message)
        self._held_back.report()
        self._offer_table()
        self._scope.settings.remember(self._read)
        self._recent_menus.refresh()
        self._scope.ui.welcome.show_recent(self._scope.settings.recent)
        self._failures, self._notes, self._read = [], [], []

    def preview_participants(self, path: Path) -> None:
        """Show what a table of participants has to do with the open spectra, and take it."""
        from spectracnn.gui.dialogs.participants import ParticipantsDialog

        workspace = self._scope.workspace
        dialog = ParticipantsDialog(path, workspace.document.entries, self._window)
        if dialog.exec() and dialog.participants is not None:
            workspace.set_participants(dialog.participants)

    def _offer_table(self) -> None:
        """Offer the table of participants that came with what was opened."""
        tables, self._tables = self._tables, []
        open_table = self._scope.workspace.document.participants
        if not tables or (open_table is not None and open_table.table.path in tables):
            return
        text = f"{tables[0].name} says who is who: labels and covariates can stand beside."
        message = Message(text, severity=Severity.NOTE)
        self._scope.report(message, f"{PARTICIPANTS}:{tables[0]}", "Preview\u2026")
