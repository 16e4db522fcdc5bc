"""One step of the history: there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from collections.abc import Callable


class Change(QUndoCommand):
    """One step there and back; steps of one gesture are one step.

    Parameters
    ----------
    text : str
        For the history.
    gesture : int
        Which gesture it belongs to.
    apply : callable
        Brings about one of the two states.
    before, after : object
        The states.
    """

    def __init__(
        self,
        text: str,
        gesture: int,
        apply: Callable[[object], None],
        before: object,
        after: object,
    ) -> None:
        super().__init__(text)
        self._gesture, self._apply = gesture, apply
        self.before, self.after = before, after

    def id(self) -> int:
        return self._gesture

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, Change) or other.id() != self.id():
            return False
        self.after = other.after
        self.setText(other.text())
        return True

    def redo(self) -> None:
        self._apply(self.after)

    def undo(self) -> None:
        self._apply(self.before)
