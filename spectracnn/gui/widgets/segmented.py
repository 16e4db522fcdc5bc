"""A row of joined buttons of which exactly one is down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from spectracnn.gui.widgets.buttons import tool_button

if TYPE_CHECKING:
    from collections.abc import Sequence


class SegmentedControl(QWidget):
    """Choose one of a few words.

    Parameters
    ----------
    choices : sequence of str
        In order from the left.
    name : str
        Accessible name of the group.
    slim : bool
        Low enough for a title line.
    """

    chosen = Signal(int)

    def __init__(
        self,
        choices: Sequence[str],
        name: str,
        *,
        slim: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        for index, text in enumerate(choices):
            button = tool_button(text, f"{name}: {text}", checkable=True)
            button.setProperty("segment", True)
            button.setProperty("slim", slim)
            place = {0: "first", len(choices) - 1: "last"}.get(index, "middle")
            button.setProperty("place", place)
            self._group.addButton(button, index)
            layout.addWidget(button)
        self._group.idClicked.connect(self._on_group_clicked)

    @property
    def index(self) -> int:
        """Which button is down; -1 for none."""
        return self._group.checkedId()

    def set_index(self, index: int) -> None:
        """Press a button without telling anyone."""
        button = self._group.button(index)
        if button is not None and not button.isChecked():
            button.setChecked(True)

    def _on_group_clicked(self, index: int) -> None:
        self.chosen.emit(index)
