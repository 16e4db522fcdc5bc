"""Closing spectra, which can be undone as long as they fit into the memory that is kept for it."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from spectracnn.core.bulk import without_collection
from spectracnn.gui.workspace.changes import Change

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QUndoStack

    from spectracnn.gui.workspace.open_document import OpenDocument
    from spectracnn.state.entry import Entry
    from spectracnn.state.selection import Selection

KEPT_BYTES = 256 << 20
"""Of closed spectra that can be brought back; a spectrum of 1,000 eigenvalues has 8 kB."""


class Closed(Change):
    """Spectra that were closed, and are put back by undo until they are let go.

    Parameters
    ----------
    workspace : OpenDocument
        From where.
    gesture : int
        One of its own.
    gone : list of (int, Entry)
        Rows and entries.
    selection : Selection
        What was chosen before.
    """

    def __init__(
        self,
        workspace: OpenDocument,
        gesture: int,
        gone: list[tuple[int, Entry]],
        selection: Selection,
    ) -> None:
        name = gone[0][1].spectrum.name if len(gone) == 1 else f"{len(gone)} spectra"
        super().__init__(f"close {name}", gesture, self._apply_to_workspace, False, True)
        self._workspace, self._selection = workspace, selection
        # Twins: what was computed of the spectra themselves goes with them.
        self._gone = [(row, _twin(entry)) for row, entry in gone]
        self._ids = {entry.id for _, entry in gone}
        self.bytes = sum(_size(entry) for _, entry in gone)

    def _apply_to_workspace(self, removed: object) -> None:
        with without_collection():
            if removed:
                self._workspace.remove(self._ids)
            else:
                self._workspace.put_back(self._gone, self._selection)

    def let_go(self) -> None:
        """Free the spectra; from here on the step does nothing, and the history passes over it."""
        self._gone, self.bytes = [], 0
        self.setText(f"{self.text()} (no longer in memory)")
        self.setObsolete(True)


def close(workspace: OpenDocument, stack: QUndoStack, gesture: int, ids: Iterable[int]) -> int:
    """Close spectra, let go of those that were closed long ago, and return how many were closed."""
    document, selection = workspace.document, workspace.selection
    chosen = {item for item in ids if item in document.rows}
    if not chosen:
        return 0
    with without_collection():
        gone = [(row, e) for row, e in enumerate(document.entries) if e.id in chosen]
        stack.push(Closed(workspace, gesture, gone, selection))
    _let_go_of_the_oldest(stack)
    return len(chosen)


def _let_go_of_the_oldest(stack: QUndoStack) -> None:
    kept = 0
    for place in reversed(range(stack.count())):
        command = stack.command(place)
        if isinstance(command, Closed):
            kept += command.bytes
            if kept > KEPT_BYTES:
                command.let_go()


def _twin(entry: Entry) -> Entry:
    if entry.original is None and not entry.spectrum.held_bytes:
        return entry
    original = None if entry.original is None else copy(entry.original)
    return replace(entry, spectrum=copy(entry.spectrum), original=original)


def _size(entry: Entry) -> int:
    spectra = [entry.spectrum] if entry.original is None else [entry.spectrum, entry.original]
    return sum(spectrum.held_bytes for spectrum in spectra)
