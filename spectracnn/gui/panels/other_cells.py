"""Cells of the table for the models that are open beside the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor

from spectracnn.gui.theme import DARK, LIGHT
from spectracnn.view.table import disagrees, predicted_class, probability

if TYPE_CHECKING:
    from spectracnn.core.trace import ModelDescription
    from spectracnn.state.document import Document, Entry
    from spectracnn.state.others import OtherModel

SORT_ROLE = Qt.ItemDataRole.UserRole


class OtherCells:
    """Says what stands in a pair of columns: the other model's class, and its probability.

    Attributes
    ----------
    dark : bool
        Whether the theme is.
    """

    dark = False

    def heading(self, model: ModelDescription, is_class: bool, role: int) -> Any:
        """Return what the column's heading says."""
        if role == Qt.ItemDataRole.DisplayRole:
            return model.name if is_class else "p"
        if role == Qt.ItemDataRole.ToolTipRole:
            what = "Class" if is_class else "Probability of the class"
            return f"{what} predicted by {model.name}\n{model.path}"
        return None

    def data(
        self, document: Document, entry: Entry, other: OtherModel, is_class: bool, role: int
    ) -> Any:
        """Return a cell's data; nothing while this model has not said anything of this entry."""
        answer = other.answer(entry)
        if role == Qt.ItemDataRole.TextAlignmentRole and not is_class:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        classes = other.model.classes
        share = None if answer is None else probability(answer)
        if role == SORT_ROLE and not is_class:
            return share or -1.0
        if answer is None:
            return "" if role == SORT_ROLE else None
        if role == SORT_ROLE:
            return predicted_class(answer, classes).casefold()
        if role == Qt.ItemDataRole.DisplayRole:
            if is_class:
                return predicted_class(answer, classes)
            return "" if share is None else f"{share:.2f}"
        mine = document.model.classes if document.model else ()
        differs = disagrees(entry, mine, answer, classes)
        if role == Qt.ItemDataRole.ToolTipRole:
            note = "Another class than the current model's." if differs else ""
            return answer.refusal or note
        if role == Qt.ItemDataRole.ForegroundRole and differs:
            return QBrush(QColor((DARK if self.dark else LIGHT).warning))
        return None
