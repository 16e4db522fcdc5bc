"""Closing spectra, which can be undone as long as they fit into the memory that is kept for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spectracnn.core.bulk import without_collection
from spectracnn.gui.workspace.changes import Change
from spectracnn.state.removal import removal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QUndoStack

    from spectracnn.gui.workspace.open_document import OpenDocument
    from spectracnn.state.removal import Removal

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
    ids : set of int
        The entries, all of which are open.
    name : str
        Which they are, for the history.
    """

    def __init__(self, workspace: OpenDocument, gesture: int, ids: set[int], name: str) -> None:
        super().__init__(f"close {name}", gesture, self._apply_to_workspace, False, True)
        self._workspace, self._selection = workspace, workspace.selection
        self._ids = ids
        self._gone: Removal | None = None
        self.bytes = 0

    def _apply_to_workspace(self, removed: object) -> None:
        with without_collection():
            if removed:
                # Anew each time: meanwhile they were put back, and more was said of them.
                self._selection = self._workspace.selection
                self._gone = removal(self._workspace.document, self._ids)
                self.bytes = self._gone.held_bytes
                self._workspace.remove(self._ids)
            elif self._gone is not None:
                self._workspace.put_back(self._gone, self._selection)

    def let_go(self) -> None:
        """Free the spectra; from here on the step does nothing, and the history passes over it."""
        self._gone, self.bytes = None, 0
        self.setText(f"{self.text()} (no longer in memory)")
        self.setObsolete(True)


def close(workspace: OpenDocument, stack: QUndoStack, gesture: int, ids: Iterable[int]) -> int:
    """Close spectra, let go of those that were closed long ago, and return how many were closed."""
    document = workspace.document
    chosen = document.rows.keys() & set(ids)
    if not chosen:
        return 0
    first = document.entries[document.rows[next(iter(chosen))]]
    name = first.spectrum.name if len(chosen) == 1 else f"{len(chosen)} spectra"
    stack.push(Closed(workspace, gesture, chosen, name))
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
