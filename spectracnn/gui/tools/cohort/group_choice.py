"""Chooses a column, and one or two of its groups."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from spectracnn.errors import StudyError
from spectracnn.gui.tools.cohort.page import fill_box, labelled
from spectracnn.gui.widgets.background import Background
from spectracnn.view.cohort.columns import group_names
from spectracnn.view.cohort.membership import (
    EVERYBODY,
    OTHERS,
    PREDICTED,
    group_codes,
    member_ids,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from spectracnn.gui.tools.chosen import Chosen
    from spectracnn.state.document import Document


class GroupChoice(QObject):
    """Boxes in a row; the groups are those of a column, or of what the network says.

    Parameters
    ----------
    head : QHBoxLayout
        Where the boxes go.
    two : bool
        Whether two groups are chosen; else one, or everybody.

    Signals
    -------
    changed : ()
    """

    changed = Signal()

    def __init__(self, head: QHBoxLayout, two: bool, parent: QObject) -> None:
        super().__init__(parent)
        self._two = two
        self._groups = ("first", "second") if two else ("first",)
        self._document: Document | None = None
        self._codes: NDArray[np.int64] = np.zeros(0, np.int64)
        self._levels: tuple[str, ...] = ()
        self._key: object = None
        self._chosen: Chosen | None = None
        self._names = Background(self._receive_names, self)
        self.column_box, self.first_box, self.second_box = QComboBox(), QComboBox(), QComboBox()
        for box, name in (
            (self.column_box, "Column of the groups"),
            (self.first_box, "Group"),
            (self.second_box, "Group that is subtracted"),
        ):
            box.setToolTip(name)
            box.setAccessibleName(name)
            box.setMinimumWidth(110)
            box.setMaximumWidth(200)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        labelled(head, "Groups of", self.column_box)
        head.addWidget(self.first_box)
        if two:
            labelled(head, "minus", self.second_box)
        self.column_box.activated.connect(self._on_column_box_activated)
        self.first_box.activated.connect(self.changed)
        self.second_box.activated.connect(self.changed)

    def bind(self, chosen: Chosen) -> None:
        """Keep in a record what is chosen here."""
        self._chosen = chosen
        box = self.column_box
        chosen.bind_by(
            "column",
            box,
            box.activated,
            box.currentText,
            self._show_column,
            "column",
            resets=self._groups,
        )
        chosen.bind_text("first", self.first_box, "group")
        if self._two:
            chosen.bind_text("second", self.second_box, "other group", self._usual_second)

    def _show_column(self, name: str | None) -> None:
        place = 0 if name is None else self.column_box.findText(name)
        if place >= 0 and self.column_box.count():
            self.column_box.setCurrentIndex(place)
            self._offer_levels()

    def _usual_second(self) -> str:
        """Return the first group that is not the one before "minus"."""
        box = self.second_box
        names = [box.itemText(place) for place in range(box.count())]
        return next((name for name in names if name != self.first_box.currentText()), "")

    def offer(self, document: Document) -> None:
        """Bring the boxes up to date; columns are looked for in a thread."""
        self._document = document
        key = (len(document.entries), id(document.participants), document.opened)
        if key != self._key and document.entries:
            self._key = key
            self._names.run(partial(group_names, document))

    def refresh(self, document: Document) -> None:
        """Look at who is in the groups now: predictions may have come since."""
        self._document = document
        self._offer_levels()

    def _receive_names(self, names: tuple[str, ...]) -> None:
        model = self._document.model if self._document is not None else None
        own = (PREDICTED,) if model is not None and not model.reading.is_values else ()
        fill_box(self.column_box, (*names, *own))
        self._offer_levels()
        if self._chosen is not None:
            self._chosen.show("column", *self._groups)

    def _offer_levels(self) -> None:
        document, name = self._document, self.column_box.currentText()
        if document is None or not name:
            return
        try:
            self._codes, self._levels = group_codes(document, name)
        except StudyError:
            self._codes, self._levels = np.zeros(0, np.int64), ()
        counts = np.bincount(self._codes[self._codes >= 0], minlength=len(self._levels))
        names = [level for level, count in zip(self._levels, counts, strict=True) if count]
        fill_box(self.first_box, names if self._two else [*names, EVERYBODY])
        fill_box(self.second_box, [*names, OTHERS])
        if self._two and self.first_box.currentText() == self.second_box.currentText():
            self.second_box.setCurrentText(self._usual_second())

    @property
    def column(self) -> str:
        """The column that is chosen."""
        return self.column_box.currentText()

    @property
    def names(self) -> tuple[str, str]:
        """The groups that are chosen."""
        return self.first_box.currentText(), self.second_box.currentText()

    def ids(self, which: int) -> tuple[int, ...]:
        """Return the entries of the first or the second group."""
        if self._document is None:
            return ()
        name, first = self.names[which], self.names[0]
        return member_ids(self._document, (self._codes, self._levels), name, first)

    @Slot(int)
    def _on_column_box_activated(self, _place: int) -> None:
        self._offer_levels()
        self.changed.emit()
