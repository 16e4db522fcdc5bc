"""A box to choose one side of a comparison: a spectrum, or a group whose mean is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from spectracnn.view.groups import Side, groups, single

if TYPE_CHECKING:
    from spectracnn.state.document import Document
    from spectracnn.state.selection import Selection

_MOST_LISTED = 500


class SideBox(QComboBox):
    """Offers spectra, then groups.

    Signals
    -------
    chosen : ()
        By the person.
    """

    chosen = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMinimumWidth(180)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._sides: list[Side | None] = []
        self.activated.connect(self._on_activated)

    def offer(self, document: Document, selection: Selection) -> None:
        """List what there is; the choice stays where it can."""
        before = self.side
        self.clear()
        self._sides = []
        for entry in document.entries[:_MOST_LISTED]:
            self._add(single(entry), entry.spectrum.name)
        found = groups(document, selection)
        if found:
            self.insertSeparator(self.count())
            self._sides.append(None)
        for side in found:
            self._add(side, f"mean of {side.name} ({len(side.ids)})")
        if before is not None and not self.choose(before):
            self.setCurrentIndex(-1)  # it is gone: nothing else was chosen instead

    def _add(self, side: Side, text: str) -> None:
        self.addItem(text)
        self._sides.append(side)

    @property
    def side(self) -> Side | None:
        """What is chosen."""
        place = self.currentIndex()
        return self._sides[place] if 0 <= place < len(self._sides) else None

    def choose(self, side: Side) -> bool:
        """Choose this one, whatever it is called by now; return whether it is there."""
        return self.choose_key(side.key)

    def choose_key(self, key: str) -> bool:
        """Choose the side of this key; return whether it is there."""
        for place, known in enumerate(self._sides):
            if known is not None and known.key == key:
                self.setCurrentIndex(place)
                return True
        return False

    def _on_activated(self, _place: int) -> None:
        self.chosen.emit()
